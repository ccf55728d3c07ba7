"""Forms with checkboxes for the children of a path or module."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any

from discord import ui

from bot.core.course.course import Node
from bot.core.course.progress import Progress
from bot.errors import NotFound, Stale
from bot.views.buttons import custom_id
from bot.views.layout import duration, truncate, unit_kind

MAX_MODULES = 10
"""Modules that the form of a digest offers."""
OPTIONS_PER_GROUP = 10
"""Discord's limit for the options of a checkbox group."""


def _empty_form(title: str, form_id: str) -> ui.Modal:
    """Create a form that discord.py doesn't keep.

    The client reads submitted forms by their ``custom_id``, so that a form opened before a restart can still be saved.
    """
    modal = ui.Modal(title=truncate(title, 45), custom_id=form_id)
    modal.stop()
    return modal


def node_form(progress: Progress, node: Node) -> ui.Modal:
    """Create a form with the children of ``node`` as checkboxes, or ``node`` itself if it has no children."""
    children = node.children or (node,)
    ticked_bits = sum(1 << number for number, child in enumerate(children) if progress.is_done(child))
    modal = _empty_form(node.title, custom_id("f", "save", node.key, f"{ticked_bits:x}", _fingerprint(children)))
    word = children[0].word
    for start in range(0, len(children), OPTIONS_PER_GROUP):
        group: ui.CheckboxGroup[Any] = ui.CheckboxGroup(
            custom_id=f"group{start}",
            required=False,
            min_values=0,
            max_values=len(children[start : start + OPTIONS_PER_GROUP]),
        )
        for child in children[start : start + OPTIONS_PER_GROUP]:
            group.add_option(
                label=truncate(child.title, 100),
                value=child.key,
                description=_details(progress, child) or None,
                default=progress.is_done(child),
            )
        last = min(start + OPTIONS_PER_GROUP, len(children))
        text = (
            f"{word.capitalize()}s {start + 1} to {last}"
            if len(children) > OPTIONS_PER_GROUP
            else f"{word.capitalize()}s"
        )
        modal.add_item(ui.Label(text=truncate(text, 45), component=group))
    return modal


def next_modules_form(progress: Progress) -> ui.Modal:
    """Create a form with the learner's next modules (at most ten), unchecked. Raises ``NotFound`` if all are done."""
    nodes = [
        node for path in progress.course.paths for node in (path.children or (path,)) if not progress.is_done(node)
    ]
    if not nodes:
        raise NotFound(f"You have ticked all of {progress.course.code} already. 🎉")
    modal = _empty_form("What did you finish?", custom_id("f", "several", progress.course.id))
    group: ui.CheckboxGroup[Any] = ui.CheckboxGroup(custom_id="group0", required=False, min_values=0)
    for node in nodes[:MAX_MODULES]:
        group.add_option(label=truncate(node.title, 100), value=node.key, description=_details(progress, node) or None)
    group.max_values = len(group.options)
    modal.add_item(ui.Label(text=f"Your next modules of {progress.course.code}"[:45], component=group))
    return modal


def chosen_keys(components: Any) -> list[str]:
    """Return the keys that are checked in a submitted form."""
    return list(dict.fromkeys(_values(components)))


def _details(progress: Progress, child: Node) -> str:
    share = progress.share(child)
    facts = [duration(child.length) if child.length else "", unit_kind(child)]
    if child.children and share.done and not share.complete:
        facts.append(f"{share.done} of {share.total} done; a tick means all")
    return " · ".join(fact for fact in facts if fact)


def _fingerprint(children: Sequence[Node]) -> str:
    return blake2b("".join(child.key for child in children).encode(), digest_size=3).hexdigest()


def parse_node_form(node: Node, ticked_bits: str, fingerprint: str, components: Any) -> tuple[set[str], set[str]]:
    """Return the routes that were ticked when the form was opened, and those that are checked now.

    Raises ``Stale`` if the course has changed in between.
    """
    children = node.children or (node,)
    if fingerprint != _fingerprint(children):
        raise Stale("The course has changed since this form was opened; nothing was saved. Please open it again.")
    try:
        bits = int(ticked_bits, 16)
    except ValueError:
        raise Stale("This form can't be read; nothing was saved. Please open it again.") from None
    chosen = set(_values(components))
    return (
        {child.route for number, child in enumerate(children) if bits >> number & 1},
        {child.route for child in children if child.key in chosen},
    )


def _values(components: Any) -> Iterator[str]:
    """Yield all values in the components of a submitted form."""
    for part in components if isinstance(components, list) else [components]:
        if isinstance(part, dict):
            yield from part.get("values", ())
            yield from _values(part.get("component", []))
            yield from _values(part.get("components", []))
