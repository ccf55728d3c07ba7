"""A Discord without its library: messages that outlive every process, and a messenger that fails when it is told to."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.store.deliveries import Key
from bot.study import Study
from bot.study.delivery_kind import Content, Destination, Kind, Marker

EVERYTHING = "everything"
"""What the channels allow at first."""


class Killed(BaseException):
    """The process ends here."""


@dataclass(frozen=True)
class Message:
    """A message as its channel keeps it."""

    id: int
    to: Destination
    at: datetime
    content: Any

    @property
    def mark(self) -> str:
        return self.content.marker.text

    @property
    def server(self) -> int:
        return self.to.server

    @property
    def channel(self) -> int:
        return _channel(self.to)


def _channel(to: Destination) -> int:
    """The channel that a destination stands for."""
    return to.learner + 5000 if to.learner else to.channel


@dataclass
class Chat:
    """What Discord keeps: messages, members, and what channels allow."""

    now: Callable[[], datetime]
    messages: list[Message] = field(default_factory=list)
    members: dict[int, str | None] | None = None
    """Names by ID, None for those who left. None: everyone is there."""
    allows: str | Exception = EVERYTHING
    notices: list[tuple[int, int | None, Any]] = field(default_factory=list)
    threads: list[tuple[int, int, str]] = field(default_factory=list)

    def marks(self, owner: int) -> list[str]:
        """The markers of a server's or a learner's messages, without the tests of set-ups."""
        return [message.mark for message in self.sent(owner)]

    def sent(self, owner: int) -> list[Message]:
        return [each for each in self.messages if each.content.marker.owner == owner and ":test:" not in each.mark]


class PlainMessenger:
    """A ``Messenger`` of one process. ``trouble`` says what happens at which step of a call; each step is recorded.

    Steps are ``check``, ``names``, ``open``, ``find``, ``draw``, ``send`` (the claim stands, nothing has arrived) and
    ``sent`` (the message has arrived, the answer has not). Direct messages have no ``check``.
    """

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.steps: list[str] = []
        self.trouble: Callable[[str], BaseException | None] = lambda _: None
        self.between: Callable[[str], Awaitable[None]] | None = None

    def next(self, step: str, *errors: BaseException) -> None:
        """Raise these the next times that ``step`` is reached."""
        left = list(errors)
        self.trouble = lambda at: left.pop(0) if at == step and left else None

    async def _at(self, step: str) -> None:
        self.steps.append(step)
        if self.between:
            await self.between(step)
        if error := self.trouble(step):
            raise error

    def requests(self) -> list[str]:
        """What Discord was asked over the network."""
        return [step for step in self.steps if step in ("find", "send")]

    async def check(self, to: Destination) -> str:
        if not to.server:
            return ""
        await self._at("check")
        if isinstance(self.chat.allows, Exception):
            raise self.chat.allows
        return self.chat.allows

    async def names(self, server: int, learners: list[int]) -> dict[int, str | None]:
        await self._at("names")
        members = self.chat.members
        return {learner: f"Member {learner}" if members is None else members.get(learner) for learner in learners}

    async def open_direct(self, learner: int) -> int:
        await self._at("open")
        return _channel(Destination(0, learner=learner))

    async def find(self, to: Destination, marker: Marker, since: datetime) -> int | None:
        await self._at("find")
        for message in self.chat.messages:
            if (message.channel, message.mark) == (_channel(to), marker.text) and message.at >= since:
                return message.id
        return None

    async def send(self, to: Destination, content: Content, begin: Callable[[], Awaitable[bool]]) -> int | None:
        await self._at("draw")
        if not await begin():
            return None
        await self._at("send")
        number = len(self.chat.messages) + 1
        self.chat.messages.append(Message(number, to, self.chat.now(), content))
        await self._at("sent")
        return number

    async def discuss(self, to: Destination, message: int, title: str) -> None:
        await self._at("discuss")
        self.chat.threads.append((to.channel, message, title))

    async def tell(self, server: int, user: int | None, notice: object) -> None:
        self.chat.notices.append((server, user, notice))


@dataclass
class Process:
    """A running bot without Discord's library."""

    study: Study
    messenger: PlainMessenger

    @property
    def digests(self) -> Any:
        return self.study.digests

    @property
    def store(self) -> Any:
        return self.study._store

    @property
    def settings(self) -> Any:
        return self.study.reminder_settings

    async def tick(self, *kinds: Kind[Any]) -> None:
        """What the loop does in each round, for these kinds or all."""
        for kind in kinds or self.study.kinds:
            await kind.look_after(self.messenger, lambda _: True)
            for key in await kind.due(self.study.now(), 100):
                await self.serve(kind, key)

    async def serve(self, kind: Kind[Any], key: Key) -> None:
        await self.study.deliveries.serve(kind, key, self.messenger)

    async def due(self, kind: Kind[Any], most: int = 100) -> list[Key]:
        return await kind.due(self.study.now(), most)

    async def serve_digests(self) -> None:
        """Serve the digests that are due."""
        for key in await self.due(self.digests.kind):
            await self.serve(self.digests.kind, key)
