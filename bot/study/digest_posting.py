"""An edition of a digest, and what Discord is asked to do with it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Protocol

from bot.core.cohort.digest import Digest
from bot.store.cohorts import Cohort

Names = Mapping[int, str]

LEASE = timedelta(minutes=4)
"""How long a claim holds without news. Sending gives up well before."""
SKEW = timedelta(minutes=2)
"""Discord's clock may differ from ours by this much at most."""
LATE = timedelta(minutes=30)
"""From here on a message that had its time says that it is late."""
FIRST_PAUSE = timedelta(seconds=20)
LONGEST_PAUSE = timedelta(minutes=30)


class Later(Exception):
    """Discord can't take it now. ``after`` is how long it asked to wait, if it did."""

    def __init__(self, reason: str, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after


def pause_after(attempts: int, later: Later) -> timedelta:
    """How long to wait after so many attempts: longer each time, or as long as Discord asks for."""
    doubled: timedelta = FIRST_PAUSE * 2 ** min(attempts - 1, 10)
    return max(later.after or timedelta(), min(doubled, LONGEST_PAUSE))


class Refused(Exception):
    """Discord won't take it until something changes there. ``seen`` is what it allows now."""

    def __init__(self, reason: str, seen: str, *, gone: bool = False) -> None:
        super().__init__(reason)
        self.seen = seen
        self.gone = gone


@dataclass(frozen=True, slots=True)
class Edition:
    """A digest that is ready to be shown: with names, and what marks it so that it is found again."""

    digest: Digest
    names: Names
    mark: str
    server: int
    late_since: datetime | None = None

    @property
    def nonce(self) -> str:
        """At most 25 characters, the same for each attempt at this digest; Discord drops a second one soon after.

        Discord looks among all messages of the bot, in every channel: the server must be part of it.
        """
        return blake2b(f"{self.server}:{self.mark}".encode(), digest_size=10).hexdigest()


class Desk(Protocol):
    """What Discord can be asked to do for a digest. Raises ``Later`` and ``Refused``."""

    async def allowed(self, cohort: Cohort) -> str:
        """Raise ``Refused`` where the channel or a permission is missing, ``Later`` in an outage. Makes no request."""

    async def roster(self, server: int, learners: list[int]) -> dict[int, str | None]:
        """Names of those who are in the server, None for those who aren't; nothing for those not found out."""

    async def find(self, cohort: Cohort, mark: str, since: datetime) -> int | None:
        """The id of a message of ours with this mark, not older than ``since``."""

    async def send(self, cohort: Cohort, edition: Edition, begin: Callable[[], Awaitable[bool]]) -> int | None:
        """Post it and return its id. ``begin`` is awaited right before; where it says no, nothing is sent: None."""
