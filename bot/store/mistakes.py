"""Answers to questions outside of any round, and the list of mistakes that follows from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.questions.fsrs import DEFAULT, Card, Rating, Tuning, apply_rating, max_interval_before
from bot.core.questions.mistakes import Mistake, after_answer
from bot.store.engine import Engine, Statements
from bot.store.fsrs_settings import tuning_in
from bot.store.streaks import Studied, record_study_day

CARD_COLUMNS = ("state", "step", "stability", "difficulty", "due_at", "reviewed_at", "rating")


class Source(StrEnum):
    """Where a question was answered."""

    REVIEW = "review"
    DRILL = "drill"
    EXAM = "exam"
    DAILY = "daily"
    QUIZ = "quiz"


class Schedule(Enum):
    """Which answers count as a review, so that FSRS reschedules the card."""

    ALWAYS = "always"
    DUE = "due"
    DUE_OR_NEW = "due or new"
    NEVER = "never"

    def counts(self, card: Card | None, at: int) -> bool:
        """Return whether an answer at ``at`` (seconds) to a question with this card (None: new) counts."""
        if self in (Schedule.ALWAYS, Schedule.NEVER):
            return self is Schedule.ALWAYS
        return self is Schedule.DUE_OR_NEW if card is None else card.due <= at


class Known(NamedTuple):
    """What is stored before an answer: the question's card and mistake, and the learner's exam date, time zone and FSRS
    settings.
    """

    card: Card | None
    mistake: Mistake | None
    exam: date | None
    zone: ZoneInfo
    tuning: Tuning = DEFAULT


class Answered(NamedTuple):
    """An answer of a finished mock exam: chosen option indices. One that isn't ``complete`` is a mistake."""

    question: str
    chosen: Sequence[int]
    correct: bool
    complete: bool


@dataclass(frozen=True, slots=True)
class Practice:
    """A recorded answer. ``number`` is that of its log entry; ``counted``: it was a review, so the card changed.

    ``card`` and ``mistake`` are those after the answer. ``studied`` as in ``record_study_day``.
    """

    number: int
    rating: int
    counted: bool
    card: Card | None
    mistake: Mistake | None
    studied: Studied | None


def record_practice(
    statements: Statements,
    learner: int,
    course: str,
    question: str,
    *,
    source: Source,
    schedule: Schedule,
    correct: bool,
    now: datetime,
    chosen: Sequence[int] = (),
    rating: int | None = None,
    guessed: bool = False,
    duration: int | None = None,
    known: Known | None = None,
    studied: bool = True,
    capped: bool = True,
) -> Practice:
    """Record an answer in the caller's transaction: in the log, the list of mistakes, the card and the study day.

    The card changes only if ``schedule`` says so. ``rating`` (1 to 4) is by default Again for a wrong answer, Hard for
    a guess and Good for another correct one. ``chosen`` are option indices as in ``answer``, ``duration`` milliseconds.
    ``known`` is read if it isn't given. With ``studied`` the answer counts as study on its day. Unless ``capped`` is
    False, the card comes back before the exam.
    """
    key = {"learner": learner, "course": course, "question": question}
    card, mistake, exam, zone, tuning = known or _known(statements.run("practice_state", **key)[0])
    at, day = seconds(now), now.astimezone(zone).date()
    counted = schedule.counts(card, at)
    if rating is None:
        rating = Rating.AGAIN if not correct else Rating.HARD if guessed else Rating.GOOD
    number = statements.run(
        "add_review", **key, number=review_number(now), source=source.value, counted=int(counted), reviewed_at=at,
        rating=int(rating), correct=int(correct), guessed=int(guessed), duration=duration,
        chosen=",".join(map(str, chosen)), **_before(card, mistake),
    )[0][0]  # fmt: skip
    if counted:
        card = apply_rating(card, rating, at, max_interval_before(exam, day) if capped else None, tuning)
        save_card(statements, key, card)
    after = after_answer(mistake, correct=correct, guessed=guessed, at=at, day=day)
    if after != mistake:
        save_mistake(statements, key, after)
    day_studied = record_study_day(statements, learner, now) if studied else None
    return Practice(number, rating, counted, card, after, day_studied)


