"""``make bench``: speed and memory, measured and printed. Nothing is asserted; a missed target says ``over``.

A subject is a module with a ``TITLE``, a ``HOW`` (how it is measured) and ``async def rows(place)``: put it into
``SUBJECTS`` to have it in the table. A run of all of them also writes ``docs/benchmarks.md``; ``python -m tests.bench
commands`` measures only what is named, and prints it.
"""

import asyncio
import importlib
import os
import sys
import time
from collections.abc import Sequence

from bot.operation.host import fast_loop
from tests.bench import report
from tests.bench.table import heading, lines, widths_of
from tests.bench.timing import busy
from tests.bench.workspace import workspace

SUBJECTS = (
    "courses",
    "start",
    "memory",
    "commands",
    "throughput",
    "overload",
    "store",
    "growth",
    "postgres",
    "autocomplete",
    "server_courses",
    "digests",
    "reminders",
    "plans",
    "review",
    "daily_question",
)


def main(names: Sequence[str]) -> None:
    start, before = time.perf_counter(), busy()
    found: list[report.Part] = []
    with workspace() as place, asyncio.Runner(loop_factory=fast_loop) as runner:
        for name in names or SUBJECTS:
            subject = importlib.import_module(f"tests.bench.{name}")
            sys.stderr.write(f"{name} …\n")
            found.append((subject.TITLE, subject.HOW, runner.run(subject.rows(place))))
    rows = [row for _, _, part in found for row in part]
    widths = widths_of(rows)
    printed = heading(widths)
    for title, _, part in found:
        printed += ["", title, *lines(part, widths)]
    missed, targets = sum(row.over for row in rows), sum(bool(row.result) for row in rows)
    spent = time.perf_counter() - start
    others = max(0.0, busy() - before) / spent / (os.cpu_count() or 1)
    summary = f"{missed} of {targets} targets missed; {spent:.0f} s on {os.cpu_count()} cores"
    summary = f"{summary}, of which other processes took {others:.0%}"
    printed += ["", summary]
    sys.stdout.write("\n".join(printed) + "\n")
    if not names:
        report.write(found, summary)


if __name__ == "__main__":
    main(sys.argv[1:])
