"""Buttons, selects and forms whose whole state is in their ``custom_id``, so that they survive every restart.

A ``custom_id`` is ``wm1:verb:state:…`` for a button, ``wms1:…`` for a select and ``wmf1:…`` for a form; the number is
the version of the state. Whoever presses is told by Discord; state never says who may.
"""

import re
from collections.abc import Sequence
from typing import Any, Protocol, Self, cast

import discord
from discord import ui

from bot.errors import Stale

VERSION = 1
MAX_ADDRESS = 512
UNREADABLE = "This button can't be read. Run the command again for a fresh one."
_ID = re.compile(r"wm(?P<kind>[sf]?)(?P<version>\d{1,3}):(?P<verb>[a-z]+)(?::(?P<state>[^\n]*))?")


class Pressed(Protocol):
    """The client that a press is handed to."""

    async def pressed(self, interaction: discord.Interaction, kind: str, custom_id: str, values: Sequence[str]) -> None:
        """Act on what was pressed (``kind`` as in ``custom_id``) and answer, whatever happens."""


def custom_id(kind: str, verb: str, *state: object) -> str:
    """A ``custom_id`` for ``kind`` "" (button), "s" (select) or "f" (form). ``ValueError`` over 100 characters."""
    made = ":".join([f"wm{kind}{VERSION}", verb, *map(str, state)])
    if len(made) > 100 or not _ID.fullmatch(made):
        raise ValueError(f"not a custom_id that Discord takes: {made}")
    return made


def parse(kind: str, made: str) -> tuple[str, tuple[str, ...]]:
    """Verb and state of a ``custom_id`` of a kind. Raises ``Stale`` where this version can't read it."""
    match = _ID.fullmatch(made)
    if match is None or match["kind"] != kind or int(match["version"]) != VERSION:
        raise Stale("This message is from another version of Waymark. Run the command again for a fresh one.")
    return match["verb"], tuple(match["state"].split(":")) if match["state"] else ()


def number_in(text: str) -> int:
    """A whole number in the state of a button. Raises ``Stale`` for what no button of ours has."""
    if not (text.isascii() and text.isdecimal() and int(text[:20]) < 2**63 and len(text) < 20):
        raise Stale(UNREADABLE)
    return int(text)


def parts_in(state: Sequence[str], count: int) -> Sequence[str]:
    """The state of a button that has so many parts. Raises ``Stale`` for what no button of ours has."""
    if len(state) != count:
        raise Stale(UNREADABLE)
    return state


def is_form(made: str) -> bool:
    """Whether a ``custom_id`` is that of one of our forms."""
    match = _ID.fullmatch(made)
    return match is not None and match["kind"] == "f"


class Press(ui.DynamicItem[ui.Button[Any]], template=r"wm(?!s\d).*"):
    """A button that hands its ``custom_id`` to the client; also whatever else looks like one of ours."""

    def __init__(self, button: ui.Button[Any]) -> None:
        super().__init__(button)

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(cast(ui.Button[Any], item))

    async def callback(self, interaction: discord.Interaction) -> None:
        await cast(Pressed, interaction.client).pressed(interaction, "", self.custom_id, ())


class Pick(ui.DynamicItem[ui.Select[Any]], template=r"wms\d{1,3}:.*"):
    """A select that hands its ``custom_id`` and what was chosen to the client."""

    def __init__(self, select: ui.Select[Any]) -> None:
        super().__init__(select)

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(cast(ui.Select[Any], item))

    async def callback(self, interaction: discord.Interaction) -> None:
        await cast(Pressed, interaction.client).pressed(interaction, "s", self.custom_id, self.item.values)


def button(
    label: str,
    verb: str,
    *state: object,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    emoji: str | None = None,
) -> Press:
    """A button that survives restarts."""
    return Press(ui.Button(label=label[:80], style=style, emoji=emoji, custom_id=custom_id("", verb, *state)))


def select(placeholder: str, options: Sequence[discord.SelectOption], verb: str, *state: object) -> Pick:
    """A select of one option that survives restarts."""
    made = custom_id("s", verb, *state)
    return Pick(ui.Select(placeholder=placeholder[:150], options=list(options)[:25], custom_id=made))


def several(placeholder: str, options: Sequence[discord.SelectOption], verb: str, *state: object) -> Pick:
    """A select of one option to all of them, which survives restarts."""
    made = custom_id("s", verb, *state)
    most = min(len(options), 25)
    return Pick(ui.Select(placeholder=placeholder[:150], options=list(options)[:25], max_values=most, custom_id=made))


def link(label: str, url: str) -> ui.Button[Any]:
    """A button that opens a page."""
    return ui.Button(label=label[:80], url=url)
