"""``/help`` and the commands that Discord is told about."""

import re

import discord
from discord import app_commands

from bot.client.bot import StudyBot

PUT = "/commands"


def leaves(tree):
    """Every command that can be run, by its name as typed."""
    found = {}
    for command in tree.get_commands():
        runnable = command.walk_commands() if isinstance(command, app_commands.Group) else [command]
        found.update({each.qualified_name: each for each in runnable if not isinstance(each, app_commands.Group)})
    return found


def syncs(world):
    return [each.json for each in world.env.http_requests if each.method == "PUT" and each.path.endswith(PUT)]


def with_one_more_command(world):
    bot = StudyBot(world.study, world.store, shard_count=1)

    async def extra(interaction: discord.Interaction) -> None:
        """Only in this test."""

    bot.tree.add_command(app_commands.Command(name="extra", description="Only in this test", callback=extra))
    return bot


async def test_help_lists_exactly_the_tree_with_clickable_ids(world):
    reply = await world.command(world.ada, "help")
    listed = dict(re.findall(r"^</([a-z ]+):(\d+)> .+$", reply.text, re.MULTILINE))
    known = {command["name"]: int(command["id"]) for command in world.env.backend.commands[None].values()}
    assert {name: int(number) for name, number in listed.items()} == {
        name: known[name.split()[0]] for name in leaves(world.bot.tree)
    }
    for name, command in leaves(world.bot.tree).items():
        assert f"</{name}:{listed[name]}> {command.description}" in reply.text
    assert "The course here is AZ-104." in reply.text


async def test_help_is_still_clickable_after_a_restart_without_a_sync(world):
    before = await world.command(world.ada, "help")
    await world.restart()
    assert (await world.command(world.ada, "help")).text == before.text


async def test_commands_are_synced_once_and_not_on_each_start(world):
    assert len(syncs(world)) == 1
    await world.restart()
    await world.restart()
    assert len(syncs(world)) == 1


async def test_commands_are_synced_again_when_they_say_something_else(world):
    await world.env.restart_bot(with_one_more_command(world))
    assert len(syncs(world)) == 2
    assert "extra" in {command["name"] for command in syncs(world)[1]}
    reply = await world.command(world.ada, "help")
    assert re.search(r"^</extra:\d+> Only in this test$", reply.text, re.MULTILINE)
    await world.env.restart_bot(with_one_more_command(world))
    assert len(syncs(world)) == 2
    await world.restart()
    assert len(syncs(world)) == 3, "and again when one is gone"


async def test_a_sync_that_failed_stops_nothing_and_is_made_up_for(world):
    world.env.inject_error("PUT", "/applications/*/commands", status=503)
    await world.env.restart_bot(with_one_more_command(world))
    assert "AZ-104" in (await world.command(world.ada, "overview")).text
    assert "extra" not in world.ada.available_commands(world.channel)
    await world.env.advance_time(20)
    assert len(syncs(world)) == 3
    assert "extra" in world.ada.available_commands(world.channel)


async def test_every_command_and_option_is_described(world):
    for name, command in leaves(world.bot.tree).items():
        for described in (command, *command.parameters):
            text = str(described.description)
            assert 10 <= len(text) <= 100, f"{name} {described.name}: {text!r}"
            assert not text.endswith((".", "…")), f"{name} {described.name}: {text!r}"


async def test_commands_are_for_servers_and_direct_messages(world):
    for command in syncs(world)[0]:
        assert 0 in command["contexts"], command["name"]
        if command["default_member_permissions"] is None:
            assert command["contexts"] == [0, 1], command["name"]
        assert command["integration_types"] == [0]


async def test_course_can_be_named_wherever_one_is_meant(world):
    for name in ("overview", "paths", "path", "next", "search", "complete", "undo", "progress"):
        parameters = {each.name: each for each in leaves(world.bot.tree)[name].parameters}
        assert not parameters["course"].required
        assert all(each.autocomplete for each in parameters.values() if each.name in ("path", "module", "unit", "on"))
        assert parameters["course"].autocomplete


async def test_the_bot_asks_for_no_privileged_intent_and_keeps_nobody_in_memory(world):
    assert world.bot.intents == discord.Intents(guilds=True)
    assert list(world.bot.cached_messages) == []
    await world.command(world.ada, "paths")
    assert world.guild.name in [guild.name for guild in world.bot.guilds]
    assert [member.id for guild in world.bot.guilds for member in guild.members if member != guild.me] == []


async def test_commands_that_another_program_replaced_are_restored_at_the_next_start(world):
    world.env.backend.commands[None].clear()
    await world.restart()
    assert len(syncs(world)) == 2
    await world.restart()
    assert len(syncs(world)) == 2


async def test_a_sync_that_discord_refuses_is_an_error_in_the_log(world, caplog):
    world.env.inject_error("PUT", "/applications/*/commands", status=400, code=50035, message="Invalid Form Body")
    await world.env.restart_bot(with_one_more_command(world))
    assert "Discord rejected the commands" in caplog.text
    assert "AZ-104" in (await world.command(world.ada, "overview")).text, "the old ones work"


async def test_every_text_option_has_a_length_limit(world):
    for name, command in leaves(world.bot.tree).items():
        for option in command.parameters:
            if option.type is discord.AppCommandOptionType.string and not option.choices:
                assert option.max_value == 100, f"{name} {option.name}"
