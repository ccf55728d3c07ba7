"""Checks of the host: disk, clock, time zones, fonts, event loop, file modes."""

import asyncio
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

from bot.core.calendar.stored_zones import is_known
from bot.store.health import Health
from bot.views.pictures.text import TextRenderer

Level = Literal["ok", "warning", "error"]

MB = 1 << 20
CRITICAL_SPACE, LOW_SPACE = 50 * MB, 500 * MB
"""Free bytes below which writes may fail soon, and below which to warn."""
CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far the clocks of two machines may differ."""
OLDEST_YEAR = 2026
_NO_ZONE = (zoneinfo.ZoneInfoNotFoundError, OSError, ValueError)
"""Raised if time zone data is missing, unreadable or damaged."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of ``doctor``: the result of a check, and what to do unless it is ok."""

    level: Level
    what: str
    to_do: str = ""

    def __str__(self) -> str:
        return f"{self.level:<8}{self.what}" + (f" -> {self.to_do}" if self.to_do else "")


def python() -> Finding:
    return Finding("ok", f"python: {sys.version.split()[0]}")


def file_modes(path: Path, why: str) -> Iterator[Finding]:
    """Warn if other users of this machine can read or write ``path``."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        yield Finding("warning", f"{path}: other users can open it (mode {mode:o}), and {why}", f"chmod 600 {path}")


def disk(name: str, free: int, size: int) -> Finding:
    """Judge the free bytes of a disk for a database of ``size`` bytes."""
    what = f"disk of the {name}: {free // MB} MB free"
    if free < CRITICAL_SPACE:
        return Finding("error", what, "free some now: soon nothing can be saved")
    if free < max(LOW_SPACE, 3 * size):
        return Finding("warning", what, f"free some: a backup or restore needs up to {3 * size // MB} MB")
    return Finding("ok", what)


def clock(now: datetime, health: Health | None) -> Finding:
    """Compare the clock with the data. A slow clock would date ticks and digests wrongly."""
    what = f"clock: {now.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if now.year < OLDEST_YEAR:
        return Finding("error", f"{what} can't be right", "set the clock, or let NTP do it")
    if health and health.latest and health.latest > now + CLOCK_TOLERANCE:
        what += f" is behind the database, whose latest entry is of {health.latest:%Y-%m-%d %H:%M}"
        return Finding("error", what, "set the clock, or let NTP do it")
    return Finding("ok", what)


def zones(now: datetime, health: Health | None) -> Iterator[Finding]:
    """Check that time zone data exists, is recent, and has the zones that digests use."""
    try:
        berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    except _NO_ZONE as error:
        yield Finding("error", f"zones: no time zone data: {error}", "pip install tzdata")
        return
    release = _zone_data_release()
    winter, summer = (datetime(now.year, month, 1, tzinfo=berlin).utcoffset() for month in (1, 7))
    unknown = {zone for zone in (health.zones if health else ()) if not is_known(zone)}
    for zone in sorted(unknown):
        yield Finding(
            "error",
            f"zones: a digest uses {zone}, which is not in the time zone data",
            "update tzdata, or run /setup in that server",
        )
    for zone in health.learner_zones if health else ():
        if not is_known(zone):
            yield Finding(
                "warning",
                f"zones: a learner's zone {zone} is not in the time zone data, so it counts as UTC",
                "update tzdata; the learner can set another one in /start",
            )
    if winter == summer:
        yield Finding("error", f"zones: {release}: clocks never change in Europe/Berlin", "reinstall it")
    elif (year := re.search(r"\d{4}", release)) and int(year[0]) < now.year - 1:
        yield Finding("warning", f"zones: {release} is old", "update it: clock changes have changed since")
    elif not unknown:
        yield Finding("ok", f"zones: {release}")


def _zone_data_release() -> str:
    """Return the release of the time zone data: the system's if it exists, else that of the package tzdata."""
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
    """Check the fonts by drawing a line of text."""
    try:
        TextRenderer().render("Ada Łukasz Дарья 小林 🎉", 20)
    except Exception as error:
        # Libraries raise various errors for a missing or broken font; here each is a finding.
        return Finding("error", f"fonts: {type(error).__name__}: {error}", "install the requirements again")
    uses_joiners = "" if features.check("raqm") else "; without FriBidi, Arabic and Indic letters are not joined"
    return Finding("ok", f"fonts: names can be drawn{uses_joiners}")


def loop() -> Finding:
    found = importlib.util.find_spec("uvloop") is not None
    return Finding("ok", "uvloop: installed" if found else "uvloop: not installed; Python's own loop is used")


def fast_loop() -> asyncio.AbstractEventLoop:
    """Return a loop of uvloop, or of asyncio where uvloop isn't installed."""
    try:
        import uvloop  # noqa: PLC0415 - not available on every system
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()
