"""Metrics: counts, times, and the three pages that serve them."""

import asyncio
import socket
from typing import get_args

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.errors import CannotStart
from bot.operation.metrics import KINDS, STORE, Metrics, serve_metrics
from bot.study.delivery import Outcome
from tests.operation.conftest import Client, samples


@pytest.fixture
def metrics(stopwatch) -> Metrics:
    return Metrics(stopwatch)


# --- counts and times -----------------------------------------------------------------------------------------------


def test_the_first_response_is_timed_from_the_receipt(metrics, stopwatch):
    with metrics.track("command", 0.25) as tracked:
        tracked.name = "complete"
        stopwatch.seconds += 0.03
        tracked.acknowledged()
        stopwatch.seconds += 7
        tracked.acknowledged()
    assert samples(metrics, "waymark_acknowledge_seconds_sum") == {("command", "complete"): pytest.approx(0.03)}
    assert samples(metrics, "waymark_commands_total") == {("command", "complete", "done"): 1}
    assert samples(metrics, "waymark_delivery_seconds_sum") == {(): 0.25}
    within = {seconds for _, seconds, _ in samples(metrics, "waymark_acknowledge_seconds_bucket")}
    assert min(map(float, within)) == 0.05
    assert "3.0" in within, "a bucket ends at Discord's limit"


def test_clock_differences_give_no_negative_time(metrics):
    with metrics.track("press", -3600.0):
        pass
    assert samples(metrics, "waymark_delivery_seconds_count") == {(): 1}
    assert samples(metrics, "waymark_delivery_seconds_sum") == {}


def test_missing_responses_are_counted(metrics):
    with metrics.track("press", 0) as tracked:
        tracked.name = "undo"
    assert samples(metrics, "waymark_commands_total") == {("press", "undo", "unanswered"): 1}
    assert samples(metrics, "waymark_acknowledge_seconds_count") == {}


@pytest.mark.parametrize("outcome", ["refused", "failed", "late"])
def test_outcomes(metrics, outcome):
    with metrics.track("form", 0) as tracked:
        tracked.outcome = outcome
    assert samples(metrics, "waymark_commands_total") == {("form", "unknown", outcome): 1}


def test_interactions_in_progress_are_counted(metrics):
    def work() -> None:
        with metrics.track("command", 0):
            with metrics.track("press", 0):
                assert samples(metrics, "waymark_under_way") == {(): 2}
            assert samples(metrics, "waymark_under_way") == {(): 1}
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        work()
    assert samples(metrics, "waymark_under_way") == {}


def test_a_first_connection_is_not_a_reconnect(metrics):
    metrics.connected(0)
    metrics.connected(1)
    assert samples(metrics, "waymark_gateway_reconnects_total") == {}
    metrics.connected(1)
    metrics.resumed()
    metrics.resumed()
    assert samples(metrics, "waymark_gateway_reconnects_total") == {("identified",): 1, ("resumed",): 2}


def test_deliveries_and_the_store(metrics):
    for kind in KINDS:
        for outcome in (*get_args(Outcome), "late"):
            metrics.delivery(kind, outcome)
    assert samples(metrics, "waymark_deliveries_total") == {
        (kind, each): 2 if each == "late" else 1 for kind in KINDS for each in get_args(Outcome)
    }
    for kind in STORE:
        metrics.store(kind, 0.002)
    assert samples(metrics, "waymark_store_seconds_count") == {(kind,): 1 for kind in STORE}


def test_the_gateway_is_read_on_request(metrics):
    assert samples(metrics, "waymark_servers") == {}, "before there is a client"
    client = Client(latencies=[(0, float("inf")), (1, float("nan"))], guilds=[])
    metrics.watch(client)
    assert samples(metrics, "waymark_gateway_latency_seconds") == {}, "before the first heartbeat"
    client.latencies = [(0, 0.05), (1, 0.1)]
    assert samples(metrics, "waymark_gateway_latency_seconds") == {("0",): 0.05, ("1",): 0.1}
    metrics.watch(Client(latencies=[(2, 0.2)], guilds=["one", "two"]))
    assert samples(metrics, "waymark_gateway_latency_seconds") == {("2",): 0.2}, (
        "each attempt to log in has a new client"
    )
    assert samples(metrics, "waymark_servers") == {(): 2}


