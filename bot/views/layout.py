"""Texts, icons and colors that all messages share."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from typing import Any

import discord
from discord import ui

from bot.core.course.course import Kind, Node, Unit
from bot.core.course.progress import Progress
from bot.core.course.share import Share
from bot.views.emojis import bar_reference

MAX_CHARACTERS = 4000
PAGE_CHARACTERS = 2900
"""Maximum characters of a list on one page. The rest of the message needs less than the remainder."""
PAGE_LINES = 20

ROW, BUTTON, SELECT, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER = 1, 2, 3, 9, 10, 12, 13, 14, 17
ROLE_SELECT, CHANNEL_SELECT = 6, 8
"""Discord's numbers for the types of components."""

Component = dict[str, Any]
"""A component as Discord's API expects it."""
Part = str | Component | None
Row = Sequence[Component | None]


class State(Enum):
    """The status of a message, as the accent color of its container."""

    PROGRESS = 0x4F6BED
    DONE = 0x2E9E5B
    WARNING = 0xD9822B
    PLAIN = 0x8A94A6


class MessageView(ui.LayoutView):
    """A message whose components are ready to be sent.

    Building discord.py's items, only to convert them back, costs several times as much as the JSON.
    """

    def __init__(self, components: list[Component]) -> None:
        super().__init__(timeout=None)
        self._components = components

    def to_components(self) -> list[Component]:
        return self._components

    def has_components_v2(self) -> bool:
        return True

    def is_finished(self) -> bool:
        """All state is in the message. discord.py would keep an unfinished view for 15 minutes."""
        return True


def message_view(state: State, *parts: Part, rows: Sequence[Row] = (), file: str | None = None) -> ui.LayoutView:
    """Build a message: a container of texts and components (None is a separator), with rows of buttons below.

    ``file`` is the name of an attached file to show after the container.
    """
    inner: list[Component] = []
    for part in parts:
        if part is None:
            inner.append({"type": SEPARATOR})
        elif isinstance(part, dict):
            inner.append(part)
        elif part:
            inner.append({"type": TEXT, "content": part})
    filled = ([item for item in row if item is not None] for row in rows)
    inner += [{"type": ROW, "components": items} for items in filled if items]
    components: list[Component] = [{"type": CONTAINER, "accent_color": state.value, "components": inner}]
    if file:
        components.append({"type": FILE, "file": {"url": f"attachment://{file}"}})
    return MessageView(components)


def image(file: str, alt: str) -> Component:
    """Show an attached image; ``alt`` describes it."""
    return {"type": GALLERY, "items": [{"media": {"url": f"attachment://{file}"}, "description": alt[:1024]}]}


def button_row(*buttons: Component | None) -> Component | None:
    """A row of buttons between texts; None leaves a button out."""
    items = [each for each in buttons if each is not None]
    return {"type": ROW, "components": items} if items else None


def picture(file: discord.File | None) -> Part:
    """Show an attached picture with its description; nothing if there is none."""
    return image(file.filename, file.description or "") if file else ""


def section(text: str, accessory: Component) -> Component:
    """A text with a button next to it."""
    return {"type": SECTION, "components": [{"type": TEXT, "content": text}], "accessory": accessory}


