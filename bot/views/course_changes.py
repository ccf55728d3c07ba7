"""Texts on the changes between two versions of a course."""

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.core.course.changes import ChangeKind, Changes, Proposal
from bot.core.course.course import Node
from bot.core.course.migration import DryRun
from bot.views.layout import plural

SHOWN = 3
"""Number of changes of percent that are listed."""


def dry_run_text(run: DryRun, changes: Changes) -> str:
    """Say what a new version does to learners' progress, in one to three sentences."""
    if not run.learners:
        return "Nobody has progress in this course yet."
    if run.losing:
        verb = "loses" if run.losing == 1 else "lose"
        first = f"{run.losing:,} {verb} {plural(run.lost, 'completed unit')} in total"
    else:
        first = "nobody loses progress"
    return f"{plural(run.learners, 'learner')}: {first}{''.join(_moves(run, changes))}."


def _moves(run: DryRun, changes: Changes) -> Iterator[str]:
    moves = list(run.moves.items())
    for number, ((before, after), learners) in enumerate(moves[:SHOWN]):
        verb = "goes" if learners == 1 else "go"
        yield f"{', ' if number else '; '}{learners:,} {verb} from {before}% to {after}%"
    if rest := sum(learners for _, learners in moves[SHOWN:]):
        yield f", {rest:,} {'other changes' if rest == 1 else 'others change'}"
    if moves and (reasons := [*_counts(changes.added, "new"), *_counts(changes.removed, "removed")]):
        yield f" ({', '.join(reasons)})"


def _counts(nodes: Sequence[Node], what: str) -> Iterator[str]:
    for word, count in Counter(node.word for node in nodes).items():
        yield plural(count, f"{what} {word}")


def proposal_text(proposal: Proposal) -> str:
    """Describe a proposal in one line, with the evidence for it."""
    old, new = (" and ".join(f"“{node.title}”" for node in nodes) for nodes in (proposal.old, proposal.new))
    (node, *_), (now, *_) = proposal.old, proposal.new
    evidence = ", ".join(proposal.evidence)
    match proposal.kind:
        case ChangeKind.RENAMED:
            what = f"{old}: ID `{node.id}` is now `{now.id}`" if old == new else f"{old} is now {new}"
        case ChangeKind.MOVED:
            what = f"{old} moved to `{now.route}`"
        case ChangeKind.MERGED:
            what = f"{old} were merged into {new}"
        case ChangeKind.SPLIT:
            what = f"{old} was split into {new}"
    return f"{what} ({evidence})"
