"""Quizzes: rounds of questions in a channel that anyone can join. Rows keep the state; the client runs them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.questions.answer import chosen, mark
from bot.core.questions.bank import Bank
from bot.core.questions.question import Kind, Question
from bot.core.questions.quiz import LOBBY_SECONDS, Ending, Placed, Score, Settings, places
from bot.core.questions.rounds import practice
from bot.errors import NotAllowed, Stale
from bot.store import Store
from bot.store.quizzes import Joined, QuizRow, Stage, Tally, closed
from bot.study.results import Asker

KINDS = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.TRUTH})
"""The kinds of question that can be answered with one press or one select."""
LATE = timedelta(seconds=2)
"""If a question took longer than this to arrive, its time to answer is extended by the delay."""
OVER = "This quiz is over. Use </quiz> to start another."


@dataclass(frozen=True)
class Quiz:
    """The current state of a quiz. ``bank`` is None if the course has no bank anymore."""

    row: QuizRow
    course: Course | None
    bank: Bank | None
    host_hidden: bool = False

    @cached_property
    def question(self) -> Question | None:
        """The latest question. None before the first one, and if it was removed from the bank."""
        if self.bank is None or not self.row.number:
            return None
        return self.bank.questions.get(self.row.questions[self.row.number - 1])

    @property
    def title(self) -> str:
        """The title of what the quiz covers."""
        if self.course is None:
            return self.row.course.upper()
        node = self.course.nodes.get(self.row.route or "")
        return node.title if node else self.course.title

    @property
    def last(self) -> bool:
        """Whether the latest question is the last one."""
        return self.row.number >= len(self.row.questions)


@dataclass(frozen=True, slots=True)
class Answered:
    """A recorded answer. ``letters`` are the chosen ones, ``answered`` the number of players who have answered."""

    quiz: Quiz
    letters: str
    joined: Joined
    answered: int

    @property
    def complete(self) -> bool:
        """Whether all players have answered."""
        return self.answered >= self.joined.players


@dataclass(frozen=True, slots=True)
class Closed:
    """A question that was just closed, and its answers."""

    quiz: Quiz
    tally: Tally


@dataclass(frozen=True, slots=True)
class Final:
    """The final ranking of a quiz after ``played`` questions."""

    quiz: Quiz
    ending: Ending
    places: tuple[Placed, ...]
    played: int


class Quizzes:
    """Quizzes in channels."""

    def __init__(self, store: Store, catalogue: Catalogue, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._quizzes = store.quizzes
        self._catalogue = catalogue
        self._now = now

    async def begin(
        self, number: int, asker: Asker, channel: int, course: Course, settings: Settings, alive: Callable[[int], bool]
    ) -> Quiz:
        """Begin a quiz in a channel, with the asker as its host and first player. ``number`` is its ID, and the seed
        that selects its questions.

        Raises ``NotFound`` without questions, and ``NotAllowed`` if one that is ``alive`` is in progress.
        """
        bank = self._catalogue.bank(course)
        questions = practice(bank, settings.route, settings.count, number, kinds=KINDS, cases=False)
        opens = self._whole()
        wanted = QuizRow(
            number, asker.server or 0, channel, course.id, settings.route, settings.seconds,
            tuple(question.id for question in questions), Stage.LOBBY, 0,
            opens, opens + timedelta(seconds=LOBBY_SECONDS), None, asker.learner,
        )  # fmt: skip
        stored = await self._quizzes.begin(wanted, alive)
        quiz = self._quiz(stored, await self._store.privacy.is_hidden(asker.learner))
        if stored.id != number:
            raise NotAllowed(_running(quiz))
        return quiz

    async def join(self, number: int, learner: int) -> Joined:
        """Join a quiz. Raises ``Stale`` if it has ended."""
        joined = await self._quizzes.join(number, learner)
        if joined is None:
            raise Stale(OVER)
        return joined

    async def ask(self, number: int) -> Quiz | None:
        """Open the next question that is in the bank. Return None if the quiz has ended or no question is left."""
        row = await self._quizzes.of(number)
        if row is None:
            return None
        quiz = self._quiz(row)
        while not quiz.last:
            quiz = self._quiz(replace(quiz.row, number=quiz.row.number + 1))
            if quiz.question:
                opens = self._whole()
                closes = opens + timedelta(seconds=row.seconds)
                asked = await self._quizzes.ask(number, quiz.row.number, opens, closes)
                return self._quiz(asked) if asked else None
        return None

    async def posted(self, quiz: Quiz, message: int) -> Quiz | None:
        """Record the message of what ``begin`` or ``ask`` opened. Return None if the quiz has ended.

        If the message took long to arrive, the question closes later than stated in it.
        """
        row = quiz.row
        late = self._now() - row.opens
        late = timedelta(seconds=int(late.total_seconds())) if late > LATE else timedelta()
        stored = await self._quizzes.posted(row.id, row.number, message, row.opens + late, row.closes + late)
        return self._quiz(stored, quiz.host_hidden) if stored else None

    async def answer(self, number: int, question: int, learner: int, letters: str) -> Answered:
        """Answer a question, or change the answer. Raises ``Stale`` if it isn't open."""

        def judge(row: QuizRow) -> tuple[int, bool]:
            asked = self._quiz(row).question
            if asked is None:
                raise Stale(OVER)
            given = chosen(asked, row.id, letters)
            if len(given) != (len(asked.right) if asked.kind is Kind.MULTIPLE else 1):
                raise Stale("This button is out of date. Tap one below the question.")
            return _choice(given), mark(asked, given)

        stored = await self._quizzes.answer(number, question, learner, judge, self._now())
        if stored is None:
            going = await self._quizzes.of(number)
            raise Stale("This question is closed. The next one is coming up." if going and not _done(going) else OVER)
        row, joined, tally = stored
        return Answered(self._quiz(row), letters, joined, tally.answered)

    async def close(self, number: int) -> Closed | None:
        """Close the question. Return None if the quiz has ended."""
        closed = await self._quizzes.close(number)
        return Closed(self._quiz(closed[0]), closed[1]) if closed else None

    async def end(self, number: int, ending: Ending) -> Final | None:
        """End a quiz and delete its rows. Return None if it has already ended."""
        return self._final(await self._quizzes.end(number, self._now()), ending)

    async def standing(self, number: int, ending: Ending) -> Final | None:
        """Return the result that the quiz would have if it ended now."""
        return self._final(await self._quizzes.scores(number), ending)

    async def host_of(self, number: int) -> int | None:
        """Return who began a quiz; None if their data was deleted. Raises ``Stale`` if it has ended."""
        row = await self._quizzes.of(number)
        if row is None:
            raise Stale(OVER)
        return row.host

    async def open(self) -> list[int]:
        """Return the IDs of the quizzes in progress, in any process."""
        return await self._quizzes.open()

    async def forget(self, server: int) -> list[int]:
        """Delete the quizzes of a server. Return their IDs."""
        gone = await self._quizzes.open_in(server)
        for number in gone:
            await self._quizzes.end(number, self._now())
        return gone

    def _final(self, found: tuple[QuizRow, list[Score]] | None, ending: Ending) -> Final | None:
        return Final(self._quiz(found[0]), ending, places(found[1]), closed(found[0])) if found else None

    def _quiz(self, row: QuizRow, host_hidden: bool = False) -> Quiz:
        return Quiz(row, self._catalogue.courses.get(row.course), self._catalogue.banks.get(row.course), host_hidden)

    def _whole(self) -> datetime:
        """Return the current time in whole seconds, the precision of the store and of Discord timestamps."""
        return from_seconds(seconds(self._now()))


def _choice(given: Sequence[int]) -> int:
    """Return the number that is stored for an answer: the option's index, or the digits of several, counted from 1."""
    if len(given) == 1:
        return given[0]
    return int("".join(str(index + 1) for index in sorted(given)))


def _done(row: QuizRow) -> bool:
    return row.stage is Stage.PAUSE and row.number >= len(row.questions)


def _running(quiz: Quiz) -> str:
    row = quiz.row
    where = f"question {row.number} of {len(row.questions)}" if row.number else "it is about to start"
    link = f"https://discord.com/channels/{row.server}/{row.channel}/{row.message}"
    shown = f"[Go to it]({link})." if row.message else "Scroll to the bottom of the channel."
    return f"A quiz on **{quiz.title}** is already running here: {where}. {shown}"
