"""The interface of a kind of scheduled message, and what the engine asks of Discord."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Generic, Protocol, TypeVar

from bot.store.deliveries import DueSlot, Key, OpenDelivery, Schedules

NO_COURSE = "the bot no longer has this course"
"""The reason recorded for skipping slots of a course that the operator has removed."""

Begin = Callable[[], Awaitable[bool]]

S = TypeVar("S")


class Unavailable(Exception):
    """Discord can't accept a message now. ``after`` is how long it asked to wait, if it did."""

    def __init__(self, reason: str, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Refused(Exception):
    """Discord rejects messages until permissions, settings or the channel change.

    ``seen`` describes what Discord's cached permissions allow now. ``gone`` is True if the channel no longer exists.
    """

    def __init__(self, reason: str, seen: str, *, gone: bool = False) -> None:
        super().__init__(reason)
        self.seen = seen
        self.gone = gone


class BuildError(Exception):
    """A message can't be built or drawn, because of an error here or in a library.

    The text is shown in the schedule's status.
    """


@dataclass(frozen=True, slots=True)
class Destination:
    """A channel of a server, or a direct message channel (``server`` 0).

    With ``learner``, the direct message channel of that learner, whose ID isn't known yet (``channel`` 0).
    """

    channel: int
    server: int = 0
    thread: bool = False
    learner: int = 0


@dataclass(frozen=True, slots=True)
class Marker:
    """Identifies one message. ``text`` is the end of the ``custom_id`` of one of its buttons."""

    owner: int
    text: str

    @property
    def nonce(self) -> str:
        """At most 25 characters, the same for each attempt.

        Discord drops a second message with the same nonce if it is sent soon after. Discord compares the nonces of all
        of the bot's messages in all channels, so the nonce includes the owner (a server or a learner).
        """
        return blake2b(f"{self.owner}:{self.text}".encode(), digest_size=10).hexdigest()


class Content(Protocol):
    """The content of a message. The client knows how to render each type."""

    @property
    def marker(self) -> Marker: ...


class Messenger(Protocol):
    """What the engine asks of Discord. Methods raise ``Unavailable`` and ``Refused``."""

    async def check(self, to: Destination) -> str:
        """Return what the cached permissions allow. Raises ``Refused`` if one is missing. Makes no request."""

    async def find(self, to: Destination, marker: Marker, since: datetime) -> int | None:
        """Return the ID of the bot's message with this marker, not older than ``since``; None if there is none."""

    async def send(self, to: Destination, content: Content, begin: Begin) -> int | None:
        """Send a message and return its ID.

        ``begin`` is awaited right before. If it returns False, nothing is sent and the result is None. Raises
        ``BuildError`` for a message that can't be rendered.
        """

    async def open_direct(self, learner: int) -> int:
        """Return the channel ID of a learner's direct messages."""

    async def names(self, server: int, learners: list[int]) -> dict[int, str | None]:
        """Return the names of learners in the server, and None for those who left.

        Learners that can't be looked up are left out.
        """

    async def discuss(self, to: Destination, message: int, title: str) -> None:
        """Create a thread from a message of the bot, unless it has one. Raises ``Refused`` and ``Unavailable``."""

    async def tell(self, server: int, user: int | None, notice: object) -> None:
        """Send a notice to a manager by direct message, or in the system channel if that fails.

        A nonce keeps Discord from posting it twice within minutes.
        """


@dataclass(frozen=True, slots=True)
class Pending(Generic[S]):
    """What an active schedule has to deliver now.

    ``slots`` are the due slots, oldest first. If there are none and nothing is open, only the next slot is recomputed.
    """

    schedule: S
    key: Key
    course: str
    to: Destination
    slots: Sequence[DueSlot] = ()
    open: OpenDelivery | None = None


class Kind(Protocol[S]):
    """One kind of scheduled message."""

    name: str
    late_limit: timedelta
    """A message that is later than this is skipped."""
    too_late: str
    """The reason recorded for a skipped late message."""
    kept: timedelta | None
    """Receipts older than this are deleted; None keeps all."""

    @property
    def schedules(self) -> Schedules[S]: ...

    async def due(self, now: datetime, most: int) -> list[Key]:
        """Return the keys of the schedules that are due, oldest first, at most ``most``."""

    async def pending(self, key: Key, now: datetime) -> Pending[S] | None:
        """Return what is due now. None if nothing is due or the schedule is off."""

    async def obstacle(self, pending: Pending[S], slot: DueSlot) -> str:
        """Return why a slot must be skipped; empty if it must not."""

    def marker(self, pending: Pending[S], slot: DueSlot, *, repeated: bool) -> Marker:
        """Return the marker of a slot's message."""

    async def content(
        self, pending: Pending[S], slot: DueSlot, marker: Marker, late_since: datetime | None, messenger: Messenger
    ) -> Content:
        """Build the message of a slot from the current data."""

    async def over(self, pending: Pending[S]) -> str | None:
        """Return why the schedule pauses after this message; None if it doesn't."""

    async def suspend(self, pending: Pending[S], refused: Refused) -> None:
        """Suspend the schedule until Discord accepts its messages again."""

    async def look_after(self, messenger: Messenger, is_here: Callable[[Key], bool]) -> None:
        """Resume schedules that can run again, and tell people about suspended ones. Called before each round."""
