"""Check messages and forms against Discord's limits."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from bot.views.layout import BUTTON, ROW, SELECT, TEXT, resolved_length

MAX_COMPONENTS = 40
MAX_CHARACTERS = 4000
_LABEL, _CHECKBOXES = 18, 22


def walk(component: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a component and all components in it."""
    yield component
    for name in ("components", "component", "accessory"):
        inner = component.get(name) or []
        for child in inner if isinstance(inner, list) else [inner]:
            yield from walk(child)


def message_faults(components: list[Any]) -> list[str]:
    """Return what Discord would reject in a message; empty if it is valid. References count as long as they can get."""
    parts = [part for component in components for part in walk(component)]
    faults = list(_faults(parts))
    if len(parts) > MAX_COMPONENTS:
        faults.append(f"{len(parts)} components, {MAX_COMPONENTS} are allowed")
    length = sum(resolved_length(part["content"]) for part in parts if part["type"] == TEXT)
    if length > MAX_CHARACTERS:
        faults.append(f"{length} characters of text, {MAX_CHARACTERS} are allowed")
    return faults


def form_faults(form: Mapping[str, Any]) -> list[str]:
    """Return what Discord would reject in a form; empty if it is valid."""
    parts = [part for component in form["components"] for part in walk(component)]
    faults = list(_faults(parts))
    faults += _length_faults("title", form["title"], 45) + _length_faults("custom_id", form["custom_id"], 100)
    if not 1 <= len(form["components"]) <= 5:
        faults.append(f"{len(form['components'])} parts in a form, 1 to 5 are allowed")
    return faults


def _faults(parts: list[Mapping[str, Any]]) -> Iterator[str]:
    for name, count in Counter(part["custom_id"] for part in parts if part.get("custom_id")).items():
        if count > 1:
            yield f"custom_id {name} stands {count} times"
        yield from _length_faults("custom_id", name, 100)
    for part in parts:
        if part["type"] == TEXT and not part["content"].strip():
            yield "an empty text"
        elif part["type"] == BUTTON:
            yield from _length_faults("label of a button", part.get("label") or "", 80)
            yield from _length_faults("address of a button", part.get("url") or "", 512)
        elif part["type"] == ROW and not 1 <= len(part["components"]) <= 5:
            yield f"{len(part['components'])} buttons in a row, 1 to 5 are allowed"
        elif part["type"] == ROW and len(part["components"]) > 1 and SELECT in _component_types(part):
            yield "a select shares its row"
        elif part["type"] == _LABEL:
            yield from _length_faults("label", part["label"], 45, minimum=1)
            yield from _length_faults("description of a label", part.get("description") or "", 100)
        elif part["type"] in (SELECT, _CHECKBOXES):
            yield from _option_faults(part["options"], maximum=25 if part["type"] == SELECT else 10)
            yield from _length_faults("placeholder", part.get("placeholder") or "", 150)


def _component_types(row: Mapping[str, Any]) -> set[int]:
    return {child["type"] for child in row["components"]}


def _option_faults(options: list[Mapping[str, Any]], maximum: int) -> Iterator[str]:
    if not 1 <= len(options) <= maximum:
        yield f"{len(options)} options, 1 to {maximum} are allowed"
    if len({option["value"] for option in options}) < len(options):
        yield "two options have one value"
    for option in options:
        yield from _length_faults("label of an option", option["label"], 100, minimum=1)
        yield from _length_faults("value of an option", option["value"], 100, minimum=1)
        yield from _length_faults("description of an option", option.get("description") or "", 100)


def _length_faults(name: str, text: str, maximum: int, *, minimum: int = 0) -> list[str]:
    if minimum <= len(text) <= maximum:
        return []
    return [f"{name} has {len(text)} characters, {minimum} to {maximum} are allowed: {text[:40]!r}"]
