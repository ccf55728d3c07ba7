"""Buttons, selects and forms whose whole state is in their ``custom_id``, so that they survive restarts.

A ``custom_id`` is ``wm1:verb:state:…`` for a button, ``wms1:…`` for a select and ``wmf1:…`` for a form; the number is
the version of the state. The user comes from the interaction, never from the state.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol, Self, cast

import discord
from discord import ui

from bot.errors import Stale
from bot.views.layout import BUTTON, CHANNEL_SELECT, ROLE_SELECT, SELECT, Component, Row

VERSION = 1
MAX_ID = 100
"""Longest ``custom_id``."""
MAX_URL = 512
UNREADABLE = "This button is out of date. Run the command again."
_ID = re.compile(r"wm(?P<kind>[sf]?)(?P<version>\d{1,3}):(?P<verb>[a-z]+)(?::(?P<state>[^\n]*))?")


class ComponentClient(Protocol):
    """The client that handles components."""

    async def handle_component(
        self, interaction: discord.Interaction, kind: str, custom_id: str, values: Sequence[str]
    ) -> None:
        """Handle a component (``kind`` as in ``custom_id``) and report errors to the member."""


def custom_id(kind: str, verb: str, *state: object) -> str:
    """Build a ``custom_id`` for ``kind`` "" (button), "s" (select) or "f" (form). ``ValueError`` over 100
    characters.
    """
    text = ":".join([f"wm{kind}{VERSION}", verb, *map(str, state)])
    if len(text) > MAX_ID or not _ID.fullmatch(text):
        raise ValueError(f"not a custom_id that Discord takes: {text}")
    return text


def parse(kind: str, text: str) -> tuple[str, tuple[str, ...]]:
    """Return verb and state of a ``custom_id`` of this kind. Raises ``Stale`` for other versions and kinds."""
    match = _ID.fullmatch(text)
    if match is None or match["kind"] != kind or int(match["version"]) != VERSION:
        raise Stale("This message is from an older version of Waymark. Run the command again.")
    return match["verb"], tuple(match["state"].split(":")) if match["state"] else ()


def parse_number(text: str) -> int:
    """Parse a whole number in the state of a button. Raises ``Stale`` for anything that the bot doesn't write there."""
    if not (text.isascii() and text.isdecimal() and int(text[:20]) < 2**63 and len(text) < 20):
        raise Stale(UNREADABLE)
    return int(text)


def parse_day(text: str) -> date:
    """Parse a date in the state of a button. Raises ``Stale`` for anything that the bot doesn't write there."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Stale(UNREADABLE) from None


def require_parts(state: Sequence[str], count: int) -> Sequence[str]:
    """Return the state if it has ``count`` parts. Raises ``Stale`` otherwise."""
    if len(state) != count:
        raise Stale(UNREADABLE)
    return state


def is_form(text: str) -> bool:
    """Return whether a ``custom_id`` belongs to a form of the bot."""
    match = _ID.fullmatch(text)
    return match is not None and match["kind"] == "f"


class PersistentButton(ui.DynamicItem[ui.Button[Any]], template=r"wm(?!s\d).*"):
    """A button that passes its ``custom_id`` to the client. Also matches unknown IDs with the bot's prefix."""

    def __init__(self, button: ui.Button[Any]) -> None:
        super().__init__(button)

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(cast(ui.Button[Any], item))

    async def callback(self, interaction: discord.Interaction) -> None:
        await cast(ComponentClient, interaction.client).handle_component(interaction, "", self.custom_id, ())


class PersistentSelect(ui.DynamicItem[ui.Select[Any]], template=r"wms\d{1,3}:.*"):
    """A select that passes its ``custom_id`` and the chosen values to the client."""

    def __init__(self, select: ui.Select[Any]) -> None:
        super().__init__(select)

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(cast(ui.Select[Any], item))

    async def callback(self, interaction: discord.Interaction) -> None:
        # The IDs of channels and roles: discord.py's ``item.values`` are objects for those.
        values = cast(dict[str, Any], interaction.data or {}).get("values", ())
        await cast(ComponentClient, interaction.client).handle_component(interaction, "s", self.custom_id, values)


def button(
    label: str,
    verb: str,
    *state: object,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    emoji: str | None = None,
) -> Component:
    """A button that survives restarts."""
    made: Component = {
        "type": BUTTON, "style": style.value, "label": label[:80], "custom_id": custom_id("", verb, *state)
    }  # fmt: skip
    if emoji:
        made["emoji"] = {"name": emoji}
    return made


def option(
    label: str, value: str, description: str = "", *, emoji: str | None = None, default: bool = False
) -> Component:
    """An option of a select."""
    made: Component = {"label": label, "value": value, "default": default}
    if description:
        made["description"] = description
    if emoji:
        made["emoji"] = {"name": emoji}
    return made


def select(placeholder: str, options: Sequence[Component], verb: str, *state: object) -> Component:
    """A single-choice select that survives restarts."""
    text = custom_id("s", verb, *state)
    return {"type": SELECT, "custom_id": text, "placeholder": placeholder[:150], "options": list(options[:25])}


def multi_select(placeholder: str, options: Sequence[Component], verb: str, *state: object) -> Component:
    """A select that survives restarts and accepts one or more options."""
    return {**select(placeholder, options, verb, *state), "max_values": min(len(options), 25)}


def channel_select(placeholder: str, channel: int | None, types: Sequence[int], verb: str, *state: object) -> Component:
    """A select of one of the server's channels of these types, with ``channel`` selected."""
    made: Component = {
        "type": CHANNEL_SELECT, "custom_id": custom_id("s", verb, *state), "placeholder": placeholder[:150],
        "channel_types": list(types),
    }  # fmt: skip
    if channel:
        made["default_values"] = [{"id": str(channel), "type": "channel"}]
    return made


def role_select(placeholder: str, role: int | None, verb: str, *state: object) -> Component:
    """A select of one of the server's roles or none, with ``role`` selected."""
    made: Component = {
        "type": ROLE_SELECT, "custom_id": custom_id("s", verb, *state), "placeholder": placeholder[:150],
        "min_values": 0,
    }  # fmt: skip
    if role:
        made["default_values"] = [{"id": str(role), "type": "role"}]
    return made


def link(label: str, url: str) -> Component:
    """A button that opens a page."""
    return {"type": BUTTON, "style": discord.ButtonStyle.link.value, "label": label[:80], "url": url}


def page_buttons(page: int, count: int, verb: str, *state: str) -> Row:
    """Buttons for the previous and the next page."""
    if count < 2:
        return []
    return [
        button("◀ Previous", verb, *state, str(page - 1)) if page > 0 else None,
        button("Next ▶", verb, *state, str(page + 1)) if page + 1 < count else None,
    ]
