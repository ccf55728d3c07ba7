"""Check the views of what is known, and of notes, against Discord's limits."""

from collections.abc import Iterator

from bot.core.course.course import Course, Module, Node, Unit
from bot.core.course.progress import KNOWN, Progress, Tick
from bot.store.known import Marked
from bot.store.notes import SavedNote
from bot.study.known import KnownChange
from bot.study.notes import MAX_NOTE
from bot.views import course as course_views
from bot.views import known as known_views
from bot.views import notes as note_views
from bot.views import progress as progress_views
from bot.views.layout import Part, button_row
from bot.views.limits import form_faults, message_faults

_NOTE = "*" * (MAX_NOTE // 2) + "\n*" * (MAX_NOTE // 4)
_CHANGE = 10**15


def check_known(course: Course) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each view of a course of which half is known, and what Discord would reject."""
    marks = tuple(Tick(leaf, 1, 1, None, _CHANGE, KNOWN) for leaf in course.leaves)
    nothing, half = Progress(course, ()), Progress(course, marks[::2])
    notes = {node.route: _NOTE for node in course.nodes.values()}
    for name, view in (
        ("paths", course_views.paths(half, share=True)),
        ("progress", progress_views.progress(half, share=True)),
        ("next", progress_views.upcoming(half, own_notes=notes)),
        ("nothing left", progress_views.upcoming(Progress(course, marks))),
    ):
        yield f"{name}, half known", message_faults(view.to_components())
    for node in course.nodes.values():
        for name, progress in (("new", nothing), ("half known", half)):
            yield from _node_views(f"{node.route}, {name}", progress, node)
        mine = tuple(Tick(leaf, 1, 1, None, _CHANGE, KNOWN) for leaf in node.leaves)
        for marked in (Marked((), mine, _CHANGE), Marked(mine, (), _CHANGE)):
            change = KnownChange(course, node, marked, has_questions=True)
            for view in (known_views.marked(change), known_views.unmarked(change)):
                yield f"{node.route}, marked or unmarked", message_faults(view.to_components())


def _node_views(name: str, progress: Progress, node: Node) -> Iterator[tuple[str, list[str]]]:
    if isinstance(node, Unit):
        view = course_views.unit(progress, node, own_note=_NOTE)
        yield f"{name}, with a note", message_faults(view.to_components())
        return
    note, more = "", list[Part]()
    if isinstance(node, Module):
        saved = SavedNote("", _NOTE, _CHANGE)
        note, more = note_views.note_result(saved), [button_row(note_views.undo_note_button(node, saved))]
        yield f"{name}, form of the note", form_faults(note_views.note_form(node, _NOTE).to_dict())
    for page in range(len(node.children) // 2 + 1):
        view = course_views.node(
            progress, node, page, share=True, note=note, more=more, own_note=_NOTE, has_questions=True
        )
        yield f"{name}, page {page + 1}", message_faults(view.to_components())
