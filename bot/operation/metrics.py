"""What an operator can watch: counts and times of this process, and the three pages that tell them.

Nothing here knows Discord or the database: whoever does hands in what happened. No label holds an id or a name of a
person or a server, and every label has few values.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sized
from contextlib import asynccontextmanager, contextmanager
from math import isfinite
from time import perf_counter
from typing import Literal, Protocol, get_args

from aiohttp import web
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.errors import CannotStart
from bot.study.delivery import Outcome as DeliveryOutcome

Kind = Literal["command", "autocomplete", "press", "form"]
KINDS = ("digest", "digest-now", "reminder")
"""The kinds of deliveries that have a count from the start."""
Outcome = Literal["done", "refused", "shed", "failed", "late", "unanswered"]
"""Answered; refused in words; refused because too much came at once; a fault of ours; too late for Discord; no answer
at all.
"""
STORE = ("read", "write", "transaction")
UNKNOWN = "unknown"
"""The name of what the bot does not have: a name that a client made up would be a label of its own."""
DATABASE_SECONDS = 2.0


class Visit:
    """One interaction under way. Whoever answers it sets ``name`` and ``outcome``."""

    def __init__(self, stopwatch: Callable[[], float]) -> None:
        self.name = UNKNOWN
        self.outcome: Outcome = "done"
        self.seconds: float | None = None
        self._stopwatch = stopwatch
        self._received = stopwatch()

    def acknowledged(self) -> None:
        """Discord has the first answer. Only the first call counts."""
        if self.seconds is None:
            self.seconds = self._stopwatch() - self._received


class Gateway(Protocol):
    """The client of Discord, as far as it is watched."""

    @property
    def latencies(self) -> Iterable[tuple[int, float]]:
        """Shards with their seconds from a heartbeat to its answer."""

    @property
    def guilds(self) -> Sized:
        """The servers of this process."""

    def connected(self) -> bool:
        """Whether every shard of this process has its connection."""


class Metrics:
    """The counts and times of one process, in a registry of their own.

    The seconds until an answer run from the receipt of the interaction, on one steady clock: that is the part that the
    bot can mend. The way before it (Discord, the network, and waiting for this process to have time) is
    ``waymark_delivery_seconds``: it compares Discord's clock with ours, so both have to be right for it to be.
    """

    def __init__(self, stopwatch: Callable[[], float] = perf_counter) -> None:
        self.registry = CollectorRegistry()
        self.gateway: Gateway | None = None
        self.registry.register(_Watched(self))
        ProcessCollector(registry=self.registry)
        self._stopwatch = stopwatch
        self._shards: set[int] = set()
        self._visits = Counter(
            "waymark_commands",
            "Interactions by kind (command, autocomplete, press, form), name, and outcome",
            ["kind", "name", "outcome"],
            registry=self.registry,
        )
        self._acknowledge = Histogram(
            "waymark_acknowledge_seconds",
            "Seconds from the receipt of an interaction to its first answer; Discord waits for 3",
            ["kind", "name"],
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5),
            registry=self.registry,
        )
        self._delivery = Histogram(
            "waymark_delivery_seconds",
            "Seconds from an interaction's creation by Discord's clock to its receipt by ours",
            buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5),
            registry=self.registry,
        )
        self._under_way = Gauge("waymark_under_way", "Interactions that are not finished", registry=self.registry)
        self._reconnects = Counter(
            "waymark_gateway_reconnects", "Connections after a shard's first, by how", ["how"], registry=self.registry
        )
        self._deliveries = Counter(
            "waymark_deliveries", "Scheduled messages by kind and outcome", ["kind", "outcome"], registry=self.registry
        )
        for kind in KINDS:
            for outcome in get_args(DeliveryOutcome):
                self._deliveries.labels(kind, outcome)
        store = Histogram(
            "waymark_store_seconds",
            "Seconds of a read, a write or a transaction, with the wait for its turn",
            ["kind"],
            buckets=(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2),
            registry=self.registry,
        )
        self._store = {kind: store.labels(kind) for kind in STORE}
        for how in ("resumed", "identified"):
            self._reconnects.labels(how)

    @contextmanager
    def visit(self, kind: Kind, delivery: float) -> Iterator[Visit]:
        """Count an interaction and time its answer. ``delivery`` is how many seconds it was on its way."""
        visit = Visit(self._stopwatch)
        self._delivery.observe(max(delivery, 0.0))
        with self._under_way.track_inprogress():
            try:
                yield visit
            finally:
                if visit.seconds is not None:
                    self._acknowledge.labels(kind, visit.name).observe(visit.seconds)
                elif visit.outcome == "done":
                    visit.outcome = "unanswered"
                self._visits.labels(kind, visit.name, visit.outcome).inc()

    def connected(self, shard: int) -> None:
        """A shard has a new session. Its first one is no reconnect."""
        if shard in self._shards:
            self._reconnects.labels("identified").inc()
        self._shards.add(shard)

    def resumed(self) -> None:
        """A shard goes on with its session."""
        self._reconnects.labels("resumed").inc()

    def delivery(self, kind: str, outcome: DeliveryOutcome) -> None:
        """Count the outcome of a scheduled message, or of one attempt to send it."""
        self._deliveries.labels(kind, outcome).inc()

    def store(self, kind: str, seconds: float) -> None:
        """How long the database took. ``kind`` is one of ``STORE``."""
        self._store[kind].observe(seconds)

    def watch(self, gateway: Gateway) -> None:
        """From now on ask this client, whenever somebody looks. Each attempt to log in has a new one."""
        self.gateway = gateway

    def text(self) -> bytes:
        """All of it as Prometheus reads it."""
        return generate_latest(self.registry)


class _Watched(Collector):
    """What is asked when somebody looks."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        gateway = self._metrics.gateway
        latency = GaugeMetricFamily(
            "waymark_gateway_latency_seconds", "Seconds from a shard's heartbeat to its answer", labels=["shard"]
        )
        for shard, seconds in gateway.latencies if gateway else ():
            if isfinite(seconds):  # before the first heartbeat there is none
                latency.add_metric([str(shard)], seconds)
        yield latency
        servers = len(gateway.guilds) if gateway else 0
        yield GaugeMetricFamily("waymark_servers", "Servers of this process", value=servers)


