"""More at once than can be answered in time: what comes on top is refused in a sentence, at once."""

import asyncio
from typing import Any

from simcord.enums import InteractionType
from simcord.interactions import base_payload
from simcord.results import InteractionResult

from bot.client.tree import MOST_AT_ONCE, TOO_MUCH
from tests.cogs.conftest import Reply
from tests.operation.conftest import told

ON_TOP = 40
TICKING = {"name": "complete", "type": 1, "options": [{"name": "path", "type": 3, "value": "deploy"}]}


async def all_at_once(world, count: int, data: dict[str, Any], kind=InteractionType.APPLICATION_COMMAND) -> list[Any]:
    """Interactions that the gateway hands over in one go, each answered: waiting for each takes the simulator long."""
    place = {"channel_id": world.channel.id, "guild_id": world.guild.id}
    data = {"id": world.env.backend.find_command(data["name"], None)["id"], **data}
    records = []
    for _ in range(count):
        record, payload = base_payload(world.env.backend, type=kind, user_id=world.ada.id, data=data, **place)
        world.bot._connection.parse_interaction_create(payload)
        records.append(record)
    await asyncio.gather(*world.bot.tree._at_work, *world.bot.tree._refusing)
    return [InteractionResult(world.env, record) for record in records]


async def test_what_comes_on_top_is_asked_to_try_again_and_changes_nothing(world, rows):
    results = await all_at_once(world, MOST_AT_ONCE + ON_TOP, TICKING)
    texts = [Reply(result).result.response.content for result in results]
    assert texts.count(TOO_MUCH) == ON_TOP
    assert texts[-ON_TOP:] == [TOO_MUCH] * ON_TOP, "first come, first served"
    assert all(Reply(result).private for result in results)
    assert rows("select count(distinct change_id) from tick") == [(1,)]
    outcomes = told(world.bot.metrics, "waymark_commands_total")
    assert outcomes.pop(("command", "unknown", "shed")) == ON_TOP
    assert sum(outcomes.values()) == MOST_AT_ONCE


async def test_afterwards_all_is_as_before(world):
    await all_at_once(world, MOST_AT_ONCE + ON_TOP, TICKING)
    assert "Undo" in (await world.command(world.ada, "complete", path="monitor")).buttons


async def test_who_types_is_offered_nothing_rather_than_kept_waiting(world):
    typing = {"name": "complete", "type": 1, "options": [{"name": "path", "type": 3, "value": "dep", "focused": True}]}
    await all_at_once(world, MOST_AT_ONCE + ON_TOP, typing, InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE)
    outcomes = told(world.bot.metrics, "waymark_commands_total")
    assert outcomes == {("autocomplete", "unknown", "shed"): ON_TOP, ("autocomplete", "complete", "done"): MOST_AT_ONCE}
