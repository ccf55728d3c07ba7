"""What a kind of scheduled message has to say, and what the engine asks Discord to do."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Generic, Protocol, TypeVar

from bot.store.deliveries import DueSlot, Key, OpenDelivery, Schedules

NO_COURSE = "the bot no longer has this course"
"""Why slots of a course are skipped that the operator has removed."""

Begin = Callable[[], Awaitable[bool]]

S = TypeVar("S")


class Unavailable(Exception):
    """Discord can't take a message now. ``after`` is how long it asked to wait, if it did."""

    def __init__(self, reason: str, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Refused(Exception):
    """Discord won't take a message until something changes there.

    ``seen`` is what Discord's cached permissions allow now; ``gone`` whether the channel no longer exists.
    """

    def __init__(self, reason: str, seen: str, *, gone: bool = False) -> None:
        super().__init__(reason)
        self.seen = seen
        self.gone = gone


class BuildError(Exception):
    """A message can't be built or drawn: an error of ours or of a library. The text is for the schedule's status."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A channel of a server, or a direct message channel (``server`` 0).

    With ``learner``, the direct message channel of that learner, which isn't known yet (``channel`` 0).
    """

    channel: int
    server: int = 0
    thread: bool = False
    learner: int = 0


@dataclass(frozen=True, slots=True)
class Marker:
    """What identifies one message: ``text`` ends the ``custom_id`` of one of its buttons."""

    owner: int
    text: str

    @property
    def nonce(self) -> str:
        """At most 25 characters, the same for each attempt. Discord drops a second message with it soon after.

        Discord compares the nonces of all messages of the bot in every channel, so the owner (a server or a learner) is
        part of it.
        """
        return blake2b(f"{self.owner}:{self.text}".encode(), digest_size=10).hexdigest()


class Content(Protocol):
    """What a message is about. The client knows how to render each type."""

    @property
    def marker(self) -> Marker: ...


class Messenger(Protocol):
    """What Discord can be asked to do. Raises ``Unavailable`` and ``Refused``."""

    async def check(self, to: Destination) -> str:
        """What the cached permissions allow; raises ``Refused`` for what is missing. Makes no request."""

    async def find(self, to: Destination, marker: Marker, since: datetime) -> int | None:
        """The ID of a message of ours with this marker, not older than ``since``."""

    async def send(self, to: Destination, content: Content, begin: Begin) -> int | None:
        """Send a message and return its ID. ``begin`` is awaited right before; if it says no, nothing is sent: None.

        Raises ``BuildError`` for a message that can't be rendered.
        """

    async def open_direct(self, learner: int) -> int:
        """The channel of a learner's direct messages."""

    async def names(self, server: int, learners: list[int]) -> dict[int, str | None]:
        """Names of those who are in the server, None for those who aren't; nothing for those not found out."""

    async def tell(self, server: int, user: int | None, notice: object) -> None:
        """Tell a manager something by direct message, else in the system channel. Once, as far as Discord lets it."""


@dataclass(frozen=True, slots=True)
class Pending(Generic[S]):
    """What a schedule that is on has to deliver now.

    ``slots`` are due, oldest first. With none and nothing open, only the schedule's next slot is computed anew.
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
    """The reason that is recorded then."""
    kept: timedelta | None
    """Receipts older than this are dropped; None keeps all."""

    @property
    def schedules(self) -> Schedules[S]: ...

    async def due(self, now: datetime, most: int) -> list[Key]:
        """Whose schedules are due, the oldest first."""

    async def pending(self, key: Key, now: datetime) -> Pending[S] | None:
        """What is due now; None if nothing is or the schedule is off."""

    async def obstacle(self, pending: Pending[S], slot: DueSlot) -> str:
        """Why a slot is to be skipped; empty if it isn't."""

    def marker(self, pending: Pending[S], slot: DueSlot, *, repeated: bool) -> Marker:
        """What identifies the message of a slot."""

    async def content(
        self, pending: Pending[S], slot: DueSlot, marker: Marker, late_since: datetime | None, messenger: Messenger
    ) -> Content:
        """The message of a slot as of now."""

    async def over(self, pending: Pending[S]) -> str | None:
        """Why the schedule pauses after this message; None if it doesn't."""

    async def suspend(self, pending: Pending[S], refused: Refused) -> None:
        """Suspend the schedule until Discord lets its messages through."""

    async def look_after(self, messenger: Messenger, is_here: Callable[[Key], bool]) -> None:
        """Resume what can run again and tell people what is suspended. Called before each round."""
