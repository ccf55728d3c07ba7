"""The final pass in reviews: what is asked, counted and said in the review days before the exam."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.study.plan_settings import PlanSettings
from bot.study.review_results import AskedCard, FinishedRound
from bot.views import plan as plan_views
from bot.views import review as views
from tests.cogs.conftest import text_of as text_in
from tests.review.conftest import made_bank

LONG = 400.0


def text_of(view):
    return text_in(view.to_components())


@pytest.fixture
async def seen(ada):
    """Ada has answered ten questions of path a long ago; each is due long after the exam, with a different recall."""
    ada.use(made_bank(ada.course, many=7))
    await ada.tick("a")
    at = int(ada.clock.moment.timestamp())
    for number, question in enumerate([*(f"m{each}" for each in range(1, 8)), "n-truth", "n-multiple", "n-order"]):
        ada.rows(
            "insert into card (learner_id, course, question, state, step, stability, difficulty, due_at, reviewed_at,"
            " rating) values (1, 't-1', ?, 2, null, ?, 5.0, ?, ?, 3)",
            question, LONG - 10 * number, at + 300 * 86_400, at - 30 * 86_400,
        )  # fmt: skip
    return ada


def days_before(ada, days):
    return ada.clock.moment.date() + timedelta(days=days)


async def set_exam(ada, days, *, minutes=None, on=7):
    wanted = PlanSettings(days_before(ada, days), minutes, frozenset(range(on)), None, shared=False)
    return await ada.study.plans.set(1, ada.course, wanted)


async def due(ada):
    return await ada.reviews.due(1, ada.course)


async def test_no_exam_date_no_final_pass(seen):
    assert await due(seen) == 0
    shown = await seen.begin()
    assert isinstance(shown, FinishedRound)
    assert (shown.due, shown.final_left) == (0, 0)


async def test_every_question_is_asked_once_the_weakest_first(seen):
    await set_exam(seen, 5)  # without hours: the last seven days, of which five are left
    assert await due(seen) == 2
    asked = []
    for day in range(5):
        shown = await seen.begin()
        while isinstance(shown, AskedCard):
            assert shown.is_final
            asked.append(shown.question.id)
            shown = await seen.go("r")
        assert (shown.due, shown.final_left) == (0, 8 - 2 * day)
        assert await due(seen) == 0
        seen.clock.move(days=1)
    assert asked == ["n-order", "n-multiple", "n-truth", *(f"m{each}" for each in range(7, 0, -1))]
    assert await due(seen) == 0, "not on the day of the exam"
    assert [rating for _, _, rating, _ in seen.log()] == [3] * 10, "each is a review like any other"


async def test_the_share_of_a_skipped_day_is_spread(seen):
    await set_exam(seen, 5)
    seen.clock.move(days=3)
    assert await due(seen) == 5
    await seen.begin(count=3)
    await seen.go("rrr")
    assert await due(seen) == 2, "what was answered today counts"
    seen.clock.move(days=1)
    assert await due(seen) == 7


async def test_the_pass_begins_with_the_review_days_of_the_plan(seen):
    change = await set_exam(seen, 20, minutes=300)
    review = change.now.plan.review
    assert len(review) == 3
    seen.clock.move(days=16)
    assert await due(seen) == 0
    seen.clock.move(days=1)
    assert days_before(seen, 0) == review[0]
    assert await due(seen) == 4
    assert "Review days before the exam: 3" in text_of(plan_views.plan(change.now))
    assert "Every question you've answered comes up once more." in text_of(plan_views.plan(change.now))


async def test_new_questions_come_after_the_share_and_are_not_part_of_it(seen):
    await seen.tick("b")
    await set_exam(seen, 5)
    shown = await seen.begin()
    assert "· final pass" in text_of(views.review(shown))
    shown = await seen.go("rr")
    assert (shown.is_new, shown.is_final) == (True, False)
    shown = await seen.go("rr")
    assert await due(seen) == 0
    seen.clock.move(days=1)
    known = (await seen.reviews.stats(1, seen.course)).due
    assert known == await due(seen) == 4, "two of the pass and the two new ones that are in learning"


async def test_an_answer_in_the_pass_does_not_come_back_on_the_day_before_the_exam(seen):
    await set_exam(seen, 5)
    await seen.begin()
    await seen.go("r")
    last = datetime.fromtimestamp(seen.cards()["n-order"][4], UTC).date()
    assert last > days_before(seen, 5)


async def test_a_wrong_answer_comes_back_as_usual_but_not_in_the_pass(seen):
    await set_exam(seen, 5)
    await seen.begin(count=1)
    shown = await seen.go("w")
    assert shown.missed[0].id == "n-order"
    assert await due(seen) == 1, "the second of today"
    again = await seen.reviews.more(1, seen.course, again=True)
    assert again.question.id == "n-order", "what was missed comes before the rest of the share"
    await seen.begin(count=1)
    seen.clock.move(minutes=11)
    assert await due(seen) == 2
    shown = await seen.begin(count=5)
    assert (shown.question.id, shown.is_final) == ("n-multiple", True)
    shown = await seen.go("r")
    assert (shown.question.id, shown.is_final) == ("n-order", False), "due again, but not in the pass again"


async def test_undo_returns_a_question_to_the_pass(seen):
    await set_exam(seen, 5)
    await seen.begin()
    await seen.go("r")
    assert await due(seen) == 1
    await seen.undo()
    assert await due(seen) == 2


async def test_a_round_on_one_path_has_only_its_part_of_the_share(seen):
    await set_exam(seen, 1)
    shown = await seen.begin(route="a/n", count=50)
    assert shown.question.id == "n-order"
    ended = await seen.go("rrr")
    assert isinstance(ended, FinishedRound)
    assert (ended.due, ended.final_left, await due(seen)) == (0, 7, 7)
    assert "Final pass: every question once more before your exam, 7 to go." in text_of(views.review(ended))


async def test_removed_questions_are_not_part_of_the_pass(seen):
    await set_exam(seen, 1)
    seen.use(made_bank(seen.course, "m1", "n-truth", many=7))
    assert await due(seen) == 8


async def test_the_plan_reserves_time_for_what_is_due(seen):
    seen.rows("update card set due_at = ? where learner_id = 1", int(seen.clock.moment.timestamp()) + 3 * 86_400)
    found = (await set_exam(seen, 60, minutes=300)).now
    assert found.plan.reserved == 7 * 5, "ten questions of a minute each in a week, in steps of five minutes a day"
    assert "-# That includes about 5 min a day for reviews and mistakes" in text_of(plan_views.plan(found))
    seen.use(made_bank(seen.course, *(f"m{each}" for each in range(1, 8)), "n-truth", "n-multiple", "n-order", many=7))
    assert (await seen.study.plans.find(1, seen.course)).plan.reserved == 0, "removed questions aren't asked"


async def test_the_plan_reserves_time_for_two_answers_to_each_mistake(seen):
    for number in range(1, 8):
        day = "2026-01-01" if number > 5 else None
        seen.rows("insert into mistake values (1, 't-1', ?, 1, ?)", f"m{number}", day)
    seen.rows("insert into mistake values (1, 't-1', 'removed', 1, null)")
    seen.rows("update card set due_at = 1 where question in ('m1', 'n-order')")
    found = (await set_exam(seen, 60, minutes=300, on=1)).now
    assert found.plan.reserved == 15, "five with two answers left, two with one, and a due one: 13 minutes"
