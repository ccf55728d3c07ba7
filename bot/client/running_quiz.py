"""The state of a running quiz in memory."""

import asyncio
from dataclasses import dataclass, field

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
    timer: InterruptibleSleep = field(default_factory=InterruptibleSleep)
    players: int = 0
    started: bool = False
    stopped: bool = False
    complete_question: int = 0
    """The number of the latest question that all players have answered."""
    shown: Quiz | None = None
    """The quiz in the state that its last message shows."""
    task: asyncio.Task[None] | None = None

    def all_answered(self, question: int) -> bool:
        """Return whether all players have answered this question."""
        return self.complete_question >= question
