"""Check every view of a course against Discord's limits."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from bot.core.calendar.streaks import Streak
from bot.core.calendar.timestamps import seconds
from bot.core.cohort.digest import build
from bot.core.cohort.members import Learner
from bot.core.cohort.week import Week
from bot.core.course.catalogue import Catalogue, Hit
from bot.core.course.course import Course, Node, Path
from bot.core.course.progress import Delta, Progress, Tick
from bot.operation.check.known import check_known
from bot.operation.check.outcomes import check_outcomes
from bot.operation.check.plans import check_plans, check_reminders
from bot.store import Applied
from bot.store.announcements import Announcement
from bot.study import CourseProgress, Ticked
from bot.study.announcements import Retracted
from bot.study.delivery_kind import Marker
from bot.study.digest_content import DigestContent
from bot.study.digest_everyone import PAGE, Everyone
from bot.study.retention import RetentionWarning
from bot.views import announcement as announcement_views
from bot.views import completion as completion_views
from bot.views import course as course_views
from bot.views import digest as digest_views
from bot.views import overview as overview_views
from bot.views import progress as progress_views
from bot.views import retention as retention_views
from bot.views.completion_form import node_form
from bot.views.digest_everyone import everyone
from bot.views.limits import form_faults, message_faults
from bot.views.pictures.digest import alt_text

_DATE = datetime(2026, 1, 1, tzinfo=UTC)
_DAY = _DATE.date().isoformat()
_LONG_NAME = "W" * 32
_STREAK = Streak(_DATE.date(), 999, 9999, freezes=2, missed=2, weeks=999, longest_weeks=999)
_LONG_ZONE = "America/North_Dakota/New_Salem"


def check_courses(courses: Sequence[Course]) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each view of ``courses``, and what Discord would reject."""
    yield (
        "courses",
        message_faults(
            overview_views.courses([CourseProgress(course, Progress(course, ())) for course in courses]).to_components()
        ),
    )
    for course in courses:
        catalogue = Catalogue(courses, course.id)
        for name, view in (
            ("overview", overview_views.overview(course, others=True)),
            ("details", overview_views.about(course)),
        ):
            yield f"{course.code} {name}", message_faults(view.to_components())
        for stage, progress in _stages(course):
            for name, view in (
                ("paths", course_views.paths(progress, share=True)),
                ("shared paths", course_views.paths(progress, owner=_LONG_NAME)),
                ("progress", progress_views.progress(progress, streak=_STREAK, utc=True, share=True)),
                ("next", progress_views.upcoming(progress)),
            ):
                yield f"{course.code} {name}, {stage}", message_faults(view.to_components())
            for node in course.nodes.values():
                yield from _node_views(f"{course.code} {node.route}, {stage}", progress, node)
            for name, faults in check_plans(course, progress):
                yield f"{course.code} {name}, {stage}", faults
        for name, faults in chain(check_known(course), check_reminders(course), check_outcomes(course)):
            yield f"{course.code} {name}", faults
        warning = RetentionWarning(Marker(1, "retention:2026-01-01"), _DATE.date(), _DATE.date(), 240)
        yield "retention warning", message_faults(retention_views.warning(warning).to_components())
        yield from _digest_views(course)
        for node in course.nodes.values():
            hits = catalogue.search(node.title[:60], [course], 8) or [Hit(course, node, 100)]
            found = course_views.choices(node.title, hits, "Which one did you complete?", "pick", _DAY, _DAY)
            yield f"{course.code} search for {node.route}", message_faults(found.to_components())


def _digest_views(course: Course) -> Iterator[tuple[str, list[str]]]:
    """Yield the digest of a quiet week, and of one in which eleven people completed the whole course."""
    leaves, exam_on = tuple(course.leaves), _DATE.date()
    crowd = [Learner(number, _DATE, this_week=leaves, exam_on=exam_on) for number in range(1, 12)]
    names = {learner.id: _LONG_NAME for learner in crowd}
    week = Week.ending(_DATE + timedelta(days=1), _DATE, _DATE - timedelta(days=7), ZoneInfo("UTC"))
    for name, learners in (("a quiet week", []), ("a full week", crowd)):
        content = DigestContent(build(course, learners, week), names, Marker(1, f"{course.id}:2026-W01"), _DATE)
        view = digest_views.digest(content, alt_text(content.digest))
        yield f"{course.code} digest, {name}", message_faults(view.to_components())
        people = content.digest.people[:PAGE]
        found = Everyone(content.digest, people, 0, 9, names, frozenset(), 9999, 99, past=True)
        for page in (0, 1):
            view = everyone(replace(found, page=page), "2026-W01")
            yield f"{course.code} digest, everyone in {name}", message_faults(view.to_components())


def _node_views(name: str, progress: Progress, node: Node) -> Iterator[tuple[str, list[str]]]:
    ticks = tuple(Tick(leaf, seconds(_DATE), seconds(_DATE), 1, 10**15) for leaf in node.leaves)
    route = node.route.split("/")[0]
    applied = Applied((), ticks, Delta(add=node.leaves), 10**15, asks=True, announceable=frozenset((route,)))
    done = Ticked(progress.course, (node,), on=True, applied=applied)
    undone = Ticked(progress.course, (node,), on=False, applied=Applied(ticks, (), Delta(remove=node.leaves), 10**15))
    left = Announcement(10**19, node.course, route, 10**19, 10**19, 10**19, _DATE)
    notes = announcement_views.retracted(Retracted((), (left,) * 4))
    if node.children:
        for page in range(len(node.children) // 2 + 1):
            more = completion_views.saved_parts(done)
            view = course_views.node(progress, node, page, share=True, note=completion_views.saved(done), more=more)
            yield f"{name}, page {page + 1}", message_faults(view.to_components())
        shared = course_views.node(progress, node, owner=_LONG_NAME)
        yield f"{name}, shared", message_faults(shared.to_components())
    if node.children or node.word != "unit":
        yield f"{name}, form", form_faults(node_form(progress, node).to_dict())
    else:
        yield f"{name}, opened", message_faults(course_views.unit(progress, node).to_components())
    if isinstance(node, Path):
        announced = announcement_views.announcement(_LONG_NAME, 10**19, node, progress)
        yield f"{name}, announced", message_faults(announced.to_components())
    for what, view in (
        ("ticked", completion_views.ticked(done)),
        ("undone", completion_views.ticked(undone, notes)),
        ("done", progress_views.upcoming(done.after, result=done)),
    ):
        yield f"{name}, {what}", message_faults(view.to_components())


def _stages(course: Course) -> Iterator[tuple[str, Progress]]:
    leaves = list(course.leaves)
    for stage, count in (("nothing done", 0), ("half done", len(leaves) // 2), ("all done", len(leaves))):
        yield stage, Progress(course, [Tick(leaf, seconds(_DATE), seconds(_DATE)) for leaf in leaves[:count]])
