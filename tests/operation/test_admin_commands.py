"""Administrator commands are refused to everyone else, even if Discord lets them through."""

import discord
import pytest

from tests.operation.conftest import SERVERS, WRONG, all_but, leaves, root, run

MANAGER_ONLY = "You need the Manage Server permission to do this."
SERVER_ONLY = "This only works in a server."


async def test_administrator_commands_have_permissions_and_contexts(digest_sim):
    found = {name for name, command in leaves(digest_sim.bot.tree).items() if root(command).default_permissions}
    assert found == SERVERS
    for name in SERVERS:
        top = root(leaves(digest_sim.bot.tree)[name])
        assert top.default_permissions == discord.Permissions(manage_guild=True)
        payload = top.to_dict(digest_sim.bot.tree)
        assert (payload["default_member_permissions"], payload["contexts"]) == (32, [0]), name


@pytest.mark.parametrize("name", sorted(SERVERS))
async def test_a_member_without_the_permission_is_refused(busy, rows, name):
    """This happens if an administrator allowed the command for everyone in the server settings."""
    before = all_but(rows, busy.bruno)
    posts = busy.channel_texts()
    reply = await run(busy, busy.bruno, name, everything=True)
    assert reply.private
    assert reply.text == f"⚠️ {MANAGER_ONLY} Ask someone who has it."
    assert all_but(rows, busy.bruno) == before
    assert busy.channel_texts() == posts


@pytest.mark.parametrize("name", sorted(SERVERS))
async def test_in_direct_messages_even_administrators_are_refused(busy, rows, name):
    before = all_but(rows, busy.bruno)
    reply = await run(busy, busy.boss.user, name, everything=True)
    assert reply.text == f"⚠️ {SERVER_ONLY}"
    assert all_but(rows, busy.bruno) == before


@pytest.mark.parametrize("name", sorted(SERVERS))
async def test_the_same_call_by_an_administrator_succeeds(busy, name):
    reply = await run(busy, busy.boss, name)
    assert reply.private
    assert not reply.text.startswith(f"⚠️ {MANAGER_ONLY}")
    assert reply.text.startswith("⚠️ course.yaml couldn't be read") is (name == "course upload")
    assert WRONG not in reply.text


async def test_a_former_administrator_is_refused(busy):
    busy.boss.user._env.backend.get_guild(busy.guild.id).members[busy.boss.id].role_ids.clear()
    assert MANAGER_ONLY in (await run(busy, busy.boss, "setup")).text


async def test_no_member_command_changes_data_of_the_server_or_of_others(busy, rows):
    """Covers the whole tree, to detect commands that are missing from ``SERVERS``."""
    before = all_but(rows, busy.bruno)
    for name in set(leaves(busy.bot.tree)) - {"quiz"}:  # rows of a quiz are deleted when it ends
        for everything in (False, True):
            reply = await run(busy, busy.bruno, name, everything=everything)
            assert reply.result.modal or reply.text, name
            assert WRONG not in ("" if reply.result.modal else reply.text), name
            assert all_but(rows, busy.bruno) == before, name