def record_exam(
    statements: Statements, learner: int, course: str, answers: Sequence[Answered], ended: datetime
) -> None:
    """Record the answers of a mock exam as of its end. An unanswered question is a mistake, but not a review.

    Without any answer nothing is recorded, because nobody practiced.
    """
    if not any(answer.complete for answer in answers):
        return
    for question, chosen, correct, complete in answers:
        schedule = Schedule.DUE_OR_NEW if complete else Schedule.NEVER
        record_practice(
            statements, learner, course, question,
            source=Source.EXAM, schedule=schedule, correct=correct, chosen=chosen, now=ended, studied=complete,
        )  # fmt: skip


def save_card(statements: Statements, key: dict[str, Any], card: Card | None) -> None:
    """Write a card, or delete it. ``key`` has ``learner``, ``course`` and ``question``."""
    if card is None:
        statements.run("drop_card", **key)
    else:
        statements.run("set_card", **key, **dict(zip(CARD_COLUMNS, card, strict=True)))


def save_mistake(statements: Statements, key: dict[str, Any], mistake: Mistake | None) -> None:
    """Write an entry of the list, or delete it. ``key`` as in ``save_card``."""
    if mistake is None:
        statements.run("drop_mistake", **key)
    else:
        right_on = mistake.right_on and mistake.right_on.isoformat()
        statements.run("set_mistake", **key, missed_at=mistake.missed_at, right_on=right_on)


class Mistakes:
    """The lists of mistakes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def of(self, learner: int, course: str) -> dict[str, Mistake]:
        """Return the list of a course by question, including questions that were removed from the bank."""
        return mistakes_of(await self._engine.read("mistakes", learner=learner, course=course))

    async def keeps_quiz_mistakes(self, learner: int) -> bool:
        """Return whether wrong answers in quizzes are added to the learner's list."""
        return await self._engine.read("keeps_quiz_mistakes", learner=learner) == [(1,)]

    async def keep_quiz_mistakes(self, learner: int, *, keeps: bool) -> None:
        await self._engine.write("set_quiz_mistakes", learner=learner, keeps=int(keeps))


def mistakes_of(rows: Sequence[Any]) -> dict[str, Mistake]:
    """Return the mistakes of rows that start with the question."""
    return {question: Mistake(missed_at, _day(right_on)) for question, missed_at, right_on in rows}


def mistake_of(row: Sequence[Any]) -> Mistake | None:
    """Return the mistake of ``missed_at`` and ``right_on``; None if they are null."""
    missed_at, right_on = row
    return None if missed_at is None else Mistake(missed_at, _day(right_on))


def card_of(row: Sequence[Any]) -> Card | None:
    """Return the card of its columns; None if they are null."""
    return None if row[0] is None else Card._make(row)


def review_number(moment: datetime) -> int:
    """Return the lowest number of a log entry at ``moment``."""
    return seconds(moment) * 1_000_000 + moment.microsecond


def local_day(at: int, zone: ZoneInfo) -> date:
    """Return the local day of a time in seconds."""
    return from_seconds(at).astimezone(zone).date()


def _known(row: Sequence[Any]) -> Known:
    return Known(card_of(row[:7]), mistake_of(row[7:9]), _day(row[9]), zone_named(row[10]), tuning_in(row[11:13]))


def _before(card: Card | None, mistake: Mistake | None) -> dict[str, Any]:
    """The columns of a log entry for what was stored before it."""
    values: dict[str, Any] = dict(zip(CARD_COLUMNS, card or (None,) * len(CARD_COLUMNS), strict=True))
    values |= {"missed_at": mistake and mistake.missed_at}
    values |= {"right_on": mistake and mistake.right_on and mistake.right_on.isoformat()}
    return {f"old_{column}": value for column, value in values.items()}


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
