"""``python -m bot check``: course files, and every view of every course against Discord's limits."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core.catalogue import Catalogue, Hit
from bot.core.course import Course, Node
from bot.core.digest import Learner, build
from bot.core.moments import seconds
from bot.core.progress import Delta, Progress, Tick
from bot.core.reading import CourseReader
from bot.errors import BrokenCourse
from bot.store import Applied
from bot.study import CourseProgress, Edition, Ticked
from bot.views import course as course_views
from bot.views import digest as digest_views
from bot.views import progress as progress_views
from bot.views.form import form
from bot.views.limits import faults_of_form, faults_of_message
from bot.views.picture import alt_text

_THEN = datetime(2026, 1, 1, tzinfo=UTC)
_LONG_NAME = "W" * 32


def read_courses(folder: Path) -> tuple[Course, ...]:
    """The courses of a folder's ``*.yaml`` files. Raises ``BrokenCourse`` with every fault."""
    try:
        files = {file.name: file.read_text("utf-8") for file in sorted(folder.glob("*.y*ml"))}
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenCourse([f"{folder}: can't be read: {error}"]) from error
    if not files:
        raise BrokenCourse([f"{folder}: there is no course file (*.yaml) in this folder"])
    return CourseReader().read_all(files)


async def check(courses: Sequence[Course]) -> list[str]:
    """What Discord would refuse of all that can be shown about ``courses``: ``view: what``, one for each fault."""
    return [f"{name}: {fault}" for name, faults in _rendered(courses) for fault in faults]


def _rendered(courses: Sequence[Course]) -> Iterator[tuple[str, list[str]]]:
    yield (
        "courses",
        faults_of_message(
            course_views.courses([CourseProgress(each, Progress(each, ())) for each in courses]).to_components()
        ),
    )
    for course in courses:
        catalogue = Catalogue(courses, course.id)
        yield f"{course.code} overview", faults_of_message(course_views.overview(course).to_components())
        for stage, progress in _stages(course):
            for name, view in (
                ("paths", course_views.paths(progress, share=True)),
                ("shared paths", course_views.paths(progress, owner=_LONG_NAME)),
                ("progress", progress_views.progress(progress, share=True)),
                ("next", progress_views.upcoming(progress)),
            ):
                yield f"{course.code} {name}, {stage}", faults_of_message(view.to_components())
            for node in course.nodes.values():
                yield from _of_node(f"{course.code} {node.route}, {stage}", progress, node)
        for week, edition in _digests(course):
            shown = digest_views.digest(edition, alt_text(edition.digest, edition.names))
            yield f"{course.code} digest, {week}", faults_of_message(shown.to_components())
        for node in course.nodes.values():
            hits = catalogue.search(node.title[:60], [course], 8) or [Hit(course, node, 100)]
            found = course_views.hits(node.title, hits)
            yield f"{course.code} search for {node.route}", faults_of_message(found.to_components())


def _digests(course: Course) -> Iterator[tuple[str, Edition]]:
    """The digest of a quiet week, and of one in which eleven people did all of the course."""
    made = int(_THEN.timestamp())
    everything = [(leaf, made, made) for leaf in course.leaves]
    crowd = [Learner(number, _THEN, everything, exam_on=_THEN.date()) for number in range(1, 12)]
    names = {learner.id: _LONG_NAME for learner in crowd}
    for week, learners in (("a quiet week", []), ("a full week", crowd)):
        until = _THEN + timedelta(days=1)
        days = {"first": _THEN.date(), "last": _THEN.date()}
        digest = build(course, learners, since=_THEN, until=until, **days)
        yield week, Edition(digest, names, f"{course.id}:2026-W01", late_since=_THEN)


def _of_node(name: str, progress: Progress, node: Node) -> Iterator[tuple[str, list[str]]]:
    if node.children:
        for page in range(len(node.children) // 2 + 1):
            view = course_views.node(progress, node, page, share=True, note="✅ Saved: 99 units ticked.")
            yield f"{name}, page {page + 1}", faults_of_message(view.to_components())
        shared = course_views.node(progress, node, owner=_LONG_NAME)
        yield f"{name}, shared", faults_of_message(shared.to_components())
    if node.children or node.word != "unit":
        yield f"{name}, form", faults_of_form(form(progress, node).to_dict())
    ticks = tuple(Tick(leaf, seconds(_THEN), seconds(_THEN), 1, 10**15) for leaf in node.leaves)
    applied = Applied((), ticks, Delta(add=node.leaves), 10**15, joined=True)
    done = Ticked(progress.course, (node,), on=True, applied=applied)
    yield f"{name}, ticked", faults_of_message(progress_views.ticked(done, share=True).to_components())
    yield f"{name}, done", faults_of_message(progress_views.upcoming(done.after, just=done).to_components())


def _stages(course: Course) -> Iterator[tuple[str, Progress]]:
    leaves = list(course.leaves)
    for stage, count in (("nothing ticked", 0), ("half ticked", len(leaves) // 2), ("all ticked", len(leaves))):
        yield stage, Progress(course, [Tick(leaf, seconds(_THEN), seconds(_THEN)) for leaf in leaves[:count]])
