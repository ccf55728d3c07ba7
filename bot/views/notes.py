"""Render a learner's private note on a module, and its form."""

from discord import ui

from bot.core.course.course import Module, Node
from bot.store.notes import SavedNote
from bot.study.notes import MAX_NOTE
from bot.views.buttons import button
from bot.views.forms import form, text_field
from bot.views.layout import Component, escape_typed

NOTE = "note"
"""The name of the text field."""
MAX_LINES = 8
"""Lines of a note that are shown as lines; with more, they are joined."""


def note_text(note: str) -> str:
    """Render a note as a quote; empty if there is none."""
    if not note:
        return ""
    lines = [line for line in note.splitlines() if line.strip()]
    shown = lines if len(lines) <= MAX_LINES else [note]
    return "\n".join(["📝 **Your note**", *(f"> {escape_typed(line)}" for line in shown)])


def note_button(node: Node, note: str) -> Component | None:
    """The button that opens the note on a module; None for a path."""
    if not isinstance(node, Module):
        return None
    return button("Edit note" if note else "Add note", "note", node.key, emoji="📝")


def note_form(module: Module, note: str) -> ui.Modal:
    """Create the form of a note."""
    field = text_field(
        "Your note", NOTE, note, hint="Only you see it. Leave it empty to delete it.",
        example="What do you want to remember when you study this module?", most=MAX_NOTE, paragraph=True,
    )  # fmt: skip
    return form(module.title, "note", module.key, fields=[field])


def note_result(saved: SavedNote) -> str:
    """Say what became of a note."""
    if saved.change is None:
        return "No changes."
    return "✅ Note saved." if saved.after else "✅ Note deleted."


def undo_note_button(module: Module, saved: SavedNote) -> Component | None:
    """The button that restores the note before the change."""
    return None if saved.change is None else button("Undo", "noteundo", module.key, saved.change)
