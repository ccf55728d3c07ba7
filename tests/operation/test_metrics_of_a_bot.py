"""Metrics of the real bot on a simulated Discord."""

import re
from pathlib import Path

import pytest
import simcord
from simcord.enums import InteractionType

from bot.client.bot import StudyBot
from bot.client.responses import defer, show
from bot.core.calendar.slots import Schedule
from bot.operation.metrics import Metrics
from bot.store import Store
from bot.study import Study
from bot.views.layout import notice
from tests.cogs.conftest import Simulation
from tests.delivery.plain import Chat, PlainMessenger, Process
from tests.digest.conftest import DigestSimulation, SimulatedClock
from tests.operation.conftest import samples

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
async def counted(path, catalogue, stopwatch):
    """A simulation with metrics in ``counted.bot.metrics``, composed as in a real process."""
    clock, metrics = SimulatedClock(), Metrics(stopwatch)
    store = await Store.open(path, metrics.store)
    study = await Study.open(store, catalogue, now=clock.now, observe=metrics.delivery)
    env = simcord.Env(StudyBot(study, store, metrics=metrics, shard_count=2), shard_count=2, check_errors=False)
    clock.discord = env
    await env.start()
    simulation = DigestSimulation(env, study, store)
    await env.settle()
    yield simulation
    await env.shutdown()
    await store.close()


async def press(digest_sim, custom_id):
    """Ada presses a button with this ``custom_id``."""
    old = digest_sim.old_message({"type": 2, "style": 1, "label": "Press", "custom_id": custom_id})
    return await digest_sim.press(digest_sim.ada, custom_id, old)


def visits(digest_sim) -> dict[tuple[str, ...], float]:
    return samples(digest_sim.bot.metrics, "waymark_commands_total")


# --- interactions ---------------------------------------------------------------------------------------------------


async def test_commands_presses_forms_and_autocomplete_by_name(counted):
    done = await counted.command(counted.ada, "complete", what="deploy")
    await counted.click(counted.ada, done, "Undo")
    form = await counted.click(
        counted.ada, await counted.command(counted.ada, "paths", find="deploy"), "Mark complete…"
    )
    await counted.submit(counted.ada, form)
    await counted.command(counted.ada, "privacy")
    await counted.offered(counted.ada, "complete", "what", "dep")
    answered = {
        ("command", "complete"): 1,
        ("press", "undo"): 1,
        ("command", "paths"): 1,
        ("press", "form"): 1,
        ("form", "save"): 1,
        ("command", "privacy"): 1,
        ("autocomplete", "complete"): 1,
    }
    assert visits(counted) == {(*key, "done"): count for key, count in answered.items()}
    assert samples(counted.bot.metrics, "waymark_acknowledge_seconds_count") == answered
    assert samples(counted.bot.metrics, "waymark_delivery_seconds_count") == {(): 7}
    assert samples(counted.bot.metrics, "waymark_under_way") == {}


async def test_refusals_errors_and_late_responses_are_distinguished(counted):
    await counted.command(counted.ada, "complete", what="nowhere")
    await press(counted, "wm1:undo:x")
    counted.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    await counted.command(counted.ada, "complete", what="deploy")
    await counted.store.close()
    await counted.command(counted.ada, "progress")
    assert visits(counted) == {
        ("command", "complete", "refused"): 1,
        ("press", "undo", "refused"): 1,
        ("command", "complete", "late"): 1,
        ("command", "progress", "failed"): 1,
    }
    acknowledged = samples(counted.bot.metrics, "waymark_acknowledge_seconds_count")
    assert acknowledged == {("command", "complete"): 1, ("press", "undo"): 1, ("command", "progress"): 1}


async def test_unknown_names_create_no_labels(counted):
    for number in range(20):
        await press(counted, f"wm1:{'teleport'[: number % 7 + 1]}")
        await counted.submit_raw(counted.ada, f"wmf1:odd{'x' * number}")
        data = {"id": "1", "name": f"made-up-{number}", "type": 1, "options": []}
        await counted.dispatch(counted.ada, InteractionType.APPLICATION_COMMAND, data)
    assert visits(counted) == {(kind, "unknown", "refused"): 20 for kind in ("press", "form", "command")}
    assert "made-up" not in counted.bot.metrics.text().decode()


