"""Overload: commands beyond the limits are refused immediately with a message."""

import asyncio
from typing import Any

import pytest
from simcord.enums import InteractionType
from simcord.interactions import base_payload
from simcord.results import InteractionResult

from bot.client.tree import MAX_IN_PROGRESS, MAX_PER_MEMBER, OVERLOADED, TOO_LONG
from tests.cogs.conftest import Reply
from tests.operation.conftest import samples

ON_TOP = 40
TICKING = {"name": "complete", "type": 1, "options": [{"name": "what", "type": 3, "value": "deploy"}]}


async def all_at_once(
    sim, count: int, data: dict[str, Any], kind=InteractionType.APPLICATION_COMMAND, members=()
) -> list[Any]:
    """Dispatch interactions in one batch and return the responses. Waiting for each would take simcord long."""
    place = {"channel_id": sim.channel.id, "guild_id": sim.guild.id}
    data = {"id": sim.env.backend.find_command(data["name"], None)["id"], **data}
    records = []
    for number in range(count):
        member = members[number % len(members)] if members else sim.ada
        record, payload = base_payload(sim.env.backend, type=kind, user_id=member.id, data=data, **place)
        sim.bot._connection.parse_interaction_create(payload)
        records.append(record)
    await asyncio.gather(*sim.bot.tree._in_progress, *sim.bot.tree._refusing)
    return [InteractionResult(sim.env, record) for record in records]


@pytest.fixture
def crowd(sim):
    """Enough members to reach the total limit without reaching the limit per member."""
    users = [sim.env.create_user(f"member{number}") for number in range(MAX_IN_PROGRESS // MAX_PER_MEMBER + 6)]
    return [sim.guild.add_member(user) for user in users]


async def test_excess_commands_are_refused_and_change_nothing(sim, crowd, rows):
    results = await all_at_once(sim, MAX_IN_PROGRESS + ON_TOP, TICKING, members=crowd)
    texts = [Reply(result).result.response.content for result in results]
    assert texts.count(OVERLOADED) == ON_TOP
    assert texts[-ON_TOP:] == [OVERLOADED] * ON_TOP, "first come, first served"
    assert all(Reply(result).private for result in results)
    assert rows("select count(distinct learner_id) from tick") == [(len(crowd),)]
    outcomes = samples(sim.bot.metrics, "waymark_commands_total")
    assert outcomes.pop(("command", "unknown", "shed")) == ON_TOP
    assert sum(outcomes.values()) == MAX_IN_PROGRESS


async def test_commands_work_after_an_overload(sim, crowd):
    await all_at_once(sim, MAX_IN_PROGRESS + ON_TOP, TICKING, members=crowd)
    assert "Undo" in (await sim.command(sim.ada, "complete", what="monitor")).buttons


async def test_excess_autocompletes_get_no_choices(sim, crowd):
    typing = {"name": "complete", "type": 1, "options": [{"name": "what", "type": 3, "value": "dep", "focused": True}]}
    typed = InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE
    await all_at_once(sim, MAX_IN_PROGRESS + ON_TOP, typing, typed, crowd)
    outcomes = samples(sim.bot.metrics, "waymark_commands_total")
    assert outcomes == {
        ("autocomplete", "unknown", "shed"): ON_TOP,
        ("autocomplete", "complete", "done"): MAX_IN_PROGRESS,
    }


async def test_one_member_cannot_use_all_slots(sim):
    """Forty concurrent commands of one member take eight slots, so that another member is served immediately."""
    typing = {"name": "complete", "type": 1, "options": [{"name": "what", "type": 3, "value": "dep", "focused": True}]}
    await all_at_once(sim, ON_TOP, typing, InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE)
    outcomes = samples(sim.bot.metrics, "waymark_commands_total")
    assert outcomes[("autocomplete", "complete", "done")] == MAX_PER_MEMBER
    assert outcomes[("autocomplete", "unknown", "shed")] == ON_TOP - MAX_PER_MEMBER
    assert not sim.bot.tree._members, "and the slots are free again"


async def test_a_too_long_text_reaches_no_command(sim, rows):
    data = {"name": "complete", "type": 1, "options": [{"name": "what", "type": 3, "value": "x" * 6000}]}
    (result,) = await all_at_once(sim, 1, data)
    assert Reply(result).result.response.content == TOO_LONG
    days = {"name": "days", "type": 3, "value": "mon" + " " * 5990, "focused": True}
    typing = {"name": "plan", "type": 1, "options": [{"name": "set", "type": 1, "options": [days]}]}
    await all_at_once(sim, 1, typing, InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE)
    assert samples(sim.bot.metrics, "waymark_commands_total")[("autocomplete", "unknown", "shed")] == 1
