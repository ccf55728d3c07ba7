"""Write the report of a full run: ``docs/benchmarks.md``, with the machine and a table for each subject."""

import os
import platform
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import discord

from tests.bench.table import HEAD, Row

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "benchmarks.md"
HEADING = """# Benchmarks

`make bench` measures all of this and writes this page; `python -m tests.bench commands throughput` measures what is
named, and prints it only. Nothing fails when a target is missed: the table says `over`.

The bot is the real one, with the unmodified discord.py, a database in a file on disk and every tick durable
(`synchronous=FULL`). Discord is simulated by a server on a local port, in a process of its own, which speaks the
gateway (compressed, as discord.py asks for it) and the REST of commands. Left out against the real one: TLS, rate
limits and the distance to it. "An empty command" is a slash command in the same bot that answers `ok` and does nothing
else: what discord.py costs by itself. Ratios are of one run, so they hold where the machine is slower or busier than
this one.
"""
MACHINES = """## Several machines

The drill `tests/client/test_several_machines.py` at full length, on 29 November 2026: four processes of `waymark run`,
each with the gateway of its own shard, on one PostgreSQL 18 on the same two cores. One process was killed every 10
seconds, and the database restarted twice. 100,000 servers: 6,000 connected, the rest as rows.

| what                                                             | measured |
| ---------------------------------------------------------------- | -------: |
| duration                                                         | 469 s    |
| processes killed                                                 | 30       |
| answers that members saw, each compared with the database        | 162,605  |
| answers that were wrong, or missing except from a killed process | 0        |
| digests that came due meanwhile                                  | 744      |
| digests that were lost or posted twice                           | 0        |
"""
Part = tuple[str, str, Sequence[Row]]
"""Title, how it was measured, rows."""


def write(parts: Sequence[Part], summary: str) -> None:
    """Write the page anew."""
    text = [HEADING, _machine(), "", f"{summary}.", ""]
    for title, how, rows in parts:
        text += [f"## {title[0].upper()}{title[1:]}", "", how, "", *_table(rows), ""]
    text += [MACHINES]
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text("\n".join(text), "utf-8")


def _machine() -> str:
    day = datetime.now(UTC)
    facts = [
        f"{_processor()}, {os.cpu_count()} cores",
        f"{platform.system()} {platform.release()}",
        f"Python {platform.python_version()}",
        f"discord.py {discord.__version__}",
        f"aiohttp {version('aiohttp')}",
        f"SQLite {sqlite3.sqlite_version}",
        f"{day.day} {day:%B %Y}",
    ]
    return f"Measured on: {'; '.join(facts)}."


def _processor() -> str:
    """Return the name of the processor, from Linux."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text("utf-8").splitlines() if told.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _table(rows: Sequence[Row]) -> list[str]:
    """In columns of one width, so that it is read as a text too."""
    cells = [tuple(cell.replace("|", "\\|") for cell in row.cells) for row in rows]
    widths = [max(3, *(len(cell) for cell in column)) for column in zip(HEAD, *cells, strict=True)]
    ruler = ("-" * widths[0], "-" * (widths[1] - 1) + ":", "-" * (widths[2] - 1) + ":", *("-" * w for w in widths[3:]))
    return [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in (HEAD, ruler, *cells)
    ]
