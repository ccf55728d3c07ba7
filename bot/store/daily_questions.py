"""The question of the day of each server: its schedule and its posts. ``daily_answers`` has the answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.core.calendar.slots import Slot
from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.plan.reminders import Rhythm, slots_from
from bot.core.questions.fsrs import Card
from bot.store.deliveries import DueSlot, Key, ScheduleState
from bot.store.engine import Engine, Statements

DAILY_QUESTION = "daily-question"
LOOK_BACK = timedelta(days=8)
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class DailyQuestion:
    """When and where a server's question of the day is posted. ``role`` is notified of it. ``due`` is the next slot.

    ``active`` is when it was turned on or resumed. ``reason`` is why it is suspended, or paused by itself; ``seen`` is
    what Discord allowed in the channel then. ``told`` is True if the manager who set it up has been told.
    ``thread_reason`` is why the last discussion thread could not be created.
    """

    server: int
    channel: int
    thread: bool
    minute: int
    zone: str
    role: int | None
    state: ScheduleState
    due: datetime
    active: datetime
    reason: str | None = None
    seen: str | None = None
    told: bool = False
    set_by: int | None = None
    thread_reason: str | None = None

    @property
    def key(self) -> Key:
        return key_of(self.server)

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(EVERY_DAY, self.minute)

    def next_slot(self, since: datetime, ended: frozenset[str]) -> Slot:
        """Return the first slot from ``since`` on whose day isn't in ``ended``."""
        slots = slots_from(self.rhythm, zone_named(self.zone), since)
        return next(slot for slot in slots if slot.on.isoformat() not in ended)


@dataclass(frozen=True, slots=True)
class DailyPost:
    """A posted question. ``reveals`` is the slot of the post whose answer it shows.

    ``revealed`` is when its own answer was revealed; later answers don't count. ``shown`` is the number of answers in
    its message, which isn't edited again once it is ``closed``. ``discussed``: the message has a thread. ``message`` is
    None until the receipt is stored.
    """

    slot: str
    course: str
    question: str
    fingerprint: str
    reveals: str | None = None
    revealed: datetime | None = None
    shown: int = 0
    closed: bool = False
    discussed: bool = False
    channel: int | None = None
    message: int | None = None


def key_of(server: int) -> Key:
    return Key(DAILY_QUESTION, server=server)


