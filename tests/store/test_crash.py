"""A process that is killed loses no tick that it has confirmed, and leaves no half of one."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from tests.databases import is_whole, query

SCRIPT = Path(__file__).with_name("ticking.py")
ROOT = Path(__file__).parents[2]
ROUNDS = 5
PARTS = 3
"""Ticks of one change, in ticking.py."""


def killed_while_ticking(path, learner):
    """The number of changes that a process had confirmed when it was killed, at a moment that nobody chose."""
    command = [sys.executable, str(SCRIPT), str(path), str(learner)]
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": paths}
    ) as process:
        try:
            read = random.randint(1, 150)
            for _ in range(read):
                assert process.stdout.readline(), "it ticks"
            time.sleep(random.uniform(0, 0.004))
        finally:
            process.kill()
        unread = process.stdout.read().splitlines()
        assert process.wait() == -9
    return read + len(unread)


def test_no_confirmed_tick_is_lost(path):
    for learner in range(1, ROUNDS + 1):
        confirmed = killed_while_ticking(path, learner)
        assert is_whole(path)
        found = {
            name: [row[0] for row in query(path, f"select {what} from {name} where learner_id = {learner}")]
            for name, what in {"tick": "route", "milestone": "route"}.items()
        }
        changes = {int(route[1:].split("/")[0]) for route in found["tick"]}
        assert changes >= set(range(confirmed)), "every confirmed tick is there"
        assert changes in ({*range(confirmed)}, {*range(confirmed + 1)}), "and at most the one under way"
        assert len(found["tick"]) == PARTS * len(changes), "whole"
        assert set(found["milestone"]) == {f"r{number}/a" for number in changes}, "with all that belongs to it"
