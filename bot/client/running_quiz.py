"""The state of a running quiz in memory."""

import asyncio
from dataclasses import dataclass, field

from bot.client.quiz_replies import QuizReplies
from bot.study.quizzes import Quiz


class InterruptibleSleep:
    """A sleep that another task can end. A ``wake`` before ``sleep`` ends that sleep immediately."""

    def __init__(self) -> None:
        self._woken = False
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        self._woken = True
        if self._task:
            self._task.cancel()

    async def sleep(self, seconds: float) -> bool:
        """Sleep for at most ``seconds``. Return whether ``wake`` ended it."""
        if not self._woken:
            self._task = asyncio.create_task(asyncio.sleep(seconds))
            try:
                await asyncio.wait((self._task,))
            finally:
                self._task.cancel()
                self._task = None
        woken, self._woken = self._woken, False
        return woken


@dataclass
class RunningQuiz:
    """A running quiz, as the handlers of its buttons change it."""

    number: int
    replies: QuizReplies
    timer: InterruptibleSleep = field(default_factory=InterruptibleSleep)
    players: int = 1
    """The host, who plays, and those who joined."""
    answered_question: int = 0
    answered: int = 0
    """The number of players who answered ``answered_question``, the latest question with an answer."""
    started: bool = False
    stopped: bool = False
    complete_question: int = 0
    """The number of the latest question that all players have answered."""
    shown: Quiz | None = None
    """The quiz in the state that its last message shows."""
    task: asyncio.Task[None] | None = None

    def count(self, players: int, question: int = 0, answered: int = 0) -> None:
        """Note the number of players, and of those who answered a question. Calls may be out of order."""
        self.players = max(self.players, players)
        if question > self.answered_question:
            self.answered_question, self.answered = question, 0
        if question == self.answered_question:
            self.answered = max(self.answered, answered)
        if question and answered >= players:
            self.complete_question = max(self.complete_question, question)
        self.timer.wake()

    def progress(self, question: int) -> tuple[int, int]:
        """Return how many players answered a question, and the number of players."""
        return (self.answered if question == self.answered_question else 0), self.players

    def all_answered(self, question: int) -> bool:
        """Return whether all players have answered this question."""
        return self.complete_question >= question
