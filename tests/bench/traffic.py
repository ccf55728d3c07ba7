"""Members who give commands, as the simulated Discord plays them: in turn, several at once, or at a rate of their own.

This runs in the process of the loopback server. The clocks here are that process's, so what is measured is what a
member waits for: from the moment the event leaves for the gateway until the bot's callback has arrived.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import count
from secrets import token_urlsafe
from typing import Any, Protocol

from bot.views.layout import State
from tests.bench.payloads import command, press

BUTTON = "wm1:"
"""A command whose name starts with this is a button, and its name the ``custom_id``."""
STRAGGLERS = 20.0
"""Seconds to wait for the last answers of a batch before they count as never given."""

Arrivals = dict[str, "asyncio.Future[tuple[float, Any]]"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A command that is given: how often (``share``, in parts of all) and by whom.

    With ``fresh`` each is given by the next learner from ``first``; else by any of ``learners`` from ``first``.
    """

    name: str
    options: dict[str, str]
    first: int
    learners: int = 1
    share: float = 1.0
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """So many commands of some kinds, drawn by ``seed``.

    Without a ``rate`` each of ``users`` gives the next command when the last one was answered (closed loop). With one,
    so many a second are given whether or not anything is answered (open loop).
    """

    kinds: list[Kind]
    commands: int
    users: int = 1
    rate: float = 0.0
    seed: int = 1

    @classmethod
    def read(cls, told: dict[str, Any]) -> "Batch":
        return cls(**{**told, "kinds": [Kind(**kind) for kind in told["kinds"]]})

    def told(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Seen:
    """What Discord's side saw: for each command its kind (a place in the batch's list), the seconds until the callback
    (None: never), and whether it was a refusal; then the seconds in all, the CPU seconds of this process, and how far
    it was behind its own timetable at most.
    """

    answers: list[tuple[int, float | None, bool]] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0
    behind: float = 0.0

    @property
    def waits(self) -> list[float]:
        """The seconds of all that was answered."""
        return [wait for _, wait, _ in self.answers if wait is not None]


class Side(Protocol):
    """What is needed of the simulated Discord."""

    arrived: Arrivals

    def snowflake(self) -> int: ...

    async def _tell(self, event: str, payload: dict[str, Any]) -> None: ...


class Traffic:
    """Gives the commands of a batch and notes when they are answered."""

    def __init__(self, side: Side) -> None:
        self._side = side
        self._seen = Seen()

    async def run(self, batch: Batch) -> Seen:
        self._seen = Seen()
        plan = _drawn(batch)
        start, before = time.perf_counter(), time.process_time()
        if batch.rate:
            await self._keep_rate(plan, batch, start)
        else:
            await asyncio.gather(*(self._user(plan, batch) for _ in range(batch.users)))
        self._seen.seconds = time.perf_counter() - start
        self._seen.cpu = time.process_time() - before
        return self._seen

    async def _user(self, plan: "Iterator[tuple[int, int]]", batch: Batch) -> None:
        for kind, learner in plan:
            await self._give(batch, kind, learner, time.perf_counter())

    async def _keep_rate(self, plan: "Iterator[tuple[int, int]]", batch: Batch, start: float) -> None:
        given: list[asyncio.Task[None]] = []
        for number, (kind, learner) in enumerate(plan):
            due = start + number / batch.rate
            # Also without a pause, what has arrived meanwhile has its turn.
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            self._seen.behind = max(self._seen.behind, time.perf_counter() - due)
            given.append(asyncio.create_task(self._give(batch, kind, learner, due)))
        _, late = await asyncio.wait(given, timeout=STRAGGLERS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _give(self, batch: Batch, kind: int, learner: int, since: float) -> None:
        wanted = batch.kinds[kind]
        own = self._side.snowflake()
        answer = self._side.arrived[str(own)] = asyncio.get_running_loop().create_future()
        wait, refused = None, False
        try:
            # The time is in the id, and the token is as long and as irregular, as with Discord's own.
            named = {"id": str(own), "token": token_urlsafe(142)}
            if wanted.name.startswith(BUTTON):
                made = press(learner, wanted.name)
            else:
                made = command(1, learner, wanted.name, wanted.options)
            await self._side._tell("INTERACTION_CREATE", {**made, **named})
            at, sent = await answer
            wait, refused = at - since, wanted.name != "empty" and refusal(sent)
        finally:
            self._side.arrived.pop(str(own), None)
            self._seen.answers.append((kind, wait, refused))


def refusal(sent: dict[str, Any]) -> bool:
    """Return whether a response is a refusal: plain text, or a message in the warning color."""
    data = sent.get("data") or {}
    colours = (each.get("accent_color") for each in data.get("components") or [])
    return bool(data.get("content")) or State.WARNING.value in colours


def _drawn(batch: Batch) -> Iterator[tuple[int, int]]:
    """Kind and learner of each command."""
    draw = random.Random(batch.seed)
    following: list[Callable[[], int]] = [_learners(kind, draw) for kind in batch.kinds]
    places, shares = range(len(batch.kinds)), [kind.share for kind in batch.kinds]
    for place in draw.choices(places, shares, k=batch.commands):
        yield place, following[place]()


def _learners(kind: Kind, draw: random.Random) -> Callable[[], int]:
    if kind.fresh:
        return count(kind.first).__next__
    return lambda: kind.first + draw.randrange(kind.learners)
