"""Autocomplete: the callbacks of the options, as discord.py calls them."""

import random
import time
from collections.abc import Iterator
from typing import Any

import discord

from bot.client.bot import StudyBot
from bot.core.course.course import Course, Node
from cogs import options
from tests.bench.client import connected
from tests.bench.payloads import command
from tests.bench.table import Row
from tests.bench.timing import median, percentile
from tests.bench.workspace import FIRST_LEARNER, Workspace

TITLE = "autocomplete, CPU time from what was typed to the choices (nothing in it waits)"
HOW = (
    "The callbacks of the options as discord.py calls them, 250 a course and option: titles letter by letter, "
    "with typos, words from their middle."
)
PER_COURSE = 250
DEPTH = {"path": 0, "module": 1, "unit": 2}
Typed = dict[str, str]


async def rows(place: Workspace) -> list[Row]:
    """Paths, modules and units of all courses: typed letter by letter, with typos, and words from the middle."""
    found: dict[str, list[float]] = {kind: [] for kind in DEPTH}
    empty = 0
    async with connected(place.few) as client:
        for kind in DEPTH:
            for course in place.catalogue.courses.values():
                for filled in _typing(course, kind):
                    interaction = _interaction(client.bot, filled, "what")
                    start = time.thread_time()
                    choices = await options.what(interaction, filled["what"])
                    found[kind].append(time.thread_time() - start)
                    empty += not choices
    every = [each for kind in found.values() for each in kind]
    told = [Row(f"`{kind}`, 99 %", percentile(each, 99), most=1e-3) for kind, each in found.items()]
    nothing = f"all {len(every):,} of them, median ({empty / len(every):.0%} offered nothing)"
    return [Row(nothing, median(every)), *told]


def _interaction(bot: StudyBot, filled: Typed, focused: str) -> "discord.Interaction[discord.Client]":
    """Build the interaction that discord.py creates from the payload."""
    payload: Any = command(1, FIRST_LEARNER, "complete", filled, focused)
    return discord.Interaction(data=payload, state=bot._connection)


def _typing(course: Course, kind: str) -> Iterator[Typed]:
    """Return filled-in options for an autocomplete in which a path, module or unit is meant."""
    pick = random.Random(f"{course.id} {kind}")
    nodes = [node for node in course.nodes.values() if node.route.count("/") == DEPTH[kind]]
    for number in range(PER_COURSE):
        yield {"course": course.id, "what": _typed(pick.choice(nodes), number, pick)}


def _typed(node: Node, number: int, pick: random.Random) -> str:
    """Return the beginning of a title, the same with a typo, a word of it, or words that match no course."""
    title = node.title
    begun = title[: pick.randrange(len(title) + 1)]
    if number % 4 == 1 and len(begun) > 2:
        place = pick.randrange(len(begun) - 1)
        return f"{begun[:place]}{begun[place + 1]}{begun[place]}{begun[place + 2 :]}"
    if number % 4 == 2:
        return pick.choice(title.split())
    return "zzqx nothing at all" if number % 20 == 3 else begun
