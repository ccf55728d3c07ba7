"""More at once than can be answered in time: what comes on top is refused in a sentence, at once."""

import asyncio
from typing import Any

import pytest
from simcord.enums import InteractionType
from simcord.interactions import base_payload
from simcord.results import InteractionResult

from bot.client.tree import MAX_IN_PROGRESS, MAX_PER_MEMBER, OVERLOADED, TOO_LONG
from tests.cogs.conftest import Reply
from tests.operation.conftest import told

ON_TOP = 40
TICKING = {"name": "complete", "type": 1, "options": [{"name": "path", "type": 3, "value": "deploy"}]}


async def all_at_once(
    sim, count: int, data: dict[str, Any], kind=InteractionType.APPLICATION_COMMAND, members=()
) -> list[Any]:
    """Interactions that the gateway hands over in one go, each answered: waiting for each takes the simulator long."""
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
    """As many members as it takes to keep the bot busy with none of them at their own limit."""
    users = [sim.env.create_user(f"member{number}") for number in range(MAX_IN_PROGRESS // MAX_PER_MEMBER + 6)]
    return [sim.guild.add_member(user) for user in users]


async def test_what_comes_on_top_is_asked_to_try_again_and_changes_nothing(sim, crowd, rows):
    results = await all_at_once(sim, MAX_IN_PROGRESS + ON_TOP, TICKING, members=crowd)
    texts = [Reply(result).result.response.content for result in results]
    assert texts.count(OVERLOADED) == ON_TOP
    assert texts[-ON_TOP:] == [OVERLOADED] * ON_TOP, "first come, first served"
    assert all(Reply(result).private for result in results)
    assert rows("select count(distinct learner_id) from tick") == [(len(crowd),)]
    outcomes = told(sim.bot.metrics, "waymark_commands_total")
    assert outcomes.pop(("command", "unknown", "shed")) == ON_TOP
    assert sum(outcomes.values()) == MAX_IN_PROGRESS


async def test_afterwards_all_is_as_before(sim, crowd):
    await all_at_once(sim, MAX_IN_PROGRESS + ON_TOP, TICKING, members=crowd)
    assert "Undo" in (await sim.command(sim.ada, "complete", path="monitor")).buttons


async def test_who_types_is_offered_nothing_rather_than_kept_waiting(sim, crowd):
    typing = {"name": "complete", "type": 1, "options": [{"name": "path", "type": 3, "value": "dep", "focused": True}]}
    typed = InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE
    await all_at_once(sim, MAX_IN_PROGRESS + ON_TOP, typing, typed, crowd)
    outcomes = told(sim.bot.metrics, "waymark_commands_total")
    assert outcomes == {
        ("autocomplete", "unknown", "shed"): ON_TOP,
        ("autocomplete", "complete", "done"): MAX_IN_PROGRESS,
    }


async def test_one_member_cannot_fill_the_bot(sim):
    """Forty at once from one member take eight places, so a command of another is worked on at once."""
    typing = {"name": "complete", "type": 1, "options": [{"name": "path", "type": 3, "value": "dep", "focused": True}]}
    await all_at_once(sim, ON_TOP, typing, InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE)
    outcomes = told(sim.bot.metrics, "waymark_commands_total")
    assert outcomes[("autocomplete", "complete", "done")] == MAX_PER_MEMBER
    assert outcomes[("autocomplete", "unknown", "shed")] == ON_TOP - MAX_PER_MEMBER
    assert not sim.bot.tree._members, "and the places are free again"


async def test_a_text_that_is_too_long_reaches_no_command(sim, rows):
    data = {"name": "complete", "type": 1, "options": [{"name": "path", "type": 3, "value": "x" * 6000}]}
    (result,) = await all_at_once(sim, 1, data)
    assert Reply(result).result.response.content == TOO_LONG
    days = {"name": "days", "type": 3, "value": "mon" + " " * 5990, "focused": True}
    typing = {"name": "plan", "type": 1, "options": [{"name": "set", "type": 1, "options": [days]}]}
    await all_at_once(sim, 1, typing, InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE)
    assert told(sim.bot.metrics, "waymark_commands_total")[("autocomplete", "unknown", "shed")] == 1
