"""Drills: rounds of mistakes or of a topic, which change cards only if they were due."""

import pytest

from bot.core.questions.drill import Topic
from bot.errors import NotFound, Stale
from bot.store.mistakes import Schedule, Source, record_practice
from bot.study.drill_results import FinishedDrill
from bot.study.review_results import AnsweredCard, AskedCard
from tests.review.conftest import made_bank


@pytest.fixture
async def missed(begun):
    """Two mistakes: m1 and n-truth."""
    await begun.go("ww")
    return begun


async def test_mistakes_are_drilled_without_changing_cards_that_are_not_due(missed):
    cards = missed.cards()
    shown = await missed.drill()
    assert (shown.question.id, shown.position, shown.goal, str(shown.scope)) == ("m1", 1, 2, "mistakes")
    marked = await missed.answer()
    assert (marked.counted, marked.was_listed, marked.listed.right_on is None) == (False, True, False)
    await missed.rate()
    ended = await missed.go("w")
    assert isinstance(ended, FinishedDrill)
    assert (ended.done, ended.right, ended.ready, ended.listed) == (2, 1, 1, 2)
    assert [question.id for question in ended.missed] == ["n-truth"]
    assert missed.cards() == cards
    assert missed.rows("select source, counted from review order by number") == [("review", 1)] * 2 + [("drill", 0)] * 2


async def test_a_question_that_is_due_counts_as_its_review(missed):
    cards = missed.cards()
    missed.clock.move(days=1)
    await missed.drill()
    marked = await missed.answer()
    assert marked.counted
    assert missed.cards()["m1"] != cards["m1"]
    assert missed.cards()["n-truth"] == cards["n-truth"]


async def test_a_mistake_leaves_after_correct_answers_on_two_days(missed):
    for left in (2, 0):
        await missed.drill()
        ended = await missed.go("rr")
        assert (ended.ready, ended.listed) == (0, left)
        assert (await missed.drill()).done == 0, "nothing to drill until tomorrow"
        missed.clock.move(days=1)
    assert missed.listed() == {}


async def test_a_guess_keeps_a_question_on_the_list(missed):
    await missed.drill()
    await missed.answer()
    await missed.guess()
    assert missed.listed()["m1"][1] is None
    assert missed.log()[-1][1:] == ("m1", 2, 1)


async def test_a_guess_in_a_review_is_hard_and_listed(begun):
    await begun.answer()
    await begun.guess()
    assert list(begun.listed()) == ["m1"]
    assert begun.cards()["m1"][-1] == 2
    await begun.undo()
    assert begun.listed() == {}
    assert begun.cards() == {}


async def test_a_drill_survives_a_restart_and_another_device_continues_it(missed):
    await missed.drill()
    shown = await missed.go("r")
    missed.use(made_bank(missed.course))
    for again in (await missed.drill(), await missed.begin()):
        assert (again.question.id, again.seed, again.position) == ("n-truth", shown.seed, 2)
    missed.use(made_bank(missed.course, "n-truth"))
    assert isinstance(await missed.begin(), FinishedDrill), "n-truth was removed"


async def test_a_drill_of_yesterday_starts_again(missed):
    await missed.drill()
    await missed.go("r")
    missed.clock.move(days=1)
    shown = await missed.drill()
    assert (shown.position, shown.goal) == (1, 2)


async def test_a_drill_without_questions_leaves_the_open_round_alone(begun):
    ended = await begun.drill()
    assert (ended.done, ended.listed, ended.can_undo) == (0, 0, False)
    assert isinstance(await begun.begin(), AskedCard)


async def test_a_path_and_a_module_without_questions(begun):
    shown = await begun.drill(Topic.PATH, "b")
    assert (shown.question.id, shown.goal) == ("o1", 2)
    assert not (await begun.answer()).counted, "a new question isn't due"
    assert begun.cards() == {}
    with pytest.raises(Stale):
        await begun.drill(Topic.PATH, "zz")


async def test_what_was_recorded_elsewhere_is_not_undone_or_overwritten(begun):
    """A mock exam or the question of the day is answered between an answer and what would change it."""
    await begun.answer()
    cards, shown = begun.cards(), begun.shown

    def daily(statements):
        options = {"source": Source.DAILY, "schedule": Schedule.ALWAYS, "correct": False, "now": begun.now()}
        return record_practice(statements, 1, begun.course.id, "m1", **options)

    await begun.store.engine.transact(daily)
    after, listed = begun.cards(), begun.listed()
    assert after != cards
    await begun.guess()
    assert (begun.cards(), begun.listed(), begun.log()[0][2]) == (after, listed, 3), "not rated Hard"
    with pytest.raises(NotFound):
        await begun.undo()
    assert (begun.cards(), begun.listed()) == (after, listed)
    assert shown.rating == 3


async def test_undo_shows_the_answer_again_and_restores_the_list(missed):
    await missed.drill()
    before = missed.listed()
    await missed.go("r")
    assert missed.listed() != before
    undone = await missed.undo()
    assert isinstance(undone, AnsweredCard)
    assert (undone.counted, undone.rating) == (False, None)
    assert missed.listed() == before
    await missed.rate(3)
    assert missed.listed() != before


async def test_ending_a_drill_early(missed):
    shown = await missed.drill()
    ended = await missed.study.drills.end(1, missed.course, shown.seed)
    assert (ended.done, ended.ready) == (0, 2)
    with pytest.raises(Stale):
        await missed.study.drills.end(1, missed.course, shown.seed)
    assert isinstance(await missed.begin(), AskedCard)
    assert missed.rows("select scope, queue from reviewing") == [(None, None)]


async def test_the_choice_counts_what_is_ready(missed):
    await missed.drill()
    await missed.go("r")
    found = await missed.study.drills.choice(1, missed.course)
    assert (found.ready, found.listed) == (1, 2)
    assert await missed.study.drills.ready(1, missed.course) == 1
    assert (await missed.study.homes.of(missed.asker, missed.course)).mistakes == 1
