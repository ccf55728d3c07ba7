"""Private notes on modules: one row per learner and module."""

from dataclasses import dataclass
from datetime import datetime

from bot.store.engine import Engine, Statements


@dataclass(frozen=True, slots=True)
class SavedNote:
    """A note before and after a change; empty if there is none. ``change`` is its number; None if nothing changed."""

    before: str
    after: str
    change: int | None = None


class StoredNotes:
    """The notes of all learners."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def of(self, learner: int, course: str) -> dict[str, str]:
        """Return a learner's notes by route."""
        return dict(await self._engine.read("notes", learner=learner, course=course))

    async def set(self, learner: int, course: str, route: str, content: str, now: datetime) -> SavedNote:
        """Store a note, or delete it if ``content`` is empty. Earlier changes can no longer be undone."""

        def work(transaction: Statements) -> SavedNote:
            key = {"learner": learner, "course": course, "route": route}
            rows = transaction.run("note_row", **key)
            before, _, last = rows[0] if rows else ("", "", 0)
            if content == before:
                return SavedNote(before, before)
            change = max(last + 1, int(now.timestamp() * 1_000_000))
            transaction.run("set_note", **key, content=content, previous=before, change=change)
            transaction.run("drop_old_notes", learner=learner, change=change)
            transaction.run("drop_previous_notes", learner=learner, change=change)
            return SavedNote(before, content, change)

        return await self._engine.transact(work)

    async def undo(self, learner: int, course: str, route: str, change: int) -> SavedNote | None:
        """Restore the content before a change. Return None unless it was the last one."""

        def work(transaction: Statements) -> SavedNote | None:
            key = {"learner": learner, "course": course, "route": route}
            rows = transaction.run("note_row", **key)
            if not rows or rows[0][2] != change:
                return None
            content, previous, _ = rows[0]
            transaction.run("set_note", **key, content=previous, previous=content, change=change + 1)
            return SavedNote(content, previous, change + 1)

        return await self._engine.transact(work)
