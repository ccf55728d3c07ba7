"""References in texts and buttons to what only Discord knows: command IDs and application emojis.

Texts are written before those IDs are known. ``</plan>`` stands for a command and becomes a mention that can be tapped.
``<:name:✅>`` stands for an application emoji; the text after the second colon is shown if the emoji isn't uploaded.
``<:bar4:▰▰▰▰▱▱▱▱▱▱>`` stands for a whole progress bar of several emojis.
Texts from members and courses can't contain references, because ``<`` is escaped in them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.views.layout import Component, MessageView

_REFERENCE = re.compile(r"(?<!\\)<(?:/([a-z-]{1,32}(?: [a-z-]{1,32})?)|:(\w{2,32}):([^<>:\\\n]{0,16}))>")


@dataclass(slots=True)
class References:
    """Command IDs by name, application emojis by name (``<:name:id>`` needs both), and the texts of bars by name."""

    commands: Mapping[str, int] = field(default_factory=dict)
    emojis: Mapping[str, int] = field(default_factory=dict)
    bars: Mapping[str, str] = field(default_factory=dict)

    def text(self, text: str) -> str:
        """Return ``text`` with its references resolved. Discord shows ``/plan`` where a command's ID isn't known."""
        return _REFERENCE.sub(self._replace, text) if "</" in text or "<:" in text else text

    def view(self, view: Any) -> Any:
        """Return a view whose references are resolved. Other views than ``MessageView`` are returned unchanged."""
        return MessageView(self.components(view.to_components())) if isinstance(view, MessageView) else view

    def components(self, components: Sequence[Component]) -> list[Component]:
        """Return components with their references resolved; the given ones don't change."""
        return [self._component(component) for component in components]

    def _component(self, component: Component) -> Component:
        content = component.get("content")
        if content is not None:
            resolved = self.text(content)
            return component if resolved is content else {**component, "content": resolved}
        changed: Component = {}
        if inner := component.get("components"):
            changed["components"] = self.components(inner)
        if accessory := component.get("accessory"):
            changed["accessory"] = self._component(accessory)
        if options := component.get("options"):
            changed["options"] = [self._with_emoji(option) for option in options]
        return self._with_emoji({**component, **changed} if changed else component)

    def _with_emoji(self, component: Component) -> Component:
        """Resolve the emoji of a button or option; without an uploaded emoji, use the fallback or none."""
        name = (component.get("emoji") or {}).get("name", "")
        found = _REFERENCE.fullmatch(name) if name.startswith("<:") else None
        if found is None:
            return component
        if (emoji_id := self.emojis.get(found[2])) is not None:
            return {**component, "emoji": {"id": str(emoji_id), "name": found[2]}}
        if found[3]:
            return {**component, "emoji": {"name": found[3]}}
        return {key: value for key, value in component.items() if key != "emoji"}

    def _replace(self, found: re.Match[str]) -> str:
        command, emoji, fallback = found.groups()
        if command:
            command_id = self.commands.get(command.partition(" ")[0])
            return f"</{command}:{command_id}>" if command_id else f"/{command}"
        if emoji in self.bars:
            return self.bars[emoji]
        emoji_id = self.emojis.get(emoji)
        return f"<:{emoji}:{emoji_id}>" if emoji_id is not None else fallback
