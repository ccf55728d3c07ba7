"""What ``doctor`` says of the machine: disk, clock, time zones, fonts, modes of files."""

import importlib.util
import os
import re
import stat
import sys
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Literal

from PIL import features

from bot.store.sqlite.health import Health
from bot.views.pictures.text import Lettering

Level = Literal["ok", "warning", "fault"]

MB = 1 << 20
SCARCE, SHORT = 50 * MB, 500 * MB
"""Free bytes below which the bot soon can't write, and below which it is time to look."""
CLOCKS = timedelta(minutes=5)
"""So far the clocks of two machines may differ."""
OLDEST_YEAR = 2026


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: how it is, what was looked at, and what to do where it is not ok."""

    level: Level
    what: str
    to_do: str = ""

    def __str__(self) -> str:
        return f"{self.level:<8}{self.what}" + (f" -> {self.to_do}" if self.to_do else "")


def python() -> Finding:
    return Finding("ok", f"python: {sys.version.split()[0]}")


def modes(path: Path, why: str) -> Iterator[Finding]:
    """A warning where others of this machine can read or write a file."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        yield Finding("warning", f"{path}: others may open it (mode {mode:o}), and {why}", f"chmod 600 {path}")


def disk(name: str, free: int, size: int) -> Finding:
    """What so many free bytes mean beside a database of ``size`` bytes."""
    what = f"disk of the {name}: {free // MB} MB free"
    if free < SCARCE:
        return Finding("fault", what, "free some now: soon nothing can be saved")
    if free < max(SHORT, 3 * size):
        return Finding("warning", what, f"free some: a backup or restore needs up to {3 * size // MB} MB")
    return Finding("ok", what)


def clock(now: datetime, health: Health | None) -> Finding:
    """A clock behind the data would date ticks and digests wrongly."""
    what = f"clock: {now.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if now.year < OLDEST_YEAR:
        return Finding("fault", f"{what} can't be right", "set the clock, or let NTP do it")
    if health and health.latest and health.latest > now + CLOCKS:
        what += f" is behind the database, which knows {health.latest:%Y-%m-%d %H:%M}"
        return Finding("fault", what, "set the clock, or let NTP do it")
    return Finding("ok", what)


def zones(now: datetime, health: Health | None) -> Iterator[Finding]:
    """Time zones: that there are any, that clocks change in them, and that those of the digests are among them."""
    try:
        berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    except zoneinfo.ZoneInfoNotFoundError as error:
        yield Finding("fault", f"zones: {error}", "pip install tzdata")
        return
    release = _release_of_zones()
    winter, summer = (datetime(now.year, month, 1, tzinfo=berlin).utcoffset() for month in (1, 7))
    unknown = set(health.zones if health else ()) - zoneinfo.available_timezones()
    for zone in sorted(unknown):
        yield Finding("fault", f"zones: a digest is in {zone}, which is not known", "update tzdata, or /setup there")
    if winter == summer:
        yield Finding("fault", f"zones: {release}: clocks never change in Europe/Berlin", "reinstall it")
    elif (year := re.search(r"\d{4}", release)) and int(year[0]) < now.year - 1:
        yield Finding("warning", f"zones: {release} is old", "update it: rules of clock changes have changed since")
    elif not unknown:
        yield Finding("ok", f"zones: {release}")


def _release_of_zones() -> str:
    """Which data ``zoneinfo`` reads: the system's where it has some, else those of the package tzdata."""
    for folder in map(Path, zoneinfo.TZPATH):
        if (folder / "Europe" / "Berlin").exists():
            rules = folder / "tzdata.zi"
            release = ""
            if rules.exists():
                with rules.open(encoding="utf-8") as file:
                    release = f" ({file.readline().removeprefix('# version ').strip()})"
            return f"the system's {folder}{release}"
    return f"the package tzdata ({metadata.version('tzdata')})"


def pictures() -> Finding:
    """The fonts of the digest's picture, by setting a line."""
    try:
        Lettering().strip("Ada Łukasz Дарья 小林 🎉", 20)
    except Exception as error:
        # Whatever a library makes of a font that is missing or broken, here it is a finding.
        return Finding("fault", f"fonts: {type(error).__name__}: {error}", "install the requirements again")
    joined = "" if features.check("raqm") else "; without FriBidi, Arabic and Indic letters stand apart"
    return Finding("ok", f"fonts: names can be drawn{joined}")


def loop() -> Finding:
    there = importlib.util.find_spec("uvloop") is not None
    return Finding("ok", "uvloop: there" if there else "uvloop: not there; Python's own loop serves")