async def test_a_handler_without_a_response_is_counted(counted):
    async def silent(*_):
        return None

    counted.bot.on_component("silent", silent)
    await press(counted, "wm1:silent")
    assert visits(counted) == {("press", "silent", "unanswered"): 1}


async def test_deferred_responses_are_timed_until_the_acknowledgement(counted, stopwatch):
    async def slow(interaction, *_):
        stopwatch.seconds += 0.5
        await defer(interaction)
        stopwatch.seconds += 60
        await show(interaction, notice("Done."))
        stopwatch.seconds += 60

    counted.bot.on_component("slow", slow)
    await press(counted, "wm1:slow")
    assert samples(counted.bot.metrics, "waymark_acknowledge_seconds_sum") == {("press", "slow"): 0.5}


def test_every_defer_is_recorded():
    for file in (ROOT / "cogs").glob("*.py"):
        assert not re.search(r"response\.defer\(", file.read_text("utf-8")), file


# --- the rest -------------------------------------------------------------------------------------------------------


async def test_digests_by_outcome(counted):
    def digests():
        found = samples(counted.bot.metrics, "waymark_deliveries_total")
        return {outcome: count for (kind, outcome), count in found.items() if kind == "digest" and count}

    await counted.set_up()
    await counted.wait(120)
    assert digests() == {"sent": 1}
    counted.env.inject_error("POST", f"/channels/{counted.channel.id}/messages", status=503)
    await counted.set_up(course="az-900")
    await counted.wait(240)
    assert digests() == {"sent": 2, "retried": 1}
    await counted.set_up(course="dp-900", channel=counted.news)
    counted.allow(counted.news, send_messages=False)
    await counted.wait(80)
    assert digests() == {"sent": 2, "retried": 1, "suspended": 1}


async def test_late_and_skipped_digests(store, catalogue, clock):
    metrics = Metrics()
    study = await Study.open(store, catalogue, now=clock.now, observe=metrics.delivery)
    process = Process(study, PlainMessenger(Chat(clock.now)))
    await study.digests.set_up(700, 7, catalogue.default, channel=7000, schedule=Schedule(0, 540, "UTC"))
    clock.move(days=3, hours=1)  # Monday, 10:30
    for expected in ({"late": 1}, {"late": 1, "skipped": 2}):
        await process.serve_digests()
        assert await process.due(study.digests.kind) == []
        found = samples(metrics, "waymark_deliveries_total")
        assert {outcome: count for (kind, outcome), count in found.items() if kind == "digest" and count} == expected
        clock.move(days=17)  # two Mondays later, and too late for the second, too


async def test_the_store_is_timed_by_kind(counted):
    before = samples(counted.bot.metrics, "waymark_store_seconds_count")
    await Simulation.command(counted, counted.ada, "complete", what="deploy")  # without joining before
    await counted.study.privacy.set_visibility(counted.ada.id, hidden=True)
    await counted.command(counted.ada, "progress")
    after = samples(counted.bot.metrics, "waymark_store_seconds_count")
    more = {kind: after[kind] - before.get(kind, 0) for kind in after}
    assert more["transaction",] == 1
    assert more["write",] == 1
    assert more["read",] >= 1
    seconds = samples(counted.bot.metrics, "waymark_store_seconds_sum")
    assert all(0 < value < 5 for value in seconds.values())


async def test_servers_latency_and_reconnects(counted):
    metrics = counted.bot.metrics
    assert samples(metrics, "waymark_servers") == {(): 1}
    assert samples(metrics, "waymark_gateway_reconnects_total") == {}
    assert b'waymark_gateway_latency_seconds{shard="1"} 0.0' in metrics.text()
    await counted.bot.shards[1].reconnect()
    await counted.wait(20)
    assert samples(metrics, "waymark_gateway_reconnects_total") == {("identified",): 1}


async def test_readyz_requires_every_shard_and_the_database(counted):
    bot = counted.bot

    async def ready() -> bool:
        return bot.connected()

    assert await ready()
    await bot.shards[1].disconnect()
    assert not await ready()
    await bot.shards[1].connect()
    assert await ready()
