"""Forms (Discord's modals): build them, and read what was submitted.

A form's whole state is in its ``custom_id``, so it can be submitted after a restart.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import discord
from discord import ui

from bot.errors import Stale
from bot.views.buttons import custom_id
from bot.views.layout import Component, truncate

MAX_LABEL = 45
MAX_OPTIONS = 25
MAX_FIELDS = 5

Field = ui.Label[Any] | ui.TextDisplay[Any]


def form(title: str, verb: str, *state: object, fields: Sequence[Field]) -> ui.Modal:
    """Create a form of at most five fields. Submitting it calls the handler of ``bot.on_form(verb, …)``.

    discord.py doesn't keep it: the client reads submitted forms by their ``custom_id``.
    """
    modal = ui.Modal(title=truncate(title, MAX_LABEL), custom_id=custom_id("f", verb, *state))
    modal.stop()
    for item in fields:
        modal.add_item(item)
    return modal


def text_field(
    label: str, name: str, value: str = "", *, hint: str = "", example: str = "", required: bool = False,
    most: int = 100, paragraph: bool = False,
) -> Field:  # fmt: skip
    """A text field with its current ``value``. ``hint`` is shown below the label, ``example`` while it is empty."""
    style = discord.TextStyle.paragraph if paragraph else discord.TextStyle.short
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id=name, style=style, placeholder=example[:100] or None, default=value[:most] or None,
        required=required, max_length=most,
    )  # fmt: skip
    return ui.Label(text=truncate(label, MAX_LABEL), description=hint[:100] or None, component=field)


def select_field(label: str, name: str, options: Sequence[Component], *, hint: str = "", required: bool = False,
                 most: int = 1) -> Field:  # fmt: skip
    """A select of at most 25 options (see ``buttons.option``), of which up to ``most`` can be chosen."""
    choices = [
        discord.SelectOption(
            label=truncate(option["label"], 100), value=option["value"],
            description=option.get("description"), default=option.get("default", False),
        )
        for option in options[:MAX_OPTIONS]
    ]  # fmt: skip
    field: ui.Select[Any] = ui.Select(
        custom_id=name, options=choices, required=required, min_values=1 if required else 0,
        max_values=min(most, len(choices)),
    )  # fmt: skip
    return ui.Label(text=truncate(label, MAX_LABEL), description=hint[:100] or None, component=field)


def radio_field(label: str, name: str, options: Sequence[Component], *, hint: str = "", required: bool = True) -> Field:
    """A choice of one among 2 to 10 options, all of them visible."""
    field: ui.RadioGroup[Any] = ui.RadioGroup(custom_id=name, required=required)
    for option in options[:10]:
        field.add_option(
            label=truncate(option["label"], 100), value=option["value"],
            description=option.get("description"), default=option.get("default", False),
        )  # fmt: skip
    return ui.Label(text=truncate(label, MAX_LABEL), description=hint[:100] or None, component=field)


def file_field(label: str, name: str, *, hint: str = "", most: int = 1) -> Field:
    """A field for one to ``most`` files."""
    field: ui.FileUpload[Any] = ui.FileUpload(custom_id=name, required=True, min_values=1, max_values=most)
    return ui.Label(text=truncate(label, MAX_LABEL), description=hint[:100] or None, component=field)


def submitted(values: Sequence[str]) -> Mapping[str, Any]:
    """Return the fields of a submitted form by name: a text for text and radio fields, a list for others.

    ``values`` is what a form's handler receives. Raises ``Stale`` if it can't be read.
    """
    try:
        components = json.loads(values[0])
    except (IndexError, ValueError):
        raise Stale("This form is out of date, so nothing was saved. Please open it again.") from None
    return dict(_fields(components))


def text_of(fields: Mapping[str, Any], name: str) -> str:
    """Return the stripped text of a field; empty if it is missing or wasn't filled in."""
    value = fields.get(name)
    if isinstance(value, list):
        value = value[0] if value else ""
    return value.strip() if isinstance(value, str) else ""


def numbers_of(fields: Mapping[str, Any], name: str, known: Collection[int]) -> list[int]:
    """Return the chosen values of a select whose values are ``known`` numbers; others are ignored."""
    values = fields.get(name)
    chosen = values if isinstance(values, list) else []
    return [number for number in known if str(number) in chosen]


def _fields(components: Any) -> Iterator[tuple[str, Any]]:
    for part in components if isinstance(components, list) else [components]:
        if not isinstance(part, dict):
            continue
        if isinstance(name := part.get("custom_id"), str):
            yield name, part["values"] if isinstance(part.get("values"), list) else part.get("value")
        yield from _fields(part.get("component", []))
        yield from _fields(part.get("components", []))
