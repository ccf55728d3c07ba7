"""A reminder as it goes out, and what Discord is asked to do with it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Protocol

from bot.core.course.course import Node
from bot.core.course.progress import Progress
from bot.core.plan.plan import Slice
from bot.core.plan.reminders import Rhythm


@dataclass(frozen=True, slots=True)
class Letter:
    """A reminder that is ready to be shown. ``node`` is the leaf that comes next, None where all is done.

    ``week`` is what the plan has for the rest of this week, empty without one; ``due`` so many cards wait for review.
    ``mark`` (course, day, number) is in its buttons, so that it is found again. ``first`` makes it the test message of
    a set-up: when the first reminder comes.
    """

    learner: int
    progress: Progress
    node: Node | None
    mark: str
    rhythm: Rhythm
    zone: str | None
    late_since: datetime | None = None
    first: datetime | None = None
    week: tuple[Slice, ...] = ()
    due: int = 0

    @property
    def nonce(self) -> str:
        """At most 25 characters, the same for each attempt at it; Discord drops a second one of ours soon after."""
        return blake2b(f"{self.learner}:{self.mark}".encode(), digest_size=10).hexdigest()


class Mailbox(Protocol):
    """What Discord can be asked to do with direct messages. Raises ``Later`` and ``Refused``."""

    async def open(self, learner: int) -> int:
        """The channel of a learner's direct messages."""

    async def find(self, channel: int, mark: str, since: datetime) -> int | None:
        """The id of a message of ours with this mark, not older than ``since``."""

    async def send(self, channel: int, letter: Letter, begin: Callable[[], Awaitable[bool]]) -> int | None:
        """Send it and return its id. ``begin`` is awaited right before; where it says no, nothing is sent: None."""
