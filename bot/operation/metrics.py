"""Metrics of this process, and the three pages that serve them.

Nothing here depends on Discord or the database: their users report events. No label contains an ID or a name of a
person or a server, and every label has few values.
"""

import asyncio
import errno
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

from bot.errors import BadSettings, CannotStart
from bot.study.delivery import Outcome as DeliveryOutcome

Kind = Literal["command", "autocomplete", "press", "form"]
KINDS = ("digest", "digest-now", "reminder", "retention", "daily-question")
"""The kinds of deliveries that have a count from the start."""
Outcome = Literal["done", "refused", "shed", "failed", "late", "unanswered"]
"""Responded; refused with a message; refused because of overload; failed with an internal error; too late for Discord;
no response.
"""
STORE = ("read", "write", "transaction")
UNKNOWN = "unknown"
"""The name of commands that the bot doesn't have, so that clients can't create labels."""
DATABASE_SECONDS = 2.0


class InteractionMetrics:
    """An interaction in progress. The code that responds to it sets ``name`` and ``outcome``."""

    def __init__(self, stopwatch: Callable[[], float]) -> None:
        self.name = UNKNOWN
        self.outcome: Outcome = "done"
        self.seconds: float | None = None
        self._stopwatch = stopwatch
        self._received = stopwatch()

    def acknowledged(self) -> None:
        """Record that Discord has received the first response. Later calls are ignored."""
        if self.seconds is None:
            self.seconds = self._stopwatch() - self._received


class Gateway(Protocol):
    """The part of the Discord client that metrics read."""

    @property
    def latencies(self) -> Iterable[tuple[int, float]]:
        """Seconds from a heartbeat to its answer, for each shard."""

    @property
    def guilds(self) -> Sized:
        """The servers of this process."""

    def connected(self) -> bool:
        """Return whether every shard of this process is connected."""


class Metrics:
    """The metrics of one process, in their own registry.

    The time to an answer starts with the receipt of the interaction, on a monotonic clock: the bot controls that part.
    The time before it (Discord, the network, waiting for this process) is ``waymark_delivery_seconds``. It compares
    Discord's clock with ours, so it is right only if both are.
    """

    def __init__(self, stopwatch: Callable[[], float] = perf_counter) -> None:
        self.registry = CollectorRegistry()
        self.gateway: Gateway | None = None
        self.registry.register(_GatewayCollector(self))
        ProcessCollector(registry=self.registry)
        self._stopwatch = stopwatch
        self._shards: set[int] = set()
        self._interactions = Counter(
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
        self._in_progress = Gauge("waymark_under_way", "Interactions that are not finished", registry=self.registry)
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
    def track(self, kind: Kind, delivery: float) -> Iterator[InteractionMetrics]:
        """Count an interaction and time its response. ``delivery`` is the time before its receipt, in seconds."""
        interaction = InteractionMetrics(self._stopwatch)
        self._delivery.observe(max(delivery, 0.0))
        with self._in_progress.track_inprogress():
            try:
                yield interaction
            finally:
                if interaction.seconds is not None:
                    self._acknowledge.labels(kind, interaction.name).observe(interaction.seconds)
                elif interaction.outcome == "done":
                    interaction.outcome = "unanswered"
                self._interactions.labels(kind, interaction.name, interaction.outcome).inc()

    def connected(self, shard: int) -> None:
        """Record a new session of a shard. The first one is not a reconnect."""
        if shard in self._shards:
            self._reconnects.labels("identified").inc()
        self._shards.add(shard)

    def resumed(self) -> None:
        """Record that a shard resumed its session."""
        self._reconnects.labels("resumed").inc()

    def delivery(self, kind: str, outcome: DeliveryOutcome) -> None:
        """Count the outcome of a scheduled message, or of one attempt to send it."""
        self._deliveries.labels(kind, outcome).inc()

    def store(self, kind: str, seconds: float) -> None:
        """Record the time of a database operation. ``kind`` is one of ``STORE``."""
        self._store[kind].observe(seconds)

    def watch(self, gateway: Gateway) -> None:
        """Read this client from now on. Each login has a new one."""
        self.gateway = gateway

    def text(self) -> bytes:
        """Return all metrics in the format of Prometheus."""
        return generate_latest(self.registry)


class _GatewayCollector(Collector):
    """Metrics that are read from the client on request."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        gateway = self._metrics.gateway
        latency = GaugeMetricFamily(
            "waymark_gateway_latency_seconds", "Seconds from a shard's heartbeat to its answer", labels=["shard"]
        )
        for shard, seconds in gateway.latencies if gateway else ():
            if isfinite(seconds):  # not before the first heartbeat
                latency.add_metric([str(shard)], seconds)
        yield latency
        servers = len(gateway.guilds) if gateway else 0
        yield GaugeMetricFamily("waymark_servers", "Servers of this process", value=servers)


@asynccontextmanager
async def serve_metrics(
    metrics: Metrics,
    host: str,
    port: int,
    *,
    database: Callable[[], Awaitable[object]],
    database_timeout: float = DATABASE_SECONDS,
) -> AsyncIterator[str]:
    """Serve ``/metrics``, ``/healthz`` and ``/readyz``; the value is their address. Port 0 takes a free one.

    ``/healthz`` answers while the event loop runs. ``/readyz`` is 503 until the gateway is connected and ``database``
    returns within ``database_timeout`` seconds. Raises ``CannotStart``.
    """

    async def metrics_page(_: web.Request) -> web.Response:
        return web.Response(body=metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def readyz(_: web.Request) -> web.Response:
        problems = [] if metrics.gateway and metrics.gateway.connected() else ["not connected to Discord"]
        try:
            async with asyncio.timeout(database_timeout):
                await database()
        except Exception:
            # Any failure means not ready; the commands that fail log the reason.
            problems.append("the database does not answer")
        return web.Response(
            text="".join(f"{problem}\n" for problem in problems) or "ready\n", status=503 if problems else 200
        )

    pages = web.Application()
    pages.add_routes([web.get("/metrics", metrics_page), web.get("/healthz", healthz), web.get("/readyz", readyz)])
    runner = web.AppRunner(pages, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except (OSError, ValueError) as error:
            message = f"METRICS_PORT {port} on {host} can't be used: {getattr(error, 'strerror', None) or error}."
            # A port may be in use until an earlier process has stopped: another start can succeed.
            in_use = getattr(error, "errno", None) == errno.EADDRINUSE
            raise (CannotStart if in_use else BadSettings)(message) from error
        address, number, *_ = runner.addresses[0]
        yield f"http://[{address}]:{number}" if ":" in address else f"http://{address}:{number}"
    finally:
        await runner.cleanup()
