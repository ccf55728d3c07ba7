"""Mock exams: begun, answered question by question on any device, finished by the learner or by the clock."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.questions import mock_exam, rounds
from bot.core.questions.bank import Bank
from bot.core.questions.mock_exam import Paper
from bot.core.questions.mock_exam_report import report as report_of
from bot.errors import Stale
from bot.store import Store
from bot.store.mock_exams import Change, Result
from bot.study.mock_exam_results import Ending, Finished, GivenUp, GivingUp, Lobby, Mistake, Sitting

OVER = "That mock exam isn't open any more. `/exam` goes on with the one that is, or starts a new one."
UNTOUCHED = "It was over already, so nothing changed."
TOO_LATE = "Time is over: what was answered by then counts."


Open = Sitting | Ending | Finished


class Mocks:
    """Mock exams. Members take their own; nobody else sees them."""

    def __init__(self, store: Store, catalogue: Catalogue, *, now: Callable[[], datetime]) -> None:
        self._mocks = store.mocks
        self._catalogue = catalogue
        self._now = now

    async def enter(
        self, learner: int, course: Course, count: int | None = None, minutes: int | None = None
    ) -> Lobby | Sitting | GivingUp | Finished:
        """The open mock exam where it was, or what a new one would be.

        Where one is open and something else was asked for, the learner is to decide. Raises ``NotFound`` for a course
        without exam domains or questions.
        """
        bank = self._catalogue.bank(course)
        paper = await self._mocks.open(learner, course.id)
        if paper is None:
            return await self.lobby(learner, course, count or mock_exam.USUAL, minutes)
        return await self._resumed(learner, bank, paper, count, minutes)

    async def lobby(self, learner: int, course: Course, count: int, minutes: int | None) -> Lobby:
        """What a new mock exam would be. Raises ``NotFound``."""
        bank = self._catalogue.bank(course)
        exam = rounds.mock_exam(bank, count, 0)
        asked = len(exam.questions)
        pace = mock_exam.pace(course.exam, asked) if course.exam else None
        results = (await self._mocks.results(learner, course.id))[:3]
        return Lobby(bank, asked, minutes, exam.counts, exam.silent, results, pace)

    async def begin(
        self, learner: int, course: Course, count: int, minutes: int | None
    ) -> Sitting | GivingUp | Finished:
        """Begin a mock exam now; where one is open, as ``enter``. Raises ``NotFound``."""
        bank, now = self._catalogue.bank(course), from_seconds(seconds(self._now()))

        def begun(latest: Paper | None, least: int) -> Paper:
            avoid = {answer.question for answer in latest.answers} if latest else frozenset()
            return mock_exam.draw(bank, learner, max(least, seconds(now)), count, minutes, avoid, now)

        paper, new = await self._mocks.begin(learner, course.id, begun)
        return Sitting(bank, paper) if new else await self._resumed(learner, bank, paper, count, minutes, exactly=True)

    async def turn(self, learner: int, course: Course, number: int, place: int) -> Open:
        """Open a mock exam at a question. Raises ``Stale``."""
        bank = self._catalogue.bank(course)
        return await self._open(learner, bank, number, lambda paper: mock_exam.turn(paper, bank, place))

    async def answer(self, learner: int, course: Course, number: int, place: int, letters: str) -> Open:
        """Answer a question with the letters of its showing, unless the time is over. Raises ``Stale``."""
        bank = self._catalogue.bank(course)
        found = await self._open(learner, bank, number, lambda paper: mock_exam.answer(paper, bank, place, letters))
        if isinstance(found, Sitting) and not found.unanswered and found.item and found.item.place == place:
            return Ending(found)
        return found

    async def finish(self, learner: int, course: Course, number: int, *, sure: bool = False) -> Open:
        """Finish a mock exam; unless ``sure``, only where all is answered. Raises ``Stale``."""
        bank, now = self._catalogue.bank(course), self._now()

        def finished(paper: Paper) -> Paper:
            return mock_exam.close(paper, bank, now) if sure or not mock_exam.unanswered(paper, bank) else paper

        found = await self._open(learner, bank, number, finished)
        return Ending(found) if isinstance(found, Sitting) else found

    async def give_up(
        self, learner: int, course: Course, number: int, *, sure: bool = False
    ) -> GivingUp | GivenUp | Finished:
        """Drop an open mock exam, if ``sure``. One whose time is over is finished. Raises ``Stale``."""
        bank = self._catalogue.bank(course)
        before, after, results = await self._change(learner, bank, number, lambda paper: None if sure else paper)
        if after is None:
            return GivenUp(course, len(before.answers), before.minutes)
        found = self._seen(bank, before, after, results)
        return GivingUp(found) if isinstance(found, Sitting) else found

    async def report(self, learner: int, course: Course, number: int) -> Finished:
        """What came of a mock exam. Raises ``Stale`` where it isn't over, or its answers aren't kept."""
        bank = self._catalogue.bank(course)
        paper = await self._over(learner, course, number)
        return _finished(bank, paper, await self._mocks.results(learner, course.id))

    async def mistake(self, learner: int, course: Course, number: int, place: int) -> Mistake:
        """The first mistake from a place on, else the last. Raises ``Stale``."""
        bank = self._catalogue.bank(course)
        paper = await self._over(learner, course, number)
        found = mock_exam.mistakes(paper, bank)
        if not found:
            raise Stale("There is no mistake to look at: what is left in the bank was right.")
        at = next((index for index, item in enumerate(found) if item.place >= place), len(found) - 1)
        before = found[at - 1].place if at else None
        after = found[at + 1].place if at + 1 < len(found) else None
        return Mistake(bank, paper, found[at], at + 1, len(found), before, after)

    async def _resumed(
        self, learner: int, bank: Bank, paper: Paper, count: int | None, minutes: int | None, *, exactly: bool = False
    ) -> Sitting | GivingUp | Finished:
        """An open paper. What isn't ``exactly`` asked for, None, is no matter."""
        if paper.over(self._now()):
            before, after, results = await self._change(learner, bank, paper.number, lambda open_paper: open_paper)
            if after and after.ended:
                return _finished(bank, after, results, TOO_LATE if before.ended is None else "")
        most = sum(map(len, bank.of_domain.values()))
        other = count is not None and count != len(paper.answers) and min(count, most) != len(paper.answers)
        timed = (exactly or minutes is not None) and minutes != paper.minutes
        sitting = Sitting(bank, paper)
        return GivingUp(sitting, asked=True) if other or timed else sitting

    async def _open(
        self, learner: int, bank: Bank, number: int, change: Callable[[Paper], Paper]
    ) -> Sitting | Finished:
        before, after, results = await self._change(learner, bank, number, change)
        if after is None:
            raise Stale(OVER)
        return self._seen(bank, before, after, results)

    async def _change(
        self, learner: int, bank: Bank, number: int, change: Change
    ) -> tuple[Paper, Paper | None, list[Result]]:
        """Change an open paper in time; one whose time is over is closed instead. Raises ``Stale`` for none."""
        now = self._now()

        def decided(paper: Paper) -> Paper | None:
            if paper.ended is not None:
                return paper
            return mock_exam.close(paper, bank, now) if paper.over(now) else change(paper)

        before, after, results = await self._mocks.change(learner, bank.course.id, number, decided)
        if before is None:
            raise Stale(OVER)
        return before, after, results

    def _seen(self, bank: Bank, before: Paper, after: Paper, results: Sequence[Result]) -> Sitting | Finished:
        if after.ended is None:
            return Sitting(bank, after)
        if not after.answers:
            raise _forgotten(after)
        if before.ended is not None:
            return _finished(bank, after, results, UNTOUCHED)
        return _finished(bank, after, results, TOO_LATE if after.ended == after.ends else "")

    async def _over(self, learner: int, course: Course, number: int) -> Paper:
        paper = await self._mocks.of(learner, course.id, number)
        if paper is None:
            raise Stale(OVER)
        if paper.ended is None:
            raise Stale("That mock exam is still open. `/exam` goes on with it.")
        if not paper.answers:
            raise _forgotten(paper)
        return paper


def _finished(bank: Bank, paper: Paper, results: Sequence[Result], note: str = "") -> Finished:
    earlier = [result for result in results if result.number < paper.number][:3]
    return Finished(bank, paper, report_of(paper, bank), earlier, note)


def _forgotten(paper: Paper) -> Stale:
    return Stale(
        f"Answers are kept of your latest mock exam only. Of this one is left: {paper.right} of {paper.asked} right."
    )
