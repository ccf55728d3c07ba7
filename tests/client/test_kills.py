"""Processes that are killed at random moments while members tick and untick and digests are due.

After each kill the database is intact and contains everything that a member was shown, plus at most the one command in
progress. In the end every digest was posted exactly once. Several bots run concurrently, each with its own database,
Discord server and members, because most of their time is spent waiting.
"""

import asyncio
import itertools
import os
import random
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.client.bots import UNITS, Bot, named, quiet
from tests.client.conftest import make_due, stored
from tests.client.discord_server import Discord, channel_id, hall_id, server_id
from tests.client.fork_server import ForkServer
from tests.client.replies import Reply, SentCommand, marks

KILLS = int(os.environ.get("WAYMARK_KILLS", "200"))
AT_ONCE = 50
APART = 0.4
"""Seconds between their first starts, so that they don't all do the same at the same time."""
LONGEST = 0.8
"""Seconds from the beginning of the load to the latest kill."""
SLOWEST = 0.5
"""Seconds that Discord takes at most to say that it has posted a digest."""
LEARNERS = range(1, 11)
NEW_DIGESTS = 5
"""So many more are due each time that a bot starts."""


class Learner:
    """A member who sends one command after another and records the confirmed results."""

    def __init__(self, number: int, chance: random.Random) -> None:
        self.number = number
        self.ticked: dict[str, int] = {}
        """The change that ticked a route: all that was confirmed."""
        self.seen = 0
        self._chance = chance
        self._asked: SentCommand | None = None

    async def study(self, discord: Discord) -> None:
        """Send commands until canceled."""
        while True:
            if self._chance.random() < 0.4:
                self._asked = await discord.ask(self.number, "undo")
            else:
                self._asked = await discord.ask(self.number, "complete", **named(self._chance.choice(UNITS)))
            await discord.until(self._answered)
            self.take_in()

    def _answered(self) -> Reply | None:
        return self._asked.reply if self._asked else None

    def take_in(self) -> None:
        """Record the result of the last command, if its reply arrived."""
        if self._asked is None or self._asked.reply is None:
            return
        asked, reply = self._asked, self._asked.reply
        self._asked = None
        self.seen += 1
        if asked.name == "undo" and self.ticked:
            last = max(self.ticked, key=self.ticked.__getitem__)
            assert f"Unit {last.rsplit('/')[-1]} is no longer marked complete" in reply.text, reply
            del self.ticked[last]
        elif asked.name == "undo":
            assert "Nothing to undo yet" in reply.text, reply
        elif asked.options["what"] in self.ticked:
            assert "already complete" in reply.text, reply
        else:
            assert f"Unit {asked.options['what'].rsplit('/')[-1]}: done" in reply.text, reply
            (change,) = [each for each in reply.buttons if each.startswith("wm1:undo:")]
            self.ticked[asked.options["what"]] = int(change.rsplit(":")[-1])

    def check(self, stored: dict[str, int]) -> None:
        """Check that ``stored`` is what was confirmed, plus at most the command in progress."""
        self.take_in()
        expected = [self.ticked]
        if self._asked and self._asked.name == "undo" and self.ticked:
            last = max(self.ticked.values())
            expected.append({route: change for route, change in self.ticked.items() if change != last})
        elif self._asked and self._asked.name == "complete" and (new := self._asked.options["what"]) in stored:
            expected.append({**self.ticked, new: stored[new]})
        assert stored in expected, (self.number, self._asked)
        self.ticked, self._asked = stored, None


