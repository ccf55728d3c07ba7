"""A real process during failures of Discord: what members see, what is stored, and how it recovers."""

import re
import signal
import sqlite3
from contextlib import closing

import pytest

from tests.client.bots import named, quiet, route
from tests.client.conftest import stored, ticked

ADA, BRUNO, CLEO = 11, 12, 13
EX_CONFIG = 78


def files(bot):
    return sorted(path.name for path in bot.folder.glob("waymark.db*"))


async def refused(bot, *words):
    """Check that the process ended with one sentence and an exit code that stops a supervisor."""
    assert await bot.ended() == EX_CONFIG, bot.log
    assert quiet(bot), bot.log
    assert all(word in bot.lines[-1] for word in words), bot.log
    return bot.lines[-1]


# --- the operator stops it ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_commands_in_progress_are_answered_on_stop(discord, bot, number):
    """The commands wait for the database when the process is asked to stop."""
    async with bot:
        await bot.serving()
        assert "Unit u00: done" in (await discord.answered(ADA, "complete", **named("u00"))).text
        with closing(sqlite3.connect(bot.database, isolation_level=None)) as other:
            other.execute("begin immediate")
            waiting = [await discord.ask(ADA, "undo"), await discord.ask(BRUNO, "complete", **named("u01"))]
            # Reads don't wait for the lock, so the earlier commands are in progress by now.
            assert "Your progress" in (await discord.answered(CLEO, "progress")).text
            bot.send(number)
            await bot.logged("stopping")
            assert not any(asked.reply for asked in waiting)
            other.execute("commit")
        assert await bot.ended() == 0
        undone, done = (asked.reply for asked in waiting)
        assert undone
        assert done
        assert "Unit u00 is no longer marked complete" in undone.text
        assert "Unit u01: done" in done.text
    assert quiet(bot)
    assert files(bot) == ["waymark.db"], "closed: no write-ahead log is left"
    assert ticked(bot) == {(BRUNO, route("u01"))}


# --- Discord doesn't let it in --------------------------------------------------------------------------------------


@pytest.mark.drill
async def test_a_failed_start_is_retried_with_increasing_delays(discord, bot):
    """First connections are refused, then requests get 503, then the gateway URL is unavailable."""
    await discord.go_down()
    async with bot:
        await bot.logged("again in 2 s")
        discord.status = lambda _: 503
        await discord.come_up()
        await bot.logged("again in 4 s")
        discord.status = lambda path: 503 if path == "/gateway/bot" else None
        await bot.logged("again in 8 s")
        discord.status = lambda _: None
        await bot.serving()
        assert "Unit u00: done" in (await discord.answered(ADA, "complete", **named("u00"))).text
    assert quiet(bot), bot.log
    pauses = [float(found[1]) for line in bot.lines if (found := re.search(r"again in (\d+) s", line))]
    assert pauses == [2, 4, 8]
    assert len([line for line in bot.lines if "WARN" in line]) <= 2 * len(pauses), bot.log


@pytest.mark.parametrize("path", ["/users/@me", "/gateway/bot"])
async def test_a_rate_limited_start_waits_as_requested(discord, bot, path):
    """The requested delay is longer than the bot waits within a request."""
    discord.retry_after = 62.0
    discord.status = lambda asked: 429 if asked == path else None
    async with bot:
        await bot.logged("again in 62 s")
        discord.status = lambda _: None
    assert quiet(bot), bot.log


@pytest.mark.drill
async def test_a_rate_limited_start_is_retried(discord, bot):
    """As above, and the delay ends."""
    discord.retry_after = 62.0
    discord.status = lambda asked: 429 if asked == "/users/@me" else None
    async with bot:
        await bot.logged("again in 62 s")
        discord.status = lambda _: None
        await bot.serving()
        assert "Unit u00: done" in (await discord.answered(ADA, "complete", **named("u00"))).text
    assert quiet(bot), bot.log


