"""Say in one line what changed between two versions of a course."""

from collections import Counter
from collections.abc import Iterable

from bot.core.course.changes import ChangeKind, Changes
from bot.core.course.course import Node
from bot.core.questions.bank_changes import BankChanges

_VERBS = {
    ChangeKind.RENAMED: "renamed", ChangeKind.MOVED: "moved", ChangeKind.MERGED: "merged", ChangeKind.SPLIT: "split"
}  # fmt: skip
MAX_SUMMARY = 200
"""Maximum length of a summary, reached only with every kind of change at every level."""


def summary(changes: Changes | None, questions: BankChanges) -> str:
    """Return what changed, such as ``2 units added, 1 module renamed, 3 questions removed``.

    Accepted proposals and changed titles count as renamed. "No changes" if there are none.
    """
    counts: Counter[tuple[str, str]] = Counter()
    if changes:
        _count(counts, "added", changes.added)
        for proposal in changes.proposals:
            if proposal.accepted:
                _count(counts, _VERBS[proposal.kind], proposal.old[:1])
        _count(counts, "renamed", (old for old, _ in changes.retitled))
        _count(counts, "removed", changes.removed)
        _count(counts, "changed in length", (old for old, _ in changes.timed))
    parts = [f"{_plural(count, word)} {verb}" for (verb, word), count in counts.items()]
    listed = (("added", questions.added), ("removed", questions.removed), ("reworded", questions.reworded))
    parts += [f"{_plural(len(each), 'question')} {verb}" for verb, each in listed if each]
    if not parts and changes and changes.reordered:
        parts = ["another order"]
    elif not parts and changes is not None and changes.old != changes.new:
        parts = ["Other texts"]
    return ", ".join(parts)[:MAX_SUMMARY] or "No changes"


def _count(counts: Counter[tuple[str, str]], verb: str, nodes: Iterable[Node]) -> None:
    counts.update((verb, node.word) for node in nodes)


def _plural(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"
