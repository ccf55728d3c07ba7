"""Check every view of servers' courses against Discord's limits."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from bot.core.course.changes import ChangeKind, Changes, Proposal
from bot.core.course.course import Course
from bot.core.course.matching import Evidence
from bot.core.course.migration import DryRun
from bot.core.course.server_course import CODE_LENGTH, MAX_COURSES, CourseContent, CourseFiles
from bot.core.questions.bank import Bank
from bot.core.questions.bank_changes import compare_banks
from bot.store.course_drafts import Draft
from bot.store.server_course_rows import Origin, ServerCourse, Version
from bot.study.course_drafts import CourseNews, CoursePreview
from bot.views import course_preview as preview_views
from bot.views import server_courses as views
from bot.views.limits import form_faults, message_faults

_DATE = datetime(2026, 1, 1, tzinfo=UTC)
_MANY = 10**18
_ID, _HOST, _SUMMARY = "~abcdefghjk", "w" * 60 + ".example", "s" * 500


def check_server_courses(course: Course, bank: Bank | None) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each view of ``course`` as a server's course, and what Discord would reject."""
    found = ServerCourse(
        _ID, _MANY, course.code, course.title, 9999, _DATE, None, "x" * CODE_LENGTH, Origin(_ID, 1)
    )  # fmt: skip
    several = [replace(found, id=f"{_ID[:-1]}{number}") for number in range(MAX_COURSES)]
    content = CourseContent(course, bank)
    stored = [Version(9999 - number, _DATE, _MANY, _SUMMARY, {}) for number in range(40)]
    draft = Draft(_MANY, _MANY, _ID, 9999, None, CourseFiles(""))
    nodes = tuple(course.nodes.values())
    proposals = tuple(
        Proposal(ChangeKind.MERGED, (node, replace(node, id=f"x{number}")), (node,), (Evidence.WORDS,))
        for number, node in enumerate(nodes[:40])
    )
    changes = Changes(course, course, proposals, nodes, nodes, (), (), (), {})
    run = DryRun(10**6, 10**6, 10**6, {(number, number + 1): 10**6 for number in range(50)})
    preview = CoursePreview(draft, content, changes, run, compare_banks(None, bank), (_HOST,) * 9)
    problems = [f"{number}{'p' * 400}" for number in range(100)]
    for name, view in (
        ("list", views.courses(several, enabled=True, note=views.removed(found))),
        ("list without uploads", views.courses([], enabled=False)),
        ("course", views.course(found, content, (_HOST,) * 9, update=True, note=views.published(found, _SUMMARY))),
        ("versions", views.versions(found, stored)),
        ("going back", views.confirm_back(found, 9998)),
        ("removal", views.confirm_removal(found)),
        ("problems", views.problems(problems, attached=True)),
        ("template", views.attached(views.TEMPLATE, ["a.yaml", "b.yaml", "c.csv"])),
        ("preview", preview_views.preview(preview, problems)),
        ("publication", preview_views.published(found, preview)),
        ("news", preview_views.news([CourseNews(found, _SUMMARY)] * 20)),
        *((page, preview_views.look(preview, page)) for page in preview_views.PAGES),
    ):
        yield f"{course.code} as a server's course, {name}", message_faults(view.to_components())
    for what in ("add", "replace", "questions"):
        form = views.upload_form(what, _ID, course.code)
        yield f"{course.code} as a server's course, form to {what}", form_faults(form.to_dict())
    yield "form for a shared course", form_faults(views.code_form().to_dict())
