"""More at once than can be answered in time: what comes on top is refused in a sentence, at once."""

import asyncio
from typing import Any

import pytest
from simcord.enums import InteractionType
from simcord.interactions import base_payload
from simcord.results import InteractionResult

from bot.client.tree import MOST_AT_ONCE, MOST_OF_ONE, TOO_LONG, TOO_MUCH
from tests.cogs.conftest import Reply
from tests.operation.conftest import told

ON_TOP = 40
TICKING = {"name": "complete", "type": 1, "options": [{"name": "path", "type": 3, "value": "deploy"}]}


async def all_at_once(
    world, count: int, data: dict[str, Any], kind=InteractionType.APPLICATION_COMMAND, members=()
) -> list[Any]:
    """Interactions that the gateway hands over in one go, each answered: waiting for each takes the simulator long."""
    place = {"channel_id": world.channel.id, "guild_id": world.guild.id}
    data = {"id": world.env.backend.find_command(data["name"], None)["id"], **data}
    records = []
    for number in range(count):
        member = members[number % len(members)] if members else world.ada
        record, payload = base_payload(world.env.backend, type=kind, user_id=member.id, data=data, **place)
        world.bot._connection.parse_interaction_create(payload)
        records.append(record)
    await asyncio.gather(*world.bot.tree._at_work, *world.bot.tree._refusing)
    return [InteractionResult(world.env, record) for record in records]


@pytest.fixture
def crowd(world):
    """As many members as it takes to keep the bot busy with none of them at their own limit."""
    users = [world.env.create_user(f"member{number}") for number in range(MOST_AT_ONCE // MOST_OF_ONE + 6)]
    return [world.guild.add_member(user) for user in users]


async def test_what_comes_on_top_is_asked_to_try_again_and_changes_nothing(world, crowd, rows):
    results = await all_at_once(world, MOST_AT_ONCE + ON_TOP, TICKING, members=crowd)
    texts = [Reply(result).result.response.content for result in results]
    assert texts.count(TOO_MUCH) == ON_TOP
    assert texts[-ON_TOP:] == [TOO_MUCH] * ON_TOP, "first come, first served"
    assert all(Reply(result).private for result in results)
    assert rows("select count(distinct learner_id) from tick") == [(len(crowd),)]
    outcomes = told(world.bot.metrics, "waymark_commands_total")
    assert outcomes.pop(("command", "unknown", "shed")) == ON_TOP
    assert sum(outcomes.values()) == MOST_AT_ONCE


async def test_afterwards_all_is_as_before(world, crowd):
    await all_at_once(world, MOST_AT_ONCE + ON_TOP, TICKING, members=crowd)
    assert "Undo" in (await world.command(world.ada, "complete", path="monitor")).buttons


async def test_who_types_is_offered_nothing_rather_than_kept_waiting(world, crowd):
    typing = {"name": "complete", "type": 1, "options": [{"name": "path", "type": 3, "value": "dep", "focused": True}]}
    typed = InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE
    await all_at_once(world, MOST_AT_ONCE + ON_TOP, typing, typed, crowd)
    outcomes = told(world.bot.metrics, "waymark_commands_total")
    assert outcomes == {("autocomplete", "unknown", "shed"): ON_TOP, ("autocomplete", "complete", "done"): MOST_AT_ONCE}


async def test_one_member_cannot_fill_the_bot(world):
    """Forty at once from one member take eight places, so a command of another is worked on at once."""
    typing = {"name": "complete", "type": 1, "options": [{"name": "path", "type": 3, "value": "dep", "focused": True}]}
    await all_at_once(world, ON_TOP, typing, InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE)
    outcomes = told(world.bot.metrics, "waymark_commands_total")
    assert outcomes[("autocomplete", "complete", "done")] == MOST_OF_ONE
    assert outcomes[("autocomplete", "unknown", "shed")] == ON_TOP - MOST_OF_ONE
    assert not world.bot.tree._members, "and the places are free again"


async def test_a_text_that_is_too_long_reaches_no_command(world, rows):
    data = {"name": "complete", "type": 1, "options": [{"name": "path", "type": 3, "value": "x" * 6000}]}
    (result,) = await all_at_once(world, 1, data)
    assert Reply(result).result.response.content == TOO_LONG
    days = {"name": "days", "type": 3, "value": "mon" + " " * 5990, "focused": True}
    typing = {"name": "plan", "type": 1, "options": [{"name": "set", "type": 1, "options": [days]}]}
    await all_at_once(world, 1, typing, InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE)
    assert told(world.bot.metrics, "waymark_commands_total")[("autocomplete", "unknown", "shed")] == 1
