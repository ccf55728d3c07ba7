"""Render the preview of an uploaded course: size, what changes for members, and how it will look."""

from collections.abc import Sequence

from discord import ButtonStyle, ui

from bot.core.course.changes import Proposal
from bot.core.course.course import Module
from bot.core.course.matching import Evidence
from bot.core.course.progress import Progress
from bot.store.server_course_rows import ServerCourse
from bot.study.course_drafts import CourseNews, CoursePreview
from bot.study.review_results import AskedCard
from bot.views import course as course_views
from bot.views import overview as overview_views
from bot.views import review as review_views
from bot.views.buttons import button, multi_select, option, select
from bot.views.course_changes import dry_run_text, proposal_text
from bot.views.layout import BUTTON, ROW, SECTION, Component, MessageView, State, escape, message_view, truncate
from bot.views.server_courses import links, size

PAGES = {"overview": "Overview", "paths": "Learning paths", "module": "A module", "question": "A question"}
MAX_PROPOSALS = 25
MAX_NOTES = 5


def preview(found: CoursePreview, notes: Sequence[str] = ()) -> ui.LayoutView:
    """Show what would be published when Publish is pressed."""
    course, number = found.course, found.draft.number
    replaces = found.draft.course is not None
    title = f"### Preview: {escape(course.code)}\n**{escape(course.title)}**"
    head = [title, size(found.content), links(found.hosts)]
    what = f"**Compared with version {found.draft.version}:** {found.summary}." if replaces else ""
    options = [
        option(truncate(proposal_text(each).replace("`", ""), 100), each.key, default=each.accepted)
        for each in guessed(found)
    ]
    guesses = "These parts seem to be the same as before. Deselect any that aren't." if options else ""
    same = {**multi_select("Same parts as before", options, "coursesame", number), "min_values": 0}
    pages = [option(label, page) for page, label in PAGES.items() if page != "question" or found.content.bank]
    return message_view(
        State.PROGRESS, "\n".join(filter(None, head)), "\n".join(filter(None, [what, effect(found)])),
        "\n".join([f"- {escape(truncate(note, 200))}" for note in notes[:MAX_NOTES]]), guesses,
        rows=[
            [same] if options else [],
            [select("See it as members will", pages, "courselook", number)],
            [
                button("Publish", "coursepublish", number, style=ButtonStyle.success),
                button("Cancel", "coursecancel", number),
            ],
        ],
    )  # fmt: skip


def guessed(found: CoursePreview) -> Sequence[Proposal]:
    """Return the proposals that the manager decides on, at most as many as a select has options."""
    listed = found.changes.proposals if found.changes else ()
    return [each for each in listed if each.evidence != (Evidence.LISTED,)][:MAX_PROPOSALS]


def effect(found: CoursePreview) -> str:
    """Say what a version does to members' progress, such as ``14 learners: nobody loses progress``."""
    return dry_run_text(found.run, found.changes) if found.run and found.changes else ""


def look(found: CoursePreview, page: str) -> ui.LayoutView:
    """A page of the course as members will see it, without its controls."""
    course, bank = found.course, found.content.bank
    progress = Progress(course, ())
    module = next((node for node in course.nodes.values() if isinstance(node, Module)), course.paths[0])
    match page:
        case "question" if bank:
            question = next(iter(bank.questions.values()))
            view = review_views.review(
                AskedCard(bank=bank, question=question, seed=0, position=1, goal=1, is_new=True, can_undo=False)
            )
        case "module":
            view = course_views.node(progress, module)
        case "paths":
            view = course_views.paths(progress)
        case _:
            view = overview_views.overview(course)
    return MessageView([_without_controls(each) for each in view.to_components()])


def published(course: ServerCourse, found: CoursePreview) -> ui.LayoutView:
    """Say that a draft was published, and what to do next."""
    text = effect(found) or "Members can study it now. Make it this server's course in </setup>."
    head = f"### ✅ {escape(course.code)} is published\n**Version {course.version}** · {size(found.content)}"
    return message_view(
        State.DONE, head, text,
        rows=[[
            button("Open", "servercourse", course.id, style=ButtonStyle.primary), button("Set up", "setup"),
            button("All courses", "servercourses"),
        ]],
    )  # fmt: skip


def news(found: Sequence[CourseNews]) -> ui.LayoutView:
    """Tell a learner that courses were changed."""
    lines = [
        f"**{escape(each.course.code)} was updated:** {escape(truncate(each.summary, 200))}." for each in found[:10]
    ]
    return message_view(State.PLAIN, "\n".join([*lines, "Everything you've completed is still saved."]))


def _without_controls(component: Component) -> Component:
    """Return a component without rows of buttons and selects."""
    inner = component.get("components")
    if not isinstance(inner, list):
        return component
    kept = [
        each["components"][0] if each["type"] == SECTION and each["accessory"]["type"] == BUTTON else each
        for each in inner
        if each["type"] != ROW
    ]
    return {**component, "components": [_without_controls(each) for each in kept]}
