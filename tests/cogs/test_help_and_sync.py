"""``/help``, and the commands that are registered with Discord."""

import re

import discord
from discord import app_commands

from bot.client.bot import StudyBot

PUT = "/commands"


def leaves(tree):
    """Return every command that can be run, by its qualified name."""
    found = {}
    for command in tree.get_commands(type=discord.AppCommandType.chat_input):
        runnable = command.walk_commands() if isinstance(command, app_commands.Group) else [command]
        found.update({each.qualified_name: each for each in runnable if not isinstance(each, app_commands.Group)})
    return found


def syncs(sim):
    return [each.json for each in sim.env.http_requests if each.method == "PUT" and each.path.endswith(PUT)]


def with_one_more_command(sim):
    bot = StudyBot(sim.study, sim.store, shard_count=1)

    async def extra(interaction: discord.Interaction) -> None:
        """Only in this test."""

    bot.tree.add_command(app_commands.Command(name="extra", description="Only in this test", callback=extra))
    return bot


async def test_help_lists_every_command_as_a_mention_and_setup_only_for_managers(sim):
    boss = sim.guild.add_member(
        sim.env.create_user("boss"),
        roles=[sim.guild.create_role("M", permissions=discord.Permissions(manage_guild=True))],
    )
    known = {each["name"]: str(each["id"]) for each in sim.env.backend.commands[None].values() if each["type"] == 1}
    for who, expected in (
        (boss, set(leaves(sim.bot.tree))),
        (sim.ada, set(leaves(sim.bot.tree)) - {"setup", "course upload"}),
    ):
        reply = await sim.command(who, "help")
        listed = dict(re.findall(r"</([a-z -]+):(\d+)> \w", reply.text))
        assert set(listed) | {"help"} == expected
        assert listed == {name: known[name.split()[0]] for name in listed}
        assert len(reply.text.split("\n")) < 25
        assert "Start" in reply.buttons


async def test_help_is_still_clickable_after_a_restart_without_a_sync(sim):
    before = await sim.command(sim.ada, "help")
    await sim.restart()
    assert (await sim.command(sim.ada, "help")).text == before.text


async def test_commands_are_synced_once_and_not_on_each_start(sim):
    assert len(syncs(sim)) == 1
    await sim.restart()
    await sim.restart()
    assert len(syncs(sim)) == 1


async def test_changed_commands_are_synced_again(sim):
    await sim.env.restart_bot(with_one_more_command(sim))
    assert len(syncs(sim)) == 2
    assert "extra" in {command["name"] for command in syncs(sim)[1]}
    await sim.env.restart_bot(with_one_more_command(sim))
    assert len(syncs(sim)) == 2
    await sim.restart()
    assert len(syncs(sim)) == 3, "and again after one was removed"


async def test_a_failed_sync_is_retried(sim):
    sim.env.inject_error("PUT", "/applications/*/commands", status=503)
    await sim.env.restart_bot(with_one_more_command(sim))
    assert "AZ-104" in (await sim.command(sim.ada, "overview")).text
    assert "extra" not in sim.ada.available_commands(sim.channel)
    await sim.env.advance_time(20)
    assert len(syncs(sim)) == 3
    assert "extra" in sim.ada.available_commands(sim.channel)


async def test_every_command_and_option_is_described(sim):
    for name, command in leaves(sim.bot.tree).items():
        for described in (command, *command.parameters):
            text = str(described.description)
            assert 10 <= len(text) <= 100, f"{name} {described.name}: {text!r}"
            assert not text.endswith((".", "…")), f"{name} {described.name}: {text!r}"


async def test_commands_are_for_servers_and_direct_messages(sim):
    menu = [command["contexts"] for command in syncs(sim)[0] if command["type"] != 1]
    assert menu == [[0]], "the menu of a member, in servers"
    for command in (each for each in syncs(sim)[0] if each["type"] == 1):
        assert 0 in command["contexts"], command["name"]
        if command["default_member_permissions"] is None:
            assert {0, 1} <= {*command["contexts"]}, command["name"]
            assert command["integration_types"] == [0, 1], command["name"]


async def test_every_course_command_has_a_course_option(sim):
    for name in ("overview", "paths", "next", "complete", "undo", "progress"):
        parameters = {each.name: each for each in leaves(sim.bot.tree)[name].parameters}
        assert not parameters["course"].required
        assert all(each.autocomplete for each in parameters.values() if each.name in ("what", "find", "when"))
        assert parameters["course"].autocomplete


async def test_no_privileged_intents_and_no_member_cache(sim):
    assert sim.bot.intents == discord.Intents(guilds=True)
    assert list(sim.bot.cached_messages) == []
    await sim.command(sim.ada, "paths")
    assert sim.guild.name in [guild.name for guild in sim.bot.guilds]
    assert [member.id for guild in sim.bot.guilds for member in guild.members if member != guild.me] == []


async def test_replaced_commands_are_restored_at_the_next_start(sim):
    sim.env.backend.commands[None].clear()
    await sim.restart()
    assert len(syncs(sim)) == 2
    await sim.restart()
    assert len(syncs(sim)) == 2


async def test_a_rejected_sync_is_logged_as_an_error(sim, caplog):
    sim.env.inject_error("PUT", "/applications/*/commands", status=400, code=50035, message="Invalid Form Body")
    await sim.env.restart_bot(with_one_more_command(sim))
    assert "Discord rejected the commands" in caplog.text
    assert "AZ-104" in (await sim.command(sim.ada, "overview")).text, "the registered ones still work"


async def test_every_text_option_has_a_length_limit(sim):
    for name, command in leaves(sim.bot.tree).items():
        for option in command.parameters:
            if option.type is discord.AppCommandOptionType.string and not option.choices:
                assert option.max_value == 100, f"{name} {option.name}"
