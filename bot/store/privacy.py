"""What is stored about a learner: visibility, cohorts, export and deletion."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.store.engine import Engine, Statements
from bot.store.queries import Queries

_FROM = re.compile(r"\bfrom\b")


@dataclass(frozen=True, slots=True)
class Membership:
    """A membership in the cohort of a course in a server."""

    server: int
    course: str
    joined_at: datetime
    left_at: datetime | None


class StoredPrivacy:
    """Visibility, memberships, export and deletion of learners."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def is_hidden(self, learner: int) -> bool:
        return await self._engine.read("is_hidden", learner=learner) == [(1,)]

    async def set_hidden(self, learner: int, *, hidden: bool) -> None:
        await self._engine.write("set_hidden", learner=learner, hidden=int(hidden))

    async def announces(self, learner: int) -> bool:
        """Return whether the learner's completed paths are announced."""
        return await self._engine.read("announces", learner=learner) == [(1,)]

    async def set_announces(self, learner: int, *, announces: bool) -> None:
        await self._engine.write("set_announces", learner=learner, announces=int(announces))

    async def memberships(self, learner: int) -> list[Membership]:
        rows = await self._engine.read("memberships", learner=learner)
        return [
            Membership(server, course, from_seconds(joined), None if left is None else from_seconds(left))
            for server, course, joined, left in rows
        ]

    async def leave_cohort(self, learner: int, server: int, now: datetime) -> list[str]:
        """Leave the server's cohorts. Return the courses that the learner has just left."""
        rows = await self._engine.write("leave_cohort", learner=learner, server=server, left_at=seconds(now))
        return [course for (course,) in rows]

    async def rejoin_cohort(self, learner: int, server: int) -> list[str]:
        """Rejoin the server's cohorts. Return the courses that the learner has just rejoined."""
        return [course for (course,) in await self._engine.write("rejoin_cohort", learner=learner, server=server)]

    async def counts(self, learner: int) -> dict[str, int]:
        """Return the number of rows about a learner by table, as of one moment."""
        names = self._engine.queries.starting_with("export_")
        tables = await self._engine.read_together(names, learner=learner)
        return {name.removeprefix("export_"): len(rows) for name, rows in zip(names, tables, strict=True)}

    async def export(self, learner: int) -> dict[str, list[dict[str, Any]]]:
        """Return every row about a learner by table, as of one moment. Columns are by name, times ISO 8601 in UTC."""
        names = self._engine.queries.starting_with("export_")
        tables: dict[str, list[dict[str, Any]]] = {}
        for name, rows in zip(names, await self._engine.read_together(names, learner=learner), strict=True):
            columns = _columns(self._engine.queries[name])
            tables[name.removeprefix("export_")] = [
                {column: _exported(column, value) for column, value in zip(columns, row, strict=True)} for row in rows
            ]
        return tables

    async def forget(self, learner: int) -> dict[str, int]:
        """Delete every row about a learner in one transaction. Return the number of deleted rows by table."""
        return await self._engine.transact(lambda statements: forget(statements, self._engine.queries, learner))


def forget(statements: Statements, queries: Queries, learner: int) -> dict[str, int]:
    """Delete every row about a learner, in the caller's transaction. Return the number of deleted rows by table."""
    return {
        name.removeprefix("forget_"): len(statements.run(name, learner=learner))
        for name in queries.starting_with("forget_")
    }


def _columns(sql: str) -> list[str]:
    """Return the columns that an ``export_`` query names between ``select`` and ``from``."""
    listed = _FROM.split(sql, maxsplit=1)[0].split("select", 1)[1]
    return [column.strip() for column in listed.split(",")]


def _exported(column: str, value: Any) -> Any:
    """Return a time as ISO text, an ID as text (JSON readers lose digits of Discord's IDs), other values unchanged."""
    if value is None:
        return None
    if column.endswith("_at"):
        return from_seconds(value).isoformat()
    return str(value) if column.endswith("_id") else value