class DailyQuestions:
    """Schedules and posts. Implements ``Schedules`` for the question of the day."""

    reopens_skipped = False

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def of(self, server: int) -> DailyQuestion | None:
        rows = await self._engine.read("daily_question", server=server)
        return _schedule(rows[0]) if rows else None

    async def save(self, daily: DailyQuestion) -> None:
        """Replace the settings of a server. Clears a suspension."""
        await self._engine.write(
            "set_daily_question", server=daily.server, channel=daily.channel, thread=int(daily.thread),
            minute=daily.minute, zone=daily.zone, role=daily.role, state=daily.state, due_at=seconds(daily.due),
            active_at=seconds(daily.active), set_by=daily.set_by,
        )  # fmt: skip

    async def suspend(self, daily: DailyQuestion, reason: str, seen: str) -> None:
        """Suspend it if it is still on in this channel."""
        await self._engine.write(
            "suspend_daily_question", server=daily.server, channel=daily.channel, reason=reason, seen=seen
        )

    async def resume(self, daily: DailyQuestion) -> bool:
        """Resume it if it is still suspended in this channel. Return whether it was."""
        rows = await self._engine.write("resume_daily_question", server=daily.server, channel=daily.channel)
        return bool(rows)

    async def set_told(self, server: int) -> None:
        """Record that the manager who set it up was told."""
        await self._engine.write("daily_question_told", server=server)

    async def set_thread_reason(self, server: int, reason: str | None) -> None:
        """Record why a discussion thread could not be created; None if it was."""
        await self._engine.write("set_thread_reason", server=server, reason=reason)

    async def due(self, now: datetime, most: int) -> list[Key]:
        """Return the keys of at most ``most`` servers whose question is due, oldest first."""
        rows = await self._engine.read("due_daily_questions", now=seconds(now), most=most)
        return [key_of(server) for (server,) in rows]

    async def stopped(self) -> list[DailyQuestion]:
        """Return those that are suspended, and those that paused by themselves without the manager being told."""
        return list(map(_schedule, await self._engine.read("stopped_daily_questions")))

    async def failing(self, attempts: int) -> list[tuple[DailyQuestion, str]]:
        """Return those whose post failed at least ``attempts`` times, with the reason, unless the manager was told."""
        rows = await self._engine.read("failing_daily_questions", attempts=attempts)
        return [(_schedule(row), reason) for *row, reason in rows]

    def is_current(self, statements: Statements, schedule: DailyQuestion) -> bool:
        """Return whether it is on in the same channel as when it was read."""
        rows = statements.run("daily_question", server=schedule.server)
        return bool(rows) and (rows[0][1], rows[0][6]) == (schedule.channel, ScheduleState.ON)

    def advance(
        self, statements: Statements, schedule: DailyQuestion, served: Sequence[DueSlot], over: str | None
    ) -> None:
        """Set the first slot after ``served`` whose day has no post, by the current schedule."""
        rows = statements.run("daily_question", server=schedule.server)
        if not rows:
            return
        since = max((slot.at for slot in served), default=schedule.due)
        found = statements.run("ended_slots", **schedule.key.values, since=seconds(since - LOOK_BACK))
        due = _schedule(rows[0]).next_slot(since, frozenset(slot for (slot,) in found)).at
        statements.run("set_daily_question_due", server=schedule.server, due_at=seconds(due))
        if over:
            statements.run("pause_daily_question", server=schedule.server, reason=over)

    async def post(self, server: int, slot: str) -> DailyPost | None:
        return post_of(slot, await self._engine.read("daily_post", server=server, slot=slot))

    async def asked(self, server: int, course: str) -> dict[str, int]:
        """Return how often each question of a course was posted in a server."""
        return dict(await self._engine.read("asked_daily_questions", server=server, course=course))

    async def open_post(self, server: int, post: DailyPost, now: datetime) -> DailyPost:
        """Store the question of a slot, unless it has one; return the stored one.

        The latest post whose answer hasn't been shown is revealed with it: its answers are counted now.
        """

        def work(statements: Statements) -> DailyPost:
            key = {"server": server, "slot": post.slot}
            if found := post_of(post.slot, statements.run("daily_post", **key)):
                return found
            last = statements.run("unrevealed_daily_post", **key)
            reveals = last[0][0] if last else None
            if reveals and statements.run("reveal_daily_post", server=server, slot=reveals, now=seconds(now)):
                statements.run("count_daily_answers", server=server, slot=reveals)
            statements.run(
                "add_daily_post", **key, course=post.course, question=post.question, fingerprint=post.fingerprint,
                reveals=reveals,
            )  # fmt: skip
            return post_of(post.slot, statements.run("daily_post", **key)) or post

        return await self._engine.transact(work)

    async def tally(self, server: int, slot: str) -> dict[int, int]:
        """Return how many chose each option, by its index in the file. Empty until the answer is revealed."""
        return dict(await self._engine.read("daily_tally", server=server, slot=slot))

    async def revealed_in(self, server: int, slot: str) -> tuple[int, int] | None:
        """Return channel and message that show the answer of a slot's question, once they do."""
        rows = await self._engine.read("revealing_daily_post", server=server, slot=slot)
        return (rows[0][0], rows[0][1]) if rows else None

    async def set_shown(self, server: int, slot: str, answers: int, *, closed: bool) -> None:
        """Record the number of answers that a message shows, and whether it is edited again."""
        await self._engine.write("set_daily_post_shown", server=server, slot=slot, shown=answers, closed=int(closed))

    async def set_discussed(self, server: int, slot: str) -> None:
        """Record that a post has a discussion thread."""
        await self._engine.write("set_discussed", server=server, slot=slot)

    async def outdated(self) -> list[tuple[int, str]]:
        """Return server and slot of the posts whose message is out of date."""
        return [(server, slot) for server, slot in await self._engine.read("outdated_daily_posts")]

    async def cards(self, server: int, course: str) -> list[tuple[int, str, Card]]:
        """Return learner, question and card of everything that the visible members have answered."""
        rows = await self._engine.read("cards_of_cohort", server=server, course=course)
        return [(learner, question, Card._make(row)) for learner, question, *row in rows]


def post_of(slot: str, rows: Sequence[Sequence[Any]]) -> DailyPost | None:
    """Return the post in the first row of ``daily_post``, if there is one."""
    if not rows:
        return None
    course, question, fingerprint, reveals, revealed_at, shown, closed, discussed, channel, message = rows[0]
    revealed = None if revealed_at is None else from_seconds(revealed_at)
    return DailyPost(
        slot, course, question, fingerprint, reveals, revealed, shown, bool(closed), bool(discussed), channel, message
    )


def _schedule(row: Sequence[Any]) -> DailyQuestion:
    (server, channel, thread, minute, zone, role, state, due_at, active_at, reason, seen, told, set_by,
     thread_reason) = row  # fmt: skip
    return DailyQuestion(
        server, channel, bool(thread), minute, zone, role, ScheduleState(state), from_seconds(due_at),
        from_seconds(active_at), reason, seen, bool(told), set_by, thread_reason,
    )  # fmt: skip