def test_counters_start_at_zero(metrics):
    """Otherwise the first event would not be an increase, and alerts would miss it."""
    families = text_string_to_metric_families(metrics.text().decode())
    present = {(sample.name, *sample.labels.values()) for family in families for sample in family.samples}
    for kind in KINDS:
        for outcome in get_args(Outcome):
            assert ("waymark_deliveries_total", kind, outcome) in present
    for how in ("resumed", "identified"):
        assert ("waymark_gateway_reconnects_total", how) in present


def test_each_object_has_its_own_registry(metrics):
    metrics.resumed()
    assert samples(Metrics(), "waymark_gateway_reconnects_total") == {}


# --- the pages ------------------------------------------------------------------------------------------------------


class Operated:
    """A process with metric pages, its client, and a database with a configurable response."""

    def __init__(self, metrics: Metrics) -> None:
        self.metrics = metrics
        self.client = Client()
        self.fault: Exception | None = None
        self.hangs = False

    async def database(self) -> object:
        if self.hangs:
            await asyncio.Event().wait()
        if self.fault:
            raise self.fault
        return None

    def served(self, host: str = "127.0.0.1", port: int = 0):
        return serve_metrics(self.metrics, host, port, database=self.database, database_timeout=0.05)


@pytest.fixture
def operated(metrics) -> Operated:
    return Operated(metrics)


@pytest.fixture
async def get(operated):
    """Request a page; return status, content type and text."""
    async with operated.served() as address, aiohttp.ClientSession(address) as session:

        async def ask(page: str, method: str = "GET"):
            async with session.request(method, page) as answer:
                return answer.status, answer.content_type, await answer.text()

        yield ask


async def test_the_metrics_page_is_what_prometheus_reads(get, metrics):
    metrics.resumed()
    status, kind, text = await get("/metrics")
    assert (status, kind) == (200, "text/plain")
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert families["waymark_gateway_reconnects"].type == "counter"
    assert families["waymark_acknowledge_seconds"].type == "histogram"
    assert "process_resident_memory_bytes" in families
    assert all(family.documentation for family in families.values())


async def test_healthz_and_readyz(get, operated, metrics):
    metrics.watch(operated.client)
    assert await get("/healthz") == (200, "text/plain", "alive\n")
    assert await get("/readyz") == (200, "text/plain", "ready\n")


async def test_not_ready_until_connected(get, operated, metrics):
    for _ in range(2):
        assert await get("/readyz") == (503, "text/plain", "not connected to Discord\n")
        assert (await get("/healthz"))[0] == 200
        metrics.watch(operated.client)
        operated.client.is_connected = False
    operated.client.is_connected = True
    assert (await get("/readyz"))[0] == 200


@pytest.mark.parametrize("fault", [ValueError("no active connection"), OSError("disk"), None])
async def test_not_ready_while_the_database_does_not_answer(get, operated, fault):
    operated.fault, operated.hangs = fault, fault is None
    said = "not connected to Discord\nthe database does not answer\n"
    assert await get("/readyz") == (503, "text/plain", said)


async def test_healthz_while_the_database_hangs(get, operated):
    operated.hangs = True
    ready, alive = await asyncio.gather(get("/readyz"), get("/healthz"))
    assert (ready[0], alive[0]) == (503, 200)


async def test_other_pages_do_not_exist(get):
    assert (await get("/"))[0] == 404
    assert (await get("/metrics", "POST"))[0] == 405


async def test_a_port_in_use_is_reported(operated):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotStart, match=rf"^METRICS_PORT {port} on 127\.0\.0\.1 can't be used: .*address.*\.$"):
            async with operated.served(port=port):
                pass


async def test_open_connections_do_not_delay_the_end(operated):
    async with operated.served() as address:
        pass
    async with aiohttp.ClientSession(address) as session:
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.get("/healthz")