_BARS = tuple(bar_reference(percent // 10 if percent > 9 else int(percent > 0)) for percent in range(101))


def bar(percent: int) -> str:
    """A bar for 0 to 100 percent, full only at 100 and empty only at 0. Write the percentage next to it.

    It becomes five emojis, or ten characters where they aren't uploaded. See ``resolved_length``.
    """
    return _BARS[percent]


def resolved_length(text: str) -> int:
    """Return the maximum length of a text when its references to commands and emojis are resolved.

    An ID has up to 20 digits. It replaces an emoji's fallback; that of a command comes after a colon. A bar has five
    emojis of 31 characters.
    """
    return len(text) + 20 * text.count("<:") + 21 * text.count("</") + 117 * text.count("<:bar")


def duration(minutes: int) -> str:
    """Format minutes as ``2 h 5 min``."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def plural(count: int, word: str) -> str:
    return f"1 {word}" if count == 1 else f"{count:,} {word}s"


def count_of(done: int, total: int, word: str) -> str:
    """Format a count as ``2 of 6 paths``."""
    return f"{done} of {total} {word}" + ("" if total == 1 else "s")


_MARKUP = re.compile(r"[\\*_~`|<>\[\]]|^[#-]")


def escape_typed(text: str) -> str:
    """Escape Markdown in text from users, and join its lines."""
    return _MARKUP.sub(r"\\\g<0>", " ".join(line.strip() for line in text.splitlines()))


@lru_cache(maxsize=8192)
def escape(text: str) -> str:
    """Escape Markdown in text of a course, and join its lines. Results are cached: don't use it for personal text."""
    return escape_typed(text)


def member_name(name: str, length: int = 40) -> str:
    """Return a member's name as plain text without markup, links, mentions and direction controls.

    It is wrapped in a Unicode isolate (FSI ... PDI), so that it can't reorder the text around it.
    """
    visible = "".join(
        char
        for char in name
        if unicodedata.category(char) not in _CONTROL_CATEGORIES and char not in _DIRECTION_CONTROLS
    )
    escaped = escape_typed(truncate(" ".join(visible.split()), length)) or "someone"
    return f"{_ISOLATE_START}{escaped.replace('://', _UNLINKED_SCHEME).replace('@', '@' + _ZERO_WIDTH)}{_ISOLATE_END}"


_ISOLATE_START, _ISOLATE_END = "\u2068", "\u2069"
_ZERO_WIDTH = "\u200b"
_UNLINKED_SCHEME = f":{_ZERO_WIDTH}//"
_CONTROL_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_DIRECTION_CONTROLS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the direction of the text after them."""


@lru_cache(maxsize=8192)
def hyperlink(title: str, url: str | None) -> str:
    """A title of a course with a link, or only the title if there is no URL. Results are cached."""
    return f"[{escape(title)}]({url})" if url else escape(title)


def truncate(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def format_day(moment: datetime) -> str:
    return discord.utils.format_dt(moment, "D")


def written_day(day: date) -> str:
    """Format a date without a time zone: ``Saturday, November 28, 2026``."""
    return f"{day:%A}, {day:%B} {day.day}, {day.year}"


def status_icon(share: Share) -> str:
    """The icon for a share: done, known, started or not started. The text next to it says the same."""
    if share.covered:
        return "✅" if share.complete else "✔️"
    return "◐" if share.started else "○"


def state_for(share: Share) -> State:
    return State.DONE if share.covered else State.PROGRESS


def remaining(share: Share) -> str:
    """Describe how much is left."""
    if share.covered:
        return "done" if share.complete else "nothing left"
    if not share.minutes_total:
        return f"{share.total - share.done - share.known} to go"
    return f"{duration(share.minutes_left)} left"


def headline(progress: Progress) -> str:
    """The covered paths, the remaining time and the progress bar of a course."""
    whole = progress.whole
    paths = count_of(progress.covered(progress.course.paths), len(progress.course.paths), "path")
    return f"**{paths}** · {remaining(whole)}\n{bar(whole.percent)} **{whole.percent}%**"


def unit_kind(node: Node) -> str:
    """The kind of a unit if it is an exercise or assessment, otherwise empty."""
    if isinstance(node, Unit) and node.kind in (Kind.EXERCISE, Kind.ASSESSMENT):
        return node.kind.value
    return ""


def paginate(
    lines: Sequence[str], *, max_characters: int = PAGE_CHARACTERS, max_lines: int = PAGE_LINES
) -> list[range]:
    """Split ``lines`` into pages of at most ``max_characters`` characters, references resolved; returns at least one
    range.
    """
    pages: list[range] = []
    start, remaining_characters = 0, max_characters
    for number, line in enumerate(lines):
        length = resolved_length(line) + 1
        if number > start and (length > remaining_characters or number - start == max_lines):
            pages.append(range(start, number))
            start, remaining_characters = number, max_characters
        remaining_characters -= length
    return [*pages, range(start, len(lines))]


def notice(text: str, state: State = State.WARNING, *, rows: Sequence[Row] = ()) -> ui.LayoutView:
    """A message with one sentence, such as an error or a confirmation."""
    glyph = {State.WARNING: "⚠️ ", State.DONE: "✅ "}.get(state, "")
    return message_view(state, glyph + truncate(text, MAX_CHARACTERS - 100), rows=rows)
