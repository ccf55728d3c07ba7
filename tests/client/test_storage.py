"""A real process with a locked database or a full disk: errors are reported, and no data is lost."""

import asyncio
import resource
import sqlite3
from contextlib import closing, contextmanager

import pytest

from tests.client.bots import named, quiet, route
from tests.client.conftest import ticked
from tests.client.discord_server import DISCORD_WAITS

ADA = 11
UNLIMITED = resource.RLIM_INFINITY


@contextmanager
def locked(bot):
    """Let another process lock the database, as a backup tool or an SQL shell may."""
    with closing(sqlite3.connect(bot.database, isolation_level=None)) as other:
        other.execute("begin exclusive")
        yield
        other.execute("rollback")


@contextmanager
def full(bot):
    """Limit the file size of the process, which has the same effect as a full disk."""
    wal = bot.database.with_name("waymark.db-wal")
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (wal.stat().st_size, UNLIMITED))
    yield
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (UNLIMITED, UNLIMITED))


@pytest.mark.parametrize("members", [1, 5])
async def test_a_locked_database_is_reported_in_time(discord, bot, members):
    """Also for the last of several concurrent commands."""
    async with bot:
        await bot.serving()
        with locked(bot):
            asked = [await discord.ask(ADA + each, "complete", **named("u00")) for each in range(members)]
            await discord.until(lambda: all(each.reply or each.late for each in asked))
            # Reads don't wait for the lock.
            assert "Your progress" in (await discord.answered(ADA, "progress")).text
        for each in asked:
            assert not each.late, f"answered after {each.late[0].seconds:.1f} s"
            assert each.reply
            assert each.reply.seconds < DISCORD_WAITS
            assert "busy" in each.reply.text
            assert "nothing was changed" in each.reply.text
        assert "Unit u01: done" in (await discord.answered(ADA, "complete", **named("u01"))).text
    assert quiet(bot), bot.log
    assert ticked(bot) == {(ADA, route("u01"))}


async def test_a_short_lock_is_waited_for(discord, bot):
    async with bot:
        await bot.serving()
        with locked(bot):
            asked = await discord.ask(ADA, "complete", **named("u00"))
            assert "Your progress" in (await discord.answered(ADA, "progress")).text
        assert "Unit u00: done" in (await discord.until(lambda: asked.reply)).text
    assert ticked(bot) == {(ADA, route("u00"))}


async def test_a_full_disk_is_reported_and_loses_nothing(discord, bot, due):
    async with bot:
        await bot.serving()
        assert "Unit u00: done" in (await discord.answered(ADA, "complete", **named("u00"))).text
        with full(bot):
            for name, unit in (("complete", "u01"), ("undo", None), ("complete", "u02")):
                reply = await discord.answered(ADA, name, **(named(unit) if unit else {}))
                assert "can't save" in reply.text
                assert "nothing was changed" in reply.text
            assert "1 tick" not in reply.text
            assert "Unit u00" in (await discord.answered(ADA, "progress")).text, "stored data can be read"
        assert "Unit u03: done" in (await discord.answered(ADA, "complete", **named("u03"))).text
    assert quiet(bot), bot.log
    assert ticked(bot) == {(ADA, route("u00")), (ADA, route("u03"))}


@pytest.mark.drill
async def test_a_digest_due_on_a_full_disk_is_posted_later(discord, bot, due):
    """No digest can be claimed on a full disk, so none is sent; the loop continues and retries."""
    async with bot:
        await bot.serving()
        due(bot, 0, 1)
        with full(bot):
            await bot.logged("digest", times=2)
            assert discord.posted == {}
        await discord.until(lambda: len(discord.posted) == 2)
    assert [len(messages) for messages in discord.posted.values()] == [1, 1]
    assert "Traceback" not in bot.log


async def test_a_process_killed_on_a_full_disk_keeps_confirmed_data(discord, bot):
    async with bot:
        await bot.serving()
        assert "Unit u00: done" in (await discord.answered(ADA, "complete", **named("u00"))).text
        with full(bot):
            assert "can't save" in (await discord.answered(ADA, "complete", **named("u01"))).text
    async with asyncio.timeout(60), bot:
        await bot.serving()
        assert "Unit u02: done" in (await discord.answered(ADA, "complete", **named("u02"))).text
    assert ticked(bot) == {(ADA, route("u00")), (ADA, route("u02"))}
