"""A quiz as the process has it that runs it, and the sleep between its steps."""

import asyncio
from dataclasses import dataclass, field

from bot.study.quizzes import Quiz


class Nap:
    """A sleep that can be ended from outside; a call that comes before it isn't lost."""

    def __init__(self) -> None:
        self._called = False
        self._sleep: asyncio.Task[None] | None = None

    def call(self) -> None:
        self._called = True
        if self._sleep:
            self._sleep.cancel()

    async def sleep(self, seconds: float) -> bool:
        """Sleep so long at most. Returns whether it was ended by a call."""
        if not self._called:
            self._sleep = asyncio.create_task(asyncio.sleep(seconds))
            try:
                await asyncio.wait((self._sleep,))
            finally:
                self._sleep.cancel()
                self._sleep = None
        called, self._called = self._called, False
        return called


@dataclass
class Game:
    """A quiz as its task has it: what was pressed since."""

    number: int
    nap: Nap = field(default_factory=Nap)
    players: int = 0
    started: bool = False
    stopped: bool = False
    complete: int = 0
    """The number of the latest question that all who play have answered."""
    shown: Quiz | None = None
    """The quiz as its last message shows it."""
    task: asyncio.Task[None] | None = None

    def has_all(self, question: int) -> bool:
        """Whether all who play have answered this question."""
        return self.complete >= question
