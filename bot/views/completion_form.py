"""The form with real checkboxes: the children of a path or module, ticked as things stand."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any

from discord import ui

from bot.core.course.course import Node
from bot.core.course.progress import Progress
from bot.errors import NotFound, Stale
from bot.views.buttons import custom_id
from bot.views.layout import duration, kind_of, shortened

PER_GROUP = 10


def _form(title: str, made_id: str) -> ui.Modal:
    """An empty form. The library does not keep it: what is sent in is read from its ``custom_id`` by the client, so
    that a form that was opened before a restart is saved like any other.
    """
    made = ui.Modal(title=shortened(title, 45), custom_id=made_id)
    made.stop()
    return made


def form(progress: Progress, node: Node) -> ui.Modal:
    """Checkboxes for the children of ``node`` (for itself where it has none)."""
    children = node.children or (node,)
    shown = sum(1 << number for number, child in enumerate(children) if progress.is_done(child))
    made = _form(node.title, custom_id("f", "save", node.key, f"{shown:x}", _fingerprint(children)))
    word = children[0].word
    for start in range(0, len(children), PER_GROUP):
        group: ui.CheckboxGroup[Any] = ui.CheckboxGroup(
            custom_id=f"group{start}",
            required=False,
            min_values=0,
            max_values=len(children[start : start + PER_GROUP]),
        )
        for child in children[start : start + PER_GROUP]:
            group.add_option(
                label=shortened(child.title, 100),
                value=child.key,
                description=_facts(progress, child) or None,
                default=progress.is_done(child),
            )
        last = min(start + PER_GROUP, len(children))
        text = f"{word.capitalize()}s {start + 1} to {last}" if len(children) > PER_GROUP else f"{word.capitalize()}s"
        made.add_item(ui.Label(text=shortened(text, 45), component=group))
    return made


MOST = 10


def several(progress: Progress) -> ui.Modal:
    """The learner's own next modules (at most ten) as empty checkboxes. Raises ``NotFound`` when all is done."""
    nodes = [
        node for path in progress.course.paths for node in (path.children or (path,)) if not progress.is_done(node)
    ]
    if not nodes:
        raise NotFound(f"You have ticked all of {progress.course.code} already. 🎉")
    made = _form("What did you finish?", custom_id("f", "several", progress.course.id))
    group: ui.CheckboxGroup[Any] = ui.CheckboxGroup(custom_id="group0", required=False, min_values=0)
    for node in nodes[:MOST]:
        group.add_option(label=shortened(node.title, 100), value=node.key, description=_facts(progress, node) or None)
    group.max_values = len(group.options)
    made.add_item(ui.Label(text=f"Your next modules of {progress.course.code}"[:45], component=group))
    return made


def chosen(components: Any) -> list[str]:
    """The keys that were ticked in a form that was sent in."""
    return list(dict.fromkeys(_values(components)))


def _facts(progress: Progress, child: Node) -> str:
    share = progress.share(child)
    facts = [duration(child.length) if child.length else "", kind_of(child)]
    if child.children and share.done and not share.complete:
        facts.append(f"{share.done} of {share.total} done; a tick means all")
    return " · ".join(fact for fact in facts if fact)


def _fingerprint(children: Sequence[Node]) -> str:
    return blake2b("".join(child.key for child in children).encode(), digest_size=3).hexdigest()


def sent(node: Node, shown: str, fingerprint: str, components: Any) -> tuple[set[str], set[str]]:
    """Routes that were ticked when the form was opened, and those that are ticked in what was sent in.

    Raises ``Stale`` where the course has changed in between.
    """
    children = node.children or (node,)
    if fingerprint != _fingerprint(children):
        raise Stale("The course has changed since this form was opened; nothing was saved. Please open it again.")
    try:
        bits = int(shown, 16)
    except ValueError:
        raise Stale("This form can't be read; nothing was saved. Please open it again.") from None
    chosen = set(_values(components))
    return (
        {child.route for number, child in enumerate(children) if bits >> number & 1},
        {child.route for child in children if child.key in chosen},
    )


def _values(components: Any) -> Iterator[str]:
    """All values anywhere in the components of a submitted form."""
    for part in components if isinstance(components, list) else [components]:
        if isinstance(part, dict):
            yield from part.get("values", ())
            yield from _values(part.get("component", []))
            yield from _values(part.get("components", []))
