"""Forms with checkboxes for the children of a path or module."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from typing import Any

from discord import ui

from bot.core.calendar.dates import spoken
from bot.core.calendar.day_reading import DayReading
from bot.core.course.course import Course, Node
from bot.core.course.progress import Progress
from bot.errors import NothingYet, Stale
from bot.views.buttons import button
from bot.views.forms import MAX_FIELDS, MAX_LABEL, Field, form, text_field
from bot.views.layout import State, duration, escape_typed, message_view, truncate, unit_kind

MAX_MODULES = 10
"""Modules that the form “What did you complete?” offers."""
OPTIONS_PER_GROUP = 10
"""Discord's limit for the options of a checkbox group."""
WHEN = "when"
"""The name of the date field."""


def node_form(progress: Progress, node: Node) -> ui.Modal:
    """Create a form with the children of ``node`` as checkboxes, or ``node`` itself if it has no children."""
    children = node.children or (node,)
    ticked_bits = sum(1 << number for number, child in enumerate(children) if progress.is_done(child))
    word = children[0].word.capitalize()
    fields: list[Field] = []
    for start in range(0, len(children), OPTIONS_PER_GROUP):
        group = children[start : start + OPTIONS_PER_GROUP]
        text = f"{word}s {start + 1} to {start + len(group)}" if len(children) > OPTIONS_PER_GROUP else f"{word}s"
        checked = frozenset(child.key for child in group if progress.is_done(child))
        fields.append(_boxes(text, f"group{start}", progress, group, checked))
    return form(node.title, "save", node.key, f"{ticked_bits:x}", fingerprint(children), fields=_with_day(fields))


def next_modules_form(progress: Progress) -> ui.Modal:
    """Create a form with the learner's next modules (at most ten), unchecked. Raises ``NothingYet`` if all are done."""
    course = progress.course
    open_nodes = [node for node in modules_of(course) if not progress.is_done(node)]
    nodes = [node for node in open_nodes if not progress.share(node).covered] or open_nodes
    if not nodes:
        raise NothingYet(f"You've already completed all of {course.code}. 🎉", "Readiness", "readiness", course.id)
    boxes = _boxes(f"Your next modules of {course.code}", "group0", progress, nodes[:MAX_MODULES], frozenset())
    return form("What did you complete?", "several", course.id, fields=_with_day([boxes]))


def modules_of(course: Course) -> list[Node]:
    """Return the modules of a course, and its paths without modules, in order."""
    return [node for path in course.paths for node in (path.children or (path,))]


def _boxes(text: str, name: str, progress: Progress, nodes: Sequence[Node], checked: Collection[str]) -> Field:
    group: ui.CheckboxGroup[Any] = ui.CheckboxGroup(custom_id=name, required=False, min_values=0, max_values=len(nodes))
    for node in nodes:
        group.add_option(
            label=truncate(node.title, 100), value=node.key, description=_details(progress, node) or None,
            default=node.key in checked,
        )  # fmt: skip
    return ui.Label(text=truncate(text, MAX_LABEL), component=group)


def _with_day(fields: list[Field]) -> list[Field]:
    """Add the date field if there is room for it: a module with more than 40 units needs all five fields."""
    if len(fields) == MAX_FIELDS:
        return fields
    day = text_field("When?", WHEN, hint="The day you completed it. Leave it empty for today.", example="last Saturday")
    return [*fields, day]


def chosen_keys(fields: Mapping[str, Any]) -> list[str]:
    """Return the keys that are checked in a submitted form."""
    groups = (values for name, values in fields.items() if name.startswith("group") and isinstance(values, list))
    return list(dict.fromkeys(value for values in groups for value in values))


def which_day(text: str, reading: DayReading, today: date, verb: str, *state: object) -> ui.LayoutView:
    """Ask which of two days was meant. The buttons have the ``verb``, the ``state``, and the day."""
    days = [day for day in (reading.day, reading.other) if day]
    return message_view(
        State.PLAIN,
        f"### When did you complete it?\n“{escape_typed(truncate(text, 40))}” can mean two dates. "
        "Nothing is saved until you choose.",
        rows=[[button(spoken(day, today), verb, *state, day.isoformat()) for day in days]],
    )


def _details(progress: Progress, child: Node) -> str:
    share = progress.share(child)
    facts = [duration(child.length) if child.length else "", unit_kind(child)]
    if share.known:
        facts.append("already known" if share.covered else f"{share.known} of {share.total} already known")
    if child.children and share.done and not share.complete:
        facts.append(f"{share.done} of {share.total} done · checking this completes all")
    return " · ".join(fact for fact in facts if fact)


def fingerprint(children: Sequence[Node]) -> str:
    """Return a short text that differs if the children do."""
    return blake2b("".join(child.key for child in children).encode(), digest_size=3).hexdigest()


def to_bits(nodes: Sequence[Node], keys: Collection[str]) -> str:
    """Return which of ``nodes`` have one of ``keys``, for a ``custom_id``."""
    return f"{sum(1 << number for number, node in enumerate(nodes) if node.key in keys):x}"


def from_bits(nodes: Sequence[Node], bits: str, known: str) -> list[Node]:
    """Return the nodes that ``bits`` names. Raises ``Stale`` if the nodes have changed since; ``known`` is their
    fingerprint.
    """
    if known != fingerprint(nodes):
        raise Stale("The course has been updated since then, so nothing was saved. Please open the form again.")
    try:
        number = int(bits, 16)
    except ValueError:
        raise Stale("This form is out of date, so nothing was saved. Please open it again.") from None
    return [node for place, node in enumerate(nodes) if number >> place & 1]
