"""Versions of courses: read all learners' ticks in a course, and rewrite full IDs when its parts change."""

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from bot.core.course.course import Course
from bot.core.course.migration import Routes, StoredTick, gone, inverse
from bot.core.course.progress import Tick
from bot.store.engine import Engine, Statements
from bot.store.moving import Where, reading

PAGE = 5000
"""Number of ticks in memory at once."""
_TABLES = ("milestones", "announcements", "notes")


class Versions:
    """The ticks of all learners in a course, across its versions."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def ticks_of(self, course: str, page: int = PAGE) -> AsyncIterator[tuple[int, list[StoredTick]]]:
        """Yield each learner with ticks in a course, and these ticks. Changes made meanwhile may be included."""
        learner, route = 0, ""
        waiting: list[StoredTick] = []
        while rows := await self._engine.read(
            "ticks_of_course", course=course, learner=learner, route=route, most=page
        ):
            for each, found in groupby(rows, itemgetter(0)):
                if each != learner and waiting:
                    yield learner, waiting
                    waiting = []
                learner = each
                waiting += [StoredTick(Tick(*row[1:6]), row[6]) for row in found]
            route = rows[-1][1]
        if waiting:
            yield learner, waiting


def apply(statements: Statements, course: str, mapping: Routes) -> None:
    """Rewrite the full IDs of a course everywhere, as ``mapping`` says. Nobody loses a tick: see ``migrated``.

    Part of a transaction. What refers to a whole path or module follows the first of several targets.
    """
    if not mapping:
        return
    _run(statements, "copy_moved_ticks", course, _pairs(mapping))
    _run(statements, "drop_moved_ticks", course, _pairs({old: new for old, new in mapping.items() if old not in new}))
    _run(statements, "copy_moved_known", course, _pairs(mapping))
    _run(statements, "drop_moved_known", course, [(old, "") for old, new in mapping.items() if old not in new])
    single = [(old, new[0]) for old, new in mapping.items() if old not in new]
    for table in _TABLES:
        _run(statements, f"copy_moved_{table}", course, single)
        _run(statements, f"drop_moved_{table}", course, single)
    _run(statements, "move_reviews_in_progress", course, single)
    _run(statements, "move_quizzes_in_progress", course, single)


def go_back(statements: Statements, mapping: Routes, old: Course, new: Course) -> None:
    """Rewrite the full IDs of a course when it goes back from ``new`` to ``old``; ``mapping`` led to ``new``.

    Part of a transaction. Ticks from before are restored, ticks made since are kept: see ``returned``.
    """
    routes = json.dumps(gone(mapping, new))
    statements.run("copy_returned_ticks", course=old.id, routes=routes)
    statements.run("drop_returned_ticks", course=old.id, routes=routes)
    apply(statements, old.id, inverse(mapping, old))


def _pairs(mapping: Routes) -> list[tuple[str, str]]:
    return [(old, target) for old, targets in mapping.items() for target in targets]


def _run(statements: Statements, query: str, course: str, pairs: list[tuple[str, str]]) -> None:
    routes, targets = json.dumps([old for old, _ in pairs]), json.dumps([new for _, new in pairs])
    statements.run(query, course=course, routes=routes, targets=targets)


def stored_routes(database: Where) -> Iterator[Sequence[Any]]:
    """Yield the learner, course and full ID of each tick in a database, all from one moment.

    The database may have an earlier version than the code, isn't upgraded, and bots may be writing. Raises
    ``BadInput`` or ``CannotStart``.
    """
    with reading(database) as tables:
        if "tick" in tables.columns:
            for rows in tables.rows("tick", ("learner_id", "course", "route")):
                yield from rows