@asynccontextmanager
async def served(
    metrics: Metrics,
    host: str,
    port: int,
    *,
    database: Callable[[], Awaitable[object]],
    patience: float = DATABASE_SECONDS,
) -> AsyncIterator[str]:
    """Serve ``/metrics``, ``/healthz`` and ``/readyz``; the value is their address. Port 0 takes a free one.

    ``/healthz`` answers as long as the event loop turns: who gets no answer in time knows that it does not.
    ``/readyz`` is 503 until the gateway is connected and ``database`` returns within ``patience`` (seconds). Raises
    ``CannotStart``.
    """

    async def show(_: web.Request) -> web.Response:
        return web.Response(body=metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def alive(_: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def ready(_: web.Request) -> web.Response:
        lacks = [] if metrics.gateway and metrics.gateway.connected() else ["not connected to Discord"]
        try:
            async with asyncio.timeout(patience):
                await database()
        except Exception:
            # Whatever it is, the answer to this question is no; the commands that meet it log it.
            lacks.append("the database does not answer")
        return web.Response(text="".join(f"{lack}\n" for lack in lacks) or "ready\n", status=503 if lacks else 200)

    pages = web.Application()
    pages.add_routes([web.get("/metrics", show), web.get("/healthz", alive), web.get("/readyz", ready)])
    runner = web.AppRunner(pages, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise CannotStart(f"METRICS_PORT {port} on {host} can't be used: {error.strerror or error}.") from error
        address, number, *_ = runner.addresses[0]
        yield f"http://[{address}]:{number}" if ":" in address else f"http://{address}:{number}"
    finally:
        await runner.cleanup()
