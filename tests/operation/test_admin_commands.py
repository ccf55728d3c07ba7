"""What administrators may do is refused to everybody else, over the whole tree, whatever Discord lets through."""

import discord
import pytest

from tests.operation.conftest import SERVERS, WRONG, all_but, leaves, root, run

MANAGER_ONLY = "This is for people with the permission Manage Server."
SERVER_ONLY = "This works only in a server."


async def test_what_administrators_do_is_hidden_from_others_and_only_in_servers(digest_sim):
    found = {name for name, command in leaves(digest_sim.bot.tree).items() if root(command).default_permissions}
    assert found == SERVERS
    for name in SERVERS:
        top = root(leaves(digest_sim.bot.tree)[name])
        assert top.default_permissions == discord.Permissions(manage_guild=True)
        told = top.to_dict(digest_sim.bot.tree)
        assert (told["default_member_permissions"], told["contexts"]) == (32, [0]), name


@pytest.mark.parametrize("name", sorted(SERVERS))
async def test_a_member_whom_discord_lets_through_is_refused(busy, rows, name):
    """As when an administrator opened the command to everybody in the settings of the server."""
    before = all_but(rows, busy.bruno)
    posts = busy.channel_texts()
    reply = await run(busy, busy.bruno, name, everything=True)
    assert reply.private
    assert reply.text == f"⚠️ {MANAGER_ONLY} Ask one of them."
    assert all_but(rows, busy.bruno) == before
    assert busy.channel_texts() == posts


@pytest.mark.parametrize("name", sorted(SERVERS))
async def test_in_direct_messages_even_administrators_are_refused(busy, rows, name):
    before = all_but(rows, busy.bruno)
    reply = await run(busy, busy.boss.user, name, everything=True)
    assert reply.text == f"⚠️ {SERVER_ONLY}"
    assert all_but(rows, busy.bruno) == before


@pytest.mark.parametrize("name", sorted(SERVERS))
async def test_the_same_call_of_an_administrator_is_carried_out(busy, name):
    reply = await run(busy, busy.boss, name)
    assert reply.private
    assert not reply.text.startswith("⚠️ ")
    assert WRONG not in reply.text


async def test_who_has_lost_the_permission_is_refused(busy):
    busy.boss.user._env.backend.get_guild(busy.guild.id).members[busy.boss.id].role_ids.clear()
    assert MANAGER_ONLY in (await run(busy, busy.boss, "digest off")).text


async def test_no_command_of_a_member_changes_anything_of_the_server_or_of_somebody_else(busy, rows):
    """All of the tree, so that a command that is missing from ``SERVERS`` is found by what it does."""
    before = all_but(rows, busy.bruno)
    for name in set(leaves(busy.bot.tree)) - {"quiz"}:  # what a quiz leaves is the channel's, and goes when it ends
        for everything in (False, True):
            reply = await run(busy, busy.bruno, name, everything=everything)
            assert reply.result.modal or reply.text, name
            assert WRONG not in ("" if reply.result.modal else reply.text), name
            assert all_but(rows, busy.bruno) == before, name