@dataclass
class Life:
    """A database and its Discord server, across all bots that are killed on it."""

    discord: Discord
    bot: Bot
    learners: list[Learner]
    chance: random.Random
    due: Iterator[int] = field(default_factory=itertools.count)
    under_way: list[int] = field(default_factory=list)
    """How many digests were claimed and not ended, at each kill."""

    def prepare(self) -> None:
        """Make more digests due, expire leases, and forget nonces, as happens within minutes."""
        self.discord.forget_nonces()
        with closing(sqlite3.connect(self.bot.database, timeout=30)) as connection, connection:
            connection.execute("update delivery set lease_until = lease_until - 300, next_try_at = next_try_at - 3600")
        make_due(self.bot, *itertools.islice(self.due, NEW_DIGESTS))

    async def run_and_kill(self) -> None:
        before = self.discord.rosters
        async with self.bot as bot:
            await bot.serving()
            self.prepare()
            # A digest first queries the members: at this point the loop has run and digests are claimed.
            await self.discord.until(lambda: self.discord.rosters > before)
            studying = [asyncio.create_task(learner.study(self.discord)) for learner in self.learners]
            await asyncio.sleep(self.chance.uniform(0, LONGEST))
            bot.send(signal.SIGKILL)
            assert await bot.ended() == -signal.SIGKILL, bot.log
        for each in studying:
            each.cancel()
        for ended in await asyncio.gather(*studying, return_exceptions=True):
            assert isinstance(ended, asyncio.CancelledError), ended
        assert quiet(bot), bot.log
        self.check()

    def check(self) -> None:
        """Check a copy, because the next bot has to open the original."""
        copy = self.bot.folder / "copy"
        copy.mkdir(exist_ok=True)
        for name in ("waymark.db", "waymark.db-wal"):
            if (self.bot.folder / name).exists():
                shutil.copy(self.bot.folder / name, copy)
        with closing(sqlite3.connect(copy / "waymark.db")) as connection:
            assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
            for learner in self.learners:
                sql = "select route, change_id from tick where learner_id = ?"
                learner.check(dict(connection.execute(sql, (learner.number,))))
            ((claimed,),) = connection.execute("select count(*) from delivery where state = 'claimed'")
            receipts = connection.execute("select server_id, message_id from delivery where state = 'sent'").fetchall()
        self.under_way.append(claimed)
        for server, message in receipts:
            assert self.messages(server) == [message]
        for number in self.discord.servers:
            assert len(self.discord.posted.get(hall_id(number), [])) <= 1, "a server is welcomed once"
        shutil.rmtree(copy)

    def messages(self, server: int) -> list[int]:
        """Return the digests in a server's channel."""
        posted = self.discord.posted.get(server + channel_id(0) - server_id(0), [])
        assert all(any(":t-1:" in mark for mark in marks(each)) for each in posted)
        return [int(each["id"]) for each in posted]

    def all_posted(self) -> bool:
        with closing(sqlite3.connect(self.bot.database, timeout=30)) as connection:
            return connection.execute("select 1 from cohort where due_at <= unixepoch() limit 1").fetchone() is None

    async def finish(self) -> None:
        """Let the last bot run until nothing is due any more."""
        async with self.bot as bot:
            await bot.serving()
            self.prepare()
            await stored(self.all_posted)
            bot.send(signal.SIGTERM)
            assert await bot.ended() == 0
        self.check()
        assert self.under_way.pop() == 0
        with closing(sqlite3.connect(self.bot.database)) as connection:
            ended = connection.execute("select server_id, state, message_id from delivery").fetchall()
        assert len(ended) == next(self.due)
        for server, state, message in ended:
            assert (state, [message]) == ("sent", self.messages(server))


async def live(fork_server: ForkServer, folder: Path, number: int, kills: int) -> Life:
    folder.mkdir()
    await asyncio.sleep(number * APART)
    chance = random.Random(number)
    async with Discord(servers=NEW_DIGESTS * (kills + 1)) as discord:
        discord.patience = None
        discord.slowness = lambda path: chance.uniform(0, SLOWEST) if path.startswith("/channels/") else 0
        life = Life(discord, Bot(discord, folder, fork_server), [Learner(each, chance) for each in LEARNERS], chance)
        for _ in range(kills):
            await life.run_and_kill()
        await life.finish()
    return life


@pytest.mark.drill
async def test_killed_bots_lose_no_confirmed_tick_and_post_each_digest_once(tmp_path):
    lives = min(AT_ONCE, KILLS)
    kills = [KILLS // lives + (number < KILLS % lives) for number in range(lives)]
    async with ForkServer() as fork_server, asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(live(fork_server, tmp_path / str(number), number, each))
            for number, each in enumerate(kills)
        ]
    done = [task.result() for task in tasks]
    under_way = [each for life in done for each in life.under_way]
    seen = sum(learner.seen for life in done for learner in life.learners)
    assert len(under_way) == KILLS
    assert sum(map(bool, under_way)) > KILLS / 3, "otherwise nothing was tested"
    assert seen > KILLS
