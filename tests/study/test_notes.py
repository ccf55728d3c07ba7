"""Private notes on modules."""

from dataclasses import replace

import pytest

from bot.errors import BadInput, Stale
from bot.study.notes import MAX_NOTE, note_on

TREE = {"a": {"m": ["u1"], "n": ["u1"]}, "b": {}}
ADA, BEN = 11, 22


@pytest.fixture
async def study(study_of, course):
    return await study_of(course(TREE))


@pytest.fixture
def node(study):
    return study.catalogue.default.nodes.__getitem__


def notes_of(study, learner=ADA):
    return study.notes.of(learner, study.catalogue.default)


async def test_a_note_belongs_to_one_learner_and_module(study, node):
    saved = await study.notes.save(ADA, node("a/m"), "  NSG rules: *lowest* number first\n")
    assert (saved.before, saved.after) == ("", "NSG rules: *lowest* number first")
    assert await notes_of(study) == {"a/m": saved.after}
    assert await notes_of(study, BEN) == {}
    progress, notes = await study.notes.with_progress(ADA, study.catalogue.default)
    assert (progress.whole.done, notes) == (0, {"a/m": saved.after})
    course = progress.course
    shown = [note_on(course, node(route), notes) for route in ("a/m", "a/m/u1", "a/n", "a/n/u1", "a", "b")]
    assert shown == [saved.after, saved.after, "", "", "", ""]


async def test_undo_restores_the_note_before_and_can_be_undone(study, node):
    await study.notes.save(ADA, node("a/m"), "first")
    second = await study.notes.save(ADA, node("a/m"), "second")
    back = await study.notes.undo(ADA, node("a/m"), second.change)
    assert (back.before, back.after) == ("second", "first")
    with pytest.raises(Stale, match="changed your notes since"):
        await study.notes.undo(ADA, node("a/m"), second.change)
    again = await study.notes.undo(ADA, node("a/m"), back.change)
    assert await notes_of(study) == {"a/m": "second"}
    assert again.after == "second"


async def test_an_empty_note_is_deleted_and_kept_only_for_undo(study, node, rows):
    await study.notes.save(ADA, node("a/m"), "secret")
    gone = await study.notes.save(ADA, node("a/m"), " \n ")
    assert (gone.after, await notes_of(study)) == ("", {})
    assert (await study.notes.undo(ADA, node("a/m"), gone.change)).after == "secret"
    await study.notes.save(ADA, node("a/m"), "")
    await study.notes.save(ADA, node("a/n"), "another")
    assert rows("select route, content, previous from note") == [("a/n", "another", "")]


async def test_a_change_forgets_what_other_notes_were_before(study, node, rows, clock):
    await study.notes.save(ADA, node("a/m"), "old")
    await study.notes.save(ADA, node("a/m"), "new")
    clock.move(seconds=1)
    await study.notes.save(ADA, node("a/n"), "x")
    assert rows("select content, previous from note order by route") == [("new", ""), ("x", "")]


async def test_the_same_text_changes_nothing(study, node):
    assert (await study.notes.save(ADA, node("a/m"), "")).change is None
    await study.notes.save(ADA, node("a/m"), "same")
    assert (await study.notes.save(ADA, node("a/m"), "same")).change is None


async def test_the_length_and_the_characters_are_limited(study, node):
    with pytest.raises(BadInput, match=r"up to 500 characters\. Yours has 501"):
        await study.notes.save(ADA, node("a/m"), "x" * (MAX_NOTE + 1))
    longest = await study.notes.save(ADA, node("a/m"), "🧑‍💻" * 166)
    assert longest.after == "🧑‍💻" * 166, "joined emojis stay"
    assert (await study.notes.save(ADA, node("a/m"), "a\x00b\ud800c\nd")).after == "abc\nd"


async def test_a_note_follows_a_renamed_module(study, node, study_of, course):
    await study.notes.save(ADA, node("a/m"), "kept")
    now = replace(course({"z": {"m": ["u1"]}}), renamed={"a": "z"})
    later = await study_of(now)
    assert await later.notes.of(ADA, now) == {"z/m": "kept"}
    await later.notes.save(ADA, now.nodes["z/m"], "changed")
    assert await later.notes.of(ADA, now) == {"z/m": "changed"}


async def test_notes_are_exported_and_deleted(study, node):
    await study.notes.save(ADA, node("a/m"), "mine")
    await study.notes.save(BEN, node("a/m"), "Ben's")
    exported = (await study.privacy.export(ADA))["tables"]["note"]
    assert [(row["route"], row["content"]) for row in exported] == [("a/m", "mine")]
    assert (await study.privacy.forget(ADA))["note"] == 1
    assert await notes_of(study) == {}
    assert await notes_of(study, BEN) == {"a/m": "Ben's"}
