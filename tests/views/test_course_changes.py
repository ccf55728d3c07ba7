"""What is said about a new version of a course."""

import pytest

from bot.core.course.changes import compare
from bot.core.course.migration import DryRun
from bot.views.course_changes import dry_run_text, proposal_text
from tests.core.course.test_changes import TITLES, course

BEFORE = {"a": {"m": {"b": "Blobs", "f": "Files", "s": "Secure a vault"}}}


@pytest.mark.parametrize(
    ("run", "says"),
    [
        (DryRun(0, 0, 0, {}), "Nobody has progress in this course yet."),
        (DryRun(1, 0, 0, {}), "1 learner: nobody loses progress."),
        (
            DryRun(14, 0, 0, {(100, 96): 2}),
            "14 learners: nobody loses progress; 2 go from 100% to 96% (1 new module).",
        ),
        (
            DryRun(1400, 1, 3, {(100, 96): 1200, (90, 80): 2, (50, 40): 1, (30, 29): 1, (20, 19): 1}),
            (
                "1,400 learners: 1 loses 3 completed units in total; 1,200 go from 100% to 96%, 2 go from 90% to 80%, "
                "1 goes from 50% to 40%, 2 others change (1 new module)."
            ),
        ),
    ],
)  # fmt: skip
def test_the_dry_run_in_words(run, says):
    after = {"a": {**BEFORE["a"], "n": {"x": "Route tables"}}}
    assert dry_run_text(run, compare(course(BEFORE), course(after))) == says


@pytest.mark.parametrize(
    ("units", "says"),
    [
        (
            {"blob": "Blobs", "f": "Files", "s": "Secure a vault"},
            "“Blobs”: ID `b` is now `blob` (same title, same position)",
        ),
        (
            {"b": "Blobs", "f": "Files", "v": "Secure the vault"},
            "“Secure a vault” is now “Secure the vault” (similar name, same position)",
        ),
        (
            {"bf": "Blobs and files", "s": "Secure a vault"},
            "“Blobs” and “Files” were merged into “Blobs and files” (titles combined)",
        ),
    ],
)  # fmt: skip
def test_proposals_in_words(units, says):
    (proposal,) = compare(course(BEFORE), course({"a": {"m": units}})).proposals
    assert proposal_text(proposal) == says


def test_other_proposals_in_words():
    whole, parts = {"a": {"m": {"bf": "Blobs and files"}}}, {"a": {"m": {"b": "Blobs", "f": "Files"}}}
    (split,) = compare(course(whole), course(parts)).proposals
    assert proposal_text(split) == "“Blobs and files” was split into “Blobs” and “Files” (titles combined)"
    there = {"a": {}, "b": BEFORE["a"]}
    (moved,) = compare(
        course({**BEFORE, "b": {}}),
        course(there),
    ).proposals
    assert proposal_text(moved).startswith(f"“{TITLES.get('m', 'm')}” moved to `b/m` (same title, ")
