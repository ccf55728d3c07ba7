"""The words, glyphs and colors that every message shares."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Any

import discord
from discord import ui

from bot.core.course.course import Kind, Node, Unit
from bot.core.course.progress import Progress, Share

MAX_CHARACTERS = 4000
PAGE_CHARACTERS = 2900
"""Characters of a list on one page: what is left for the rest of the message is ample."""
PAGE_LINES = 20

Part = str | ui.Item[Any] | None
Row = Sequence[ui.Item[Any] | None]


class State(Enum):
    """What a message is about, as the accent color of its container."""

    PROGRESS = 0x4F6BED
    DONE = 0x2E9E5B
    WARNING = 0xD9822B
    PLAIN = 0x8A94A6


def card(state: State, *parts: Part, rows: Sequence[Row] = ()) -> ui.LayoutView:
    """One container of texts and pictures (None is a line between them) with rows of buttons below."""
    container: ui.Container[Any] = ui.Container(accent_color=state.value)
    for part in parts:
        if part is None:
            container.add_item(ui.Separator())
        elif isinstance(part, ui.Item):
            container.add_item(part)
        elif part:
            container.add_item(ui.TextDisplay(part))
    for row in rows:
        items = [item for item in row if item is not None]
        if items:
            container.add_item(ui.ActionRow(*items))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    # All state is in the message: the library need not keep the view, and would do so for 15 minutes.
    view.stop()
    return view


def bar(percent: int) -> str:
    """Ten cells for 0 to 100 percent: a full one only for all of it, an empty bar only for nothing."""
    filled = percent // 10 if percent > 9 else int(percent > 0)
    return "▰" * filled + "▱" * (10 - filled)


def duration(minutes: int) -> str:
    """``2 h 5 min``; a rough ``0 min`` never appears for something that has a length."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def plural(count: int, word: str) -> str:
    return f"1 {word}" if count == 1 else f"{count:,} {word}s"


def of(done: int, total: int, word: str) -> str:
    """``2 of 6 paths``."""
    return f"{done} of {total} {word}" + ("" if total == 1 else "s")


_MARKUP = re.compile(r"[\\*_~`|<>\[\]]|^[#-]")


def safe(text: str) -> str:
    """Text of others that Discord shows as it is, on one line."""
    return _MARKUP.sub(r"\\\g<0>", " ".join(line.strip() for line in text.splitlines()))


def person(name: str, length: int = 40) -> str:
    """A member's name as plain text: no markup, link, mention or direction of writing gets out of it.

    It stands in a Unicode isolate (FSI ... PDI), so that it can't reorder what is around it.
    """
    kept = "".join(char for char in name if unicodedata.category(char) not in _UNSEEN and char not in _DIRECTIONS)
    plain = safe(shortened(" ".join(kept.split()), length)) or "someone"
    return f"{_FSI}{plain.replace('://', _UNLINKED).replace('@', '@' + _ZERO_WIDTH)}{_PDI}"


_FSI, _PDI = "\u2068", "\u2069"
_ZERO_WIDTH = "\u200b"
_UNLINKED = f":{_ZERO_WIDTH}//"
_UNSEEN = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_DIRECTIONS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the direction of the text after them."""


def linked(title: str, url: str | None) -> str:
    """A title that is a link where there is an address."""
    return f"[{safe(title)}]({url})" if url else safe(title)


def shortened(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def day(moment: datetime) -> str:
    return discord.utils.format_dt(moment, "D")


def mark(share: Share) -> str:
    """The glyph for how far something is; the word for it always stands beside it."""
    if share.complete:
        return "✅"
    return "◐" if share.done else "○"


def state_of(share: Share) -> State:
    return State.DONE if share.complete else State.PROGRESS


def left(share: Share) -> str:
    """How much is left, in words."""
    if share.complete:
        return "done"
    if not share.minutes_total:
        return f"{share.total - share.done} to go"
    return f"{duration(share.minutes_left)} left"


def headline(progress: Progress) -> str:
    """The number that matters about a whole course, with its bar."""
    whole = progress.whole
    paths = of(len(progress.paths_done), len(progress.course.paths), "path")
    return f"**{paths}** · {left(whole)}\n{bar(whole.percent)} **{whole.percent} %**"


def kind_of(node: Node) -> str:
    """What a unit asks for, as a word; empty where it goes without saying."""
    if isinstance(node, Unit) and node.kind in (Kind.EXERCISE, Kind.ASSESSMENT):
        return node.kind.value
    return ""


def pages(lines: Sequence[str], *, room: int = PAGE_CHARACTERS, most: int = PAGE_LINES) -> list[range]:
    """Which of ``lines`` stand on each page of at most ``room`` characters; at least one page."""
    found: list[range] = []
    start, left_over = 0, room
    for number, line in enumerate(lines):
        if number > start and (len(line) + 1 > left_over or number - start == most):
            found.append(range(start, number))
            start, left_over = number, room
        left_over -= len(line) + 1
    return [*found, range(start, len(lines))]


def notice(text: str, state: State = State.WARNING, *, rows: Sequence[Row] = ()) -> ui.LayoutView:
    """One sentence: a refusal, or that something is done."""
    glyph = {State.WARNING: "⚠️ ", State.DONE: "✅ "}.get(state, "")
    return card(state, glyph + shortened(text, MAX_CHARACTERS - 100), rows=rows)
