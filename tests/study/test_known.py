"""What learners mark as known: none of it is study, nobody else sees it, and undo restores exactly what was there."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.errors import NotFound, Stale
from bot.study.plan_settings import PlanSettings
from tests.review.conftest import made_bank

TREE = {"a": {"m": ["u1", "u2"], "n": []}, "b": {}, "c": {"m": ["u1"]}}
SERVER, ADA, BEN = 700, 11, 22
TRACES = ("tick", "study_day", "milestone", "member", "announcement", "card", "review")


@pytest.fixture
async def study(study_of, course):
    return await study_of(course(TREE))


@pytest.fixture
def node(study):
    return study.catalogue.default.nodes.__getitem__


async def progress_of(study, learner=ADA):
    return await study.progress.of(learner, study.catalogue.default)


async def routes(study, learner=ADA):
    """The leaves that are completed and those that are known."""
    progress = await progress_of(study, learner)
    nodes = [progress.course.nodes[leaf] for leaf in progress.course.leaves]
    return (
        {each.route for each in nodes if progress.is_done(each)},
        {each.route for each in nodes if progress.share(each).known},
    )


async def test_a_known_module_is_covered_and_leaves_no_trace_of_study(study, node, rows):
    change = await study.known.mark(ADA, node("a/m"))
    assert await routes(study) == (set(), {"a/m/u1", "a/m/u2"})
    assert (change.before.whole.known, change.after.whole.known) == (0, 2)
    assert (await progress_of(study)).next() is node("a/n")
    for table in TRACES:
        assert rows(f"select count(*) from {table}") == [(0,)], table
    streak = await study.learners.streak(ADA)
    assert (streak.days, streak.longest) == (0, 0)


async def test_a_known_path_is_no_completed_path(study, node, asker, rows):
    await study.known.mark(ADA, node("a/m"))
    done = await study.progress.complete(asker(ADA, SERVER), node("a/n"))
    assert (done.finished, done.shareable, done.after.paths_done) == ((), (), ())
    assert done.after.share(node("a")).covered
    assert rows("select count(*) from milestone") == [(0,)]
    finished = await study.progress.complete(asker(ADA, SERVER), node("a"))
    assert finished.finished == (node("a"),), "completing what is known makes it studied"
    assert finished.applied.delta.add == ("a/m/u1", "a/m/u2")
    assert finished.after.whole.known == 0
    undone = await study.progress.undo(asker(ADA, SERVER), finished.applied.change)
    assert undone.after.share(node("a/m")).known == 2, "it is known again"
    assert await routes(study) == ({"a/n"}, {"a/m/u1", "a/m/u2"})


async def test_members_see_only_what_was_studied(study, node, asker):
    course = study.catalogue.default
    for learner in (ADA, BEN):
        await study.progress.join(asker(learner, SERVER), course, visible=True)
    await study.known.mark(ADA, node("a"))
    await study.progress.complete(asker(ADA, SERVER), node("b"))
    seen = await study.progress.of_member(asker(BEN, SERVER), ADA, course)
    assert (seen.whole.done, seen.whole.known) == (1, 0)
    mine = await progress_of(study)
    assert (mine.whole.done, mine.whole.known) == (1, 3)
    assert mine.studied.whole == seen.whole


async def test_marking_twice_changes_nothing(study, node):
    await study.known.mark(ADA, node("a"))
    again = await study.known.mark(ADA, node("a/m"))
    assert (again.change, again.after.whole) == (None, again.before.whole)
    nothing = await study.known.unmark(BEN, node("a"))
    assert (nothing.change, nothing.after.whole.known) == (None, 0)


async def test_a_unit_stands_for_its_module(study, node):
    change = await study.known.mark(ADA, node("a/m/u1"))
    assert (change.node, change.after.whole.known) == (node("a/m"), 2)


@pytest.mark.parametrize("seed", range(6))
async def test_undo_restores_exactly_what_was_there(study, node, asker, rows, clock, seed):
    """After any history, a change and its undo leave the same ticks and marks, with their dates and choices."""
    chance = random.Random(seed)
    who, everything = asker(ADA, SERVER), sorted(study.catalogue.default.nodes)

    def stored():
        marks = rows("select route, marked_at, reviewed from known where removed_change is null order by route")
        return marks, rows("select route, done_at, made_at, change_id from tick order by route")

    for _ in range(25):
        route = chance.choice(everything)
        match chance.choice(["complete", "undo", "reviews", "mark", "mark", "unmark"]):
            case "complete":
                await study.progress.complete(who, node(route))
            case "undo":
                await study.progress.undo_node(who, node(route))
            case "reviews":
                try:
                    await study.known.set_reviewed(ADA, node(route), reviewed=chance.random() < 0.5)
                except Stale:
                    assert not (await progress_of(study)).share(node(route)).known
            case word:
                act = study.known.mark if word == "mark" else study.known.unmark
                before = stored()
                change = await act(ADA, node(route))
                if change.change is None:
                    assert stored() == before
                    continue
                assert stored() != before
                undone = await study.known.undo(ADA, change.node, change.change)
                assert stored() == before
                assert undone.after.whole == change.before.whole
                with pytest.raises(Stale, match="already been undone"):
                    await study.known.undo(ADA, change.node, change.change)
                await act(ADA, node(route))
        clock.move(minutes=chance.choice([0, 1, 1000]))


async def test_what_was_removed_is_deleted_by_the_next_change(study, node, rows):
    await study.known.mark(ADA, node("a"))
    removed = await study.known.unmark(ADA, node("a/m"))
    assert rows("select count(*) from known") == [(3,)], "kept for Undo"
    assert await routes(study) == (set(), {"a/n"})
    await study.known.mark(ADA, node("b"))
    assert rows("select route from known order by route") == [("a/n",), ("b",)]
    with pytest.raises(Stale):
        await study.known.undo(ADA, removed.node, removed.change)


async def test_undo_of_each_change_is_about_its_own_marks(study, node):
    marked = await study.known.mark(ADA, node("a"))
    removed = await study.known.unmark(ADA, node("a/m"))
    await study.known.undo(ADA, node("a"), marked.change)
    assert await routes(study) == (set(), set())
    await study.known.undo(ADA, node("a/m"), removed.change)
    assert await routes(study) == (set(), {"a/m/u1", "a/m/u2"})


async def test_others_cannot_undo_a_change(study, node):
    change = await study.known.mark(ADA, node("a"))
    with pytest.raises(Stale):
        await study.known.undo(BEN, change.node, change.change)
    assert (await progress_of(study)).whole.known == 3


async def test_the_plan_skips_what_is_known_and_undo_restores_the_plan(study, node):
    course, exam = study.catalogue.default, date(2026, 12, 20)
    await study.plans.set(ADA, course, PlanSettings(exam, 600))
    before = await study.plans.find(ADA, course)
    change = await study.known.mark(ADA, node("a"))
    after = await study.plans.find(ADA, course)
    assert before.plan.left - after.plan.left == node("a").length
    assert not {part.node.route for block in after.plan.blocks for part in block.slices} & {*node("a").leaves}
    await study.known.undo(ADA, node("a"), change.change)
    assert (await study.plans.find(ADA, course)).plan == before.plan
    await study.known.mark(ADA, node("a"))
    fresh = await study.plans.set(ADA, course, PlanSettings(exam + timedelta(days=1), 600))
    assert fresh.now.goal.baseline_minutes == course.minutes - node("a").length


async def test_reviews_ask_about_it_only_if_wanted(study_of, course, store, clock):
    tree = course({"a": {"m": ["u1", "u2"], "n": ["u1"]}, "b": {"o": ["u1"]}})
    study = await study_of(tree)
    study.catalogue.banks[tree.id] = made_bank(tree)
    module = tree.nodes["a/m"]
    change = await study.known.mark(ADA, module)
    assert change.has_questions
    assert not (await study.reviews.begin(ADA, tree)).started
    wanted = await study.known.set_reviewed(ADA, module, reviewed=True)
    assert wanted.after.is_reviewed(module)
    assert (await study.reviews.begin(ADA, tree)).question.id == "m1"
    back = await study.known.set_reviewed(ADA, module, reviewed=False)
    assert not back.after.is_reviewed(module)
    with pytest.raises(Stale, match="haven't marked this"):
        await study.known.set_reviewed(ADA, tree.nodes["b"], reviewed=True)


async def test_a_renamed_and_divided_module_stays_known(study_of, course, node, study):
    await study.known.mark(ADA, node("a/n"))
    now = replace(course({"a": {"m": ["u1", "u2"], "x": ["v", "w"]}}), renamed={"a/n": "a/x"})
    later = await study_of(now)
    assert (await later.progress.of(ADA, now)).share(now.nodes["a/x"]).known == 2
    change = await later.known.unmark(ADA, now.nodes["a/x"])
    assert change.after.whole.known == 0
    restored = await later.known.undo(ADA, change.node, change.change)
    assert restored.after.share(now.nodes["a/x"]).known == 2


async def test_it_is_exported_and_deleted(study, node):
    await study.known.mark(ADA, node("a/n"))
    exported = await study.privacy.export(ADA)
    assert [(row["route"], row["reviewed"]) for row in exported["tables"]["known"]] == [("a/n", 0)]
    assert (await study.privacy.forget(ADA))["known"] == 1
    assert await routes(study) == (set(), set())


async def test_readiness_counts_it(catalogue, study_of, clock):
    az = catalogue.courses["az-104"]
    study = await study_of(*catalogue.courses.values())
    empty = (await study.readiness.of(ADA, az)).percent
    await study.known.mark(ADA, az.nodes["deploy"])
    assert (await study.readiness.of(ADA, az)).percent > empty
    with pytest.raises(NotFound):
        study.find("nothing like that", az, only=True)
