"""Compare course files with the progress in a database: would anyone lose completed units?"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.course.course import Course
from bot.core.course.lost_ticks import Lost, lost_parts
from bot.errors import CannotStart, one_line
from bot.store.moving import Where, name_of, where_of
from bot.store.versions import stored_routes
from bot.views.layout import plural

SHOWN = 20
"""Number of lost parts listed for each course."""

Progress = Mapping[str, Mapping[str, set[int]]]
"""The learners by course and full ID."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The lines of a report, and whether anyone would lose completed units."""

    lines: tuple[str, ...]
    loses: bool


def compare_with(database: Where, courses: Sequence[Course], today: date) -> Comparison:
    """Compare courses with the progress in a database, which is only read. Raises ``BadInput`` and ``CannotStart``."""
    stored: defaultdict[str, defaultdict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for learner, course, route in stored_routes(database):
        stored[course][route].add(learner)
    lines, loses = [f"Compared with the progress in {name_of(database)}:"], False
    for course in courses:
        learners: Mapping[str, set[int]] = stored.pop(course.id, {})
        lost = lost_parts(course, learners)
        loses |= bool(lost)
        lines += _lines(course, learners, lost, today)
    for name, routes in sorted(stored.items()):
        if is_file_name(name):
            loses = True
            count = plural(len(set().union(*routes.values())), "learner")
            lines.append(
                f"{one_line(name)}: {count} with progress, but no file has this code. Restore the file or code."
            )
    return Comparison(tuple(lines), loses)


def require_progress_kept(database: str | None, courses: Sequence[Course], today: date) -> tuple[str, ...]:
    """Return the report on a database (a file or an address); nothing for None.

    Raises ``CannotStart`` with the report if anyone would lose completed units, and if the database can't be read.
    """
    if database is None:
        return ()
    found = compare_with(where_of(database), courses, today)
    if found.loses:
        raise CannotStart("\n".join(found.lines))
    return found.lines


def is_file_name(course: str) -> bool:
    """Return whether a course's ID can be that of a file; others belong to servers."""
    return all(letter.isalnum() or letter in "-_." for letter in course)


def _lines(course: Course, learners: Mapping[str, set[int]], lost: Sequence[Lost], today: date) -> Iterator[str]:
    everyone = plural(len(set().union(*learners.values())), "learner")
    if not lost:
        yield f"{course.code}: {everyone}, nobody loses progress"
        return
    losing = len(frozenset().union(*(part.learners for part in lost)))
    parts = plural(sum(len(part.routes) for part in lost), "completed part")
    yield f"{course.code}: {losing} of {everyone} would lose progress; {parts} not in the file"
    for part in lost[:SHOWN]:
        became = f"now {part.became.route}? ({', '.join(part.evidence)})" if part.became else "no similar part"
        yield f"  {one_line(part.route)} ({plural(len(part.learners), 'learner')}): {became}"
    if len(lost) > SHOWN:
        yield f"  and {len(lost) - SHOWN} more"
    yield from _advice(course, lost, today)


def _advice(course: Course, lost: Sequence[Lost], today: date) -> Iterator[str]:
    """Yield what to add to the course file, as YAML."""
    renamed = [part for part in lost if part.became]
    retired = [part for part in lost if not part.became]
    yield f"  Check these lines and add them to the file of {course.code}:"
    if renamed:
        yield "    renamed:"
        yield from (f"      {one_line(part.route)}: {part.became.route}" for part in renamed if part.became)
    if retired:
        yield "    retired:  # or under renamed, if the part is still there"
    for part in retired:
        title = part.route.rpartition("/")[2].replace("-", " ").capitalize()
        yield f"      - {{id: {one_line(part.route)}, title: {one_line(title)!r}, on: {today}}}"
