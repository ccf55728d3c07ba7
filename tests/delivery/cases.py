"""The kinds that the delivery tests run on: how each is set up, and what its first deliveries are."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.core.calendar.slots import Schedule
from bot.core.course.catalogue import Catalogue
from bot.core.course.reading import CourseReader
from bot.core.plan.outcome import Result
from bot.core.plan.reminders import Rhythm
from bot.core.questions.bank import read_bank
from bot.store.deliveries import Key, ScheduleState
from bot.store.plans import PlanChange
from bot.study import Asker, Study
from bot.study.daily_question_setup import DailyDraft
from bot.study.delivery_kind import Kind
from tests.delivery.notices import NoticeKind
from tests.delivery.plain import PlainMessenger, Process

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
OWNERS = range(700, 712)
COURSE = """
code: T-1
title: A course
overview: Text.
exam: {pass_mark: 700, out_of: 1000, minutes: 60, renewal: {months: 12, opens: 6}}
paths:
- id: a
  title: A path
  modules:
  - {id: m, title: A module}
  - {id: n, title: Another module}
"""
QUESTIONS = "questions:\n" + "\n".join(
    f"- {{id: q{number}, module: m, kind: single, difficulty: 1, prompt: What?, explanation: Because., "
    "options: [{text: This, right: true}, {text: That}, {text: Neither}]}"
    for number in range(5)
)


def catalogue() -> Catalogue:
    course = CourseReader().read(COURSE, "t-1.yaml")
    return Catalogue((course,), course.id, {course.id: read_bank({"a": QUESTIONS}, course)})


async def open_study(
    store: Any, now: Callable[[], datetime], observe: Callable[[str, str], None] | None = None
) -> Study:
    """A ``Study`` with all kinds, the third one included."""
    more = {"observe": observe} if observe else {}
    study = await Study.open(store, catalogue(), now=now, **more)
    study.kinds = (*study.kinds, NoticeKind(store, OWNERS))
    return study


@dataclass(frozen=True)
class Case:
    """A kind with its first slot after the start of a test (Friday, 2026-11-20, 9:30 UTC) and its period."""

    name: str
    slot: datetime
    period: timedelta
    steps: tuple[str, ...]
    set_up: Callable[[Process, int], Awaitable[None]]
    first: str
    second: str

    @property
    def recurring(self) -> bool:
        """Whether it has a slot in each period; otherwise only the first one matters to the tests."""
        return bool(self.second)

    def kind(self, process: Process) -> Kind[Any]:
        return next(kind for kind in process.study.kinds if kind.name == self.name)

    def limit(self, process: Process) -> timedelta:
        return self.kind(process).late_limit

    def key(self, owner: int = 700) -> Key:
        if self.name == "reminder":
            return Key(self.name, learner=owner)
        if self.name in ("outcome", "renewal"):
            return Key(self.name, learner=owner, series="t-1")
        return Key(self.name, server=owner, series="t-1" if self.name == "digest" else "")


async def _digest(process: Process, owner: int) -> None:
    course = process.study.catalogue.default
    await process.digests.set_up(owner, 7, course, channel=owner, schedule=Schedule(0, 540, "UTC"))
    await process.study.progress.join(Asker(owner, owner, "Ada"), course, visible=True)
    await process.study.progress.complete(Asker(owner, owner, "Ada"), course.nodes["a/m"])


async def _reminder(process: Process, owner: int) -> None:
    course = process.study.catalogue.default
    rhythm = Rhythm(frozenset(range(7)), 18 * 60)
    await process.settings.set(owner, course, rhythm, PlainMessenger(process.messenger.chat), owner)


async def _notice(process: Process, owner: int) -> None:
    kind = next(kind for kind in process.study.kinds if kind.name == "notice")
    await kind.save(owner, datetime(2026, 11, 20, 12, tzinfo=UTC))


async def _daily_question(process: Process, owner: int) -> None:
    draft = DailyDraft(owner, thread=False, minute=12 * 60, zone="UTC")
    await process.study.daily_question_setup.save(owner, 7, draft)


async def _channel(process: Process, owner: int) -> None:
    """The learner has direct messages with the bot; their reminder is paused."""
    await _reminder(process, owner)
    await process.settings.switch(owner, process.study.catalogue.default.id, ScheduleState.PAUSED)


async def _exam(process: Process, owner: int, exam: date) -> None:
    await process.store.plans.change(owner, "t-1", lambda *_: PlanChange(exam, shared=False, goal=None))


async def _outcome(process: Process, owner: int) -> None:
    await _channel(process, owner)
    await _exam(process, owner, date(2026, 11, 20))


async def _renewal(process: Process, owner: int) -> None:
    """The certification is valid until 2027-05-21."""
    course = process.study.catalogue.default
    await _exam(process, owner, date(2026, 5, 21))
    await process.study.outcomes.report(owner, course, date(2026, 5, 21), Result.PASSED)
    await _channel(process, owner)


CASES = (
    Case(
        "digest", datetime(2026, 11, 23, 9, tzinfo=UTC), WEEK, ("check", "names", "draw", "send", "sent"), _digest,
        "t-1:2026-W48", "t-1:2026-W49",
    ),
    Case(
        "reminder", datetime(2026, 11, 20, 18, tzinfo=UTC), DAY, ("draw", "send", "sent"), _reminder,
        "t-1:2026-11-20:1", "t-1:2026-11-21:1",
    ),
    Case(
        "notice", datetime(2026, 11, 20, 12, tzinfo=UTC), DAY, ("check", "names", "draw", "send", "sent"), _notice,
        "notice:2026-11-20", "notice:2026-11-21",
    ),
    Case(
        "daily-question", datetime(2026, 11, 20, 12, tzinfo=UTC), DAY, ("check", "draw", "send", "sent"),
        _daily_question, "A:2026-11-20", "A:2026-11-21",
    ),
    Case(
        "outcome", datetime(2026, 11, 21, 9, tzinfo=UTC), DAY, ("draw", "send", "sent"), _outcome,
        "t-1:2026-11-20", "",
    ),
    Case(
        "renewal", datetime(2026, 11, 21, 9, tzinfo=UTC), DAY, ("draw", "send", "sent"), _renewal,
        "t-1:2027-05-21:2026-11-21", "",
    ),
)  # fmt: skip
BY_NAME = {case.name: case for case in CASES}
EVERY_STEP = [(case.name, step) for case in CASES for step in case.steps]