async def test_a_rejected_command_sync_does_not_stop_the_bot(discord, bot):
    discord.status = lambda path: 503 if path.endswith("/commands") else None
    async with bot:
        await bot.serving()
        assert "Unit u00: done" in (await discord.answered(ADA, "complete", **named("u00"))).text
    assert quiet(bot), bot.log
    assert "commands could not be synced" in bot.log


async def test_an_invalid_token(discord, bot):
    discord.status = lambda path: 401 if path == "/users/@me" else None
    async with bot:
        await refused(bot, "DISCORD_TOKEN")
    assert files(bot) == ["waymark.db"]


@pytest.mark.parametrize(("code", "word"), [(4004, "DISCORD_TOKEN"), (4013, "intents"), (4014, "intents")])
async def test_a_permanent_close_code(discord, bot, code, word):
    discord.close_code = code
    async with bot:
        await refused(bot, word)
    assert files(bot) == ["waymark.db"]


async def test_a_revoked_token(discord, bot):
    async with bot:
        await bot.serving()
        assert "Unit u00: done" in (await discord.answered(ADA, "complete", **named("u00"))).text
        discord.knows_session, discord.close_code = False, 4004
        await discord.drop(4000)
        await refused(bot, "DISCORD_TOKEN")
    assert files(bot) == ["waymark.db"]
    assert ticked(bot) == {(ADA, route("u00"))}


# --- the connection is lost -----------------------------------------------------------------------------------------


async def test_a_lost_connection_is_resumed(discord, bot):
    """Closed by Discord or aborted. Commands sent in the meantime are answered afterwards."""
    units = iter(("u00", "u01", "u02", "u03"))
    async with bot:
        await bot.serving()
        for times, code in enumerate((4000, 4009, 1001, None), 1):
            await discord.drop(code)
            asked = await discord.ask(ADA, "complete", **named(unit := next(units)))
            reply = await discord.until(lambda asked=asked: asked.reply, 30)
            assert f"Unit {unit}: done" in reply.text
            assert (discord.identified, discord.resumed) == (1, times)
    assert quiet(bot), bot.log
    assert len(ticked(bot)) == 4


async def test_an_invalid_session_is_replaced(discord, bot):
    async with bot:
        await bot.serving()
        discord.knows_session = False
        await discord.drop(4000)
        await discord.until(lambda: discord.identified == 2, 30)
        assert "Unit u00: done" in (await discord.answered(ADA, "complete", **named("u00"))).text
    assert quiet(bot), bot.log


async def test_an_outage_of_discord_loses_nothing(discord, bot, due):
    """A few seconds stand for an hour; only discord.py's delays would be longer.

    A digest becomes due during the outage.
    """
    async with bot:
        await bot.serving()
        assert "Unit u00: done" in (await discord.answered(ADA, "complete", **named("u00"))).text
        await bot.logged("connected to Gateway")
        await discord.go_down()
        due(bot, 1)
        # The loop has tried: the row shows the attempt.
        await stored(lambda: any(held or waits for _, waits, held in _digests(bot)), 40)
        await discord.come_up()
        discord.forget_nonces()
        with closing(sqlite3.connect(bot.database, timeout=30)) as other, other:
            other.execute("update delivery set next_try_at = 0, lease_until = 0")  # as after an hour
        await discord.until(lambda: discord.identified + discord.resumed > 1, 60)
        assert "Unit u01: done" in (await discord.answered(BRUNO, "complete", **named("u01"))).text
        await discord.until(lambda: discord.posted, 40)
        bot.send(signal.SIGTERM)
        assert await bot.ended() == 0
    assert [len(messages) for messages in discord.posted.values()] == [1]
    assert [state for state, *_ in _digests(bot)] == ["sent"]
    assert ticked(bot) >= {(ADA, route("u00")), (BRUNO, route("u01"))}
    assert quiet(bot), bot.log
    failed = [line for line in bot.lines if line.startswith("ERROR") and " waymark" in line]
    assert not failed, "the digest is postponed and doesn't keep its claim for minutes"


def _digests(bot):
    with closing(sqlite3.connect(bot.database, timeout=30)) as connection:
        return connection.execute("select state, next_try_at, lease_until from delivery").fetchall()
