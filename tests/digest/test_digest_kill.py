"""Real processes that are killed while they post, at every step between claim and receipt."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.study.digest_posting import LEASE

SCRIPT = Path(__file__).with_name("posting.py")
ROOT = Path(__file__).parents[2]
SLOT = datetime(2026, 11, 23, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
KILLED = -signal.SIGKILL


class World:
    """A database and a Discord, both files, and processes that come and go."""

    def __init__(self, folder, runs):
        self.folder, self._runs = folder, runs
        folder.mkdir()
        self.log = folder / "channel.jsonl"
        self.log.touch()

    def run(self, now, *kills, **more):
        """One process, or several at once; each is killed at its step, 0 for none. Returns how each ended."""
        given = {"database": str(self.folder / "waymark.db"), "log": str(self.log), "now": now.isoformat()} | more
        return self._runs([given | {"kill": kill} for kill in kills or (0,)])

    def marks(self):
        return [json.loads(line)["mark"] for line in self.log.read_text().splitlines()]

    def rows(self):
        with closing(sqlite3.connect(self.folder / "waymark.db")) as connection:
            assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
            return connection.execute("select week, state, message_id from digest").fetchall()

    def due(self):
        with closing(sqlite3.connect(self.folder / "waymark.db")) as connection:
            return datetime.fromtimestamp(connection.execute("select due_at from cohort").fetchone()[0], UTC)


@pytest.fixture(scope="module")
def runs():
    """Starts processes, by a process whose imports they share."""
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    with subprocess.Popen(
        [sys.executable, str(SCRIPT)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": paths},
    ) as process:  # fmt: skip

        def run(asked):
            process.stdin.write(json.dumps(asked) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield run
        process.stdin.close()


@pytest.fixture(scope="module")
def fresh(runs, tmp_path_factory):
    """A server whose digest is due at ``SLOT``, as often as a test wants one."""
    folder = tmp_path_factory.mktemp("killed")
    first = World(folder / "first", runs)
    assert first.run(SLOT - MINUTE) == [0]
    numbers = iter(range(10_000))

    def make():
        world = World(folder / str(next(numbers)), runs)
        shutil.copy(first.folder / "waymark.db", world.folder)
        return world

    return make


@pytest.fixture(scope="module")
def steps(fresh):
    """The names of all steps of a process that posts undisturbed."""
    world = fresh()
    assert world.run(SLOT, steps=str(world.folder / "steps")) == [0]
    assert world.marks() == ["t-1:2026-W48"]
    return json.loads((world.folder / "steps").read_text())


def assert_posted_once(world):
    assert world.marks() == ["t-1:2026-W48"]
    assert world.rows() == [("2026-W48", "posted", 1)]
    assert world.due() == SLOT + timedelta(weeks=1)


def test_the_steps_are_those_between_claim_and_receipt(steps):
    desk = [step for step in steps if step in ("allowed", "roster", "draw", "send", "sent")]
    assert desk == ["allowed", "roster", "draw", "send", "sent"]
    assert steps.index("allowed") < steps.index("begin immediate") < steps.index("draw")
    assert steps.index("sent") < len(steps) - 3, "the receipt is a transaction"


def test_killed_at_every_step_it_is_posted_once(fresh, steps):
    for step in range(1, len(steps) + 1):
        world = fresh()
        assert world.run(SLOT, step) == [KILLED], steps[step - 1]
        assert len(world.marks()) == (step >= steps.index("sent") + 1)
        world.run(SLOT + MINUTE)
        world.run(SLOT + LEASE)
        assert_posted_once(world)


def test_killed_at_one_step_after_the_other_it_is_posted_once(fresh, steps):
    """Each process dies one step later than the one before it."""
    for first in (1, 4):
        world = fresh()
        now = SLOT
        for step in range(first, len(steps) + 4):
            world.run(now, step)
            now += LEASE
        world.run(now)
        assert_posted_once(world)


@pytest.mark.parametrize("seed", range(3))
def test_processes_that_run_at_once_and_die_at_random_post_it_once(fresh, steps, seed):
    chance = random.Random(seed)
    world = fresh()
    now = SLOT
    for _ in range(8):
        kills = [chance.randrange(1, len(steps) + 4) for _ in range(3)]
        assert set(world.run(now, *kills)) <= {KILLED, 0}
        now += chance.choice((MINUTE, LEASE, LEASE + MINUTE))
    now += LEASE
    world.run(now, 0, 0, 0)
    world.run(now + LEASE)
    assert_posted_once(world)


def test_four_processes_at_once_post_it_once(fresh):
    for _ in range(4):
        world = fresh()
        assert world.run(SLOT, 0, 0, 0, 0) == [0] * 4
        assert_posted_once(world)
