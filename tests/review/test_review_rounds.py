"""Review rounds: what is asked and recorded; nothing is lost or counted twice."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.questions.answer import shuffled
from bot.core.questions.fsrs import apply_rating
from bot.core.questions.question import LETTERS, Kind
from bot.core.questions.review import NEW_PER_DAY
from bot.errors import BadInput, NotFound, Stale
from bot.study.review_results import AnsweredCard, AskedCard, FinishedRound
from bot.study.review_rounds import CHANGED, REMOVED
from tests.databases import BROKEN, break_on
from tests.review.conftest import letters, made_bank


def due_at(ada, question):
    return datetime.fromtimestamp(ada.cards()[question][4], UTC)


# What is asked


async def test_new_cards_are_of_modules_that_are_started(ada):
    await ada.tick("a/m/u1")
    shown = await ada.begin()
    assert (shown.question.id, shown.is_new, shown.position, shown.goal, shown.can_undo) == ("m1", True, 1, 10, False)
    asked = [shown.question.id, *[(await ada.go("r")).question.id for _ in range(3)]]
    assert asked == ["m1", "m2", "m3", "m4"], "a module that is begun counts, others don't"
    shown = await ada.go("r")
    assert (shown.question.id, shown.is_new) == ("m1", False), "in learning, so asked early"


async def test_new_cards_of_several_modules_alternate_the_module_completed_last_first(ada):
    await ada.tick("a/m")
    ada.clock.move(minutes=1)
    await ada.tick("b/o")
    shown = await ada.begin()
    asked = [shown.question.id, *[(await ada.go("r")).question.id for _ in range(5)]]
    assert asked == ["o1", "m1", "o2", "m2", "m3", "m4"]


async def test_nothing_is_asked_before_anything_is_ticked_unless_requested(ada):
    shown = await ada.begin()
    assert isinstance(shown, FinishedRound)
    assert (shown.started, shown.beyond, shown.deferred, shown.due, shown.next_due) == (False, 9, 0, 0, None)
    assert shown.next_module.route == "a/m"
    assert (await ada.begin(beyond=True)).question.id == "m1"


async def test_beyond_comes_after_what_is_ticked(ada):
    await ada.tick("b")
    shown = await ada.begin(beyond=True)
    asked = [shown.question.id] + [(await ada.go("r")).question.id for _ in range(2)]
    assert asked == ["o1", "o2", "m1"]


async def test_due_cards_come_before_new_ones(ada):
    await ada.tick("b")
    await ada.begin(count=1)
    await ada.go("r")
    await ada.tick("a")
    ada.clock.move(days=3)
    shown = await ada.begin()
    assert (shown.question.id, shown.is_new) == ("o1", False)
    assert await ada.reviews.due(1, ada.course) == 1
    assert (await ada.go("r")).question.id == "m1"


async def test_a_round_on_a_path_or_a_module_asks_nothing_else(ada):
    await ada.tick("a")
    await ada.tick("b")
    assert (await ada.begin(route="a/n")).question.id == "n-truth"
    assert (await ada.begin(route="b")).question.id == "o1"
    ended = await ada.go("rrrr")
    assert isinstance(ended, FinishedRound)
    assert ended.node.route == "b"
    with pytest.raises(NotFound, match=r"no questions on \*\*Unit u1\*\*"):
        await ada.begin(route="a/m/u1")
    with pytest.raises(NotFound, match=r"no questions on \*\*z/z\*\*"):
        await ada.begin(route="z/z")


@pytest.mark.parametrize("count", [0, 51, -1])
async def test_a_count_out_of_range_is_refused(ada, count):
    with pytest.raises(BadInput, match="1 to 50 questions"):
        await ada.begin(count=count)


async def test_a_course_without_questions(ada, study_of):
    study = await study_of(ada.course)
    with pytest.raises(NotFound, match="no questions"):
        await study.reviews.begin(1, ada.course)
    assert await study.reviews.due(1, ada.course) == 0


async def test_the_round_ends_after_its_cards_and_says_what_is_left(begun):
    await begun.begin(count=2)
    shown = await begun.go("rw")
    assert isinstance(shown, FinishedRound)
    assert (shown.done, shown.right, shown.new, shown.can_undo) == (2, 1, 5, True)
    assert [question.id for question in shown.missed] == ["n-truth"]
    assert shown.next_due == begun.clock.moment + timedelta(minutes=1)
    again = await begun.reviews.more(1, begun.course)
    assert (again.question.id, again.position, again.goal) == ("m2", 1, 2)
    same = await begun.reviews.more(1, begun.course)
    assert (same.seed, same.question.id) == (again.seed, "m2"), "a second press begins no new round"


async def test_review_again_asks_what_was_missed_and_nothing_new(begun):
    await begun.begin(count=4)
    ended = await begun.go("rwrw")
    assert [question.id for question in ended.missed] == ["n-multiple", "n-truth"], "the latest first"
    begun.shown = await begun.reviews.more(1, begun.course, again=True)
    asked = [begun.shown.question.id]
    assert (begun.shown.goal, begun.shown.is_new) == (2, False)
    same = await begun.reviews.more(1, begun.course, again=True)
    assert same.seed == begun.shown.seed, "a second press begins no new round"
    asked.append((await begun.go("r")).question.id)
    assert sorted(asked) == ["n-multiple", "n-truth"]
    ended = await begun.go("w")
    assert [question.id for question in ended.missed] == [asked[1]]
    assert (ended.done, ended.right, ended.new) == (2, 1, 3), "new cards are available as before"
    more = await begun.reviews.more(1, begun.course)
    assert (more.goal, more.is_new) == (10, True)


async def test_a_question_that_was_missed_and_then_known_is_not_missed(ada):
    await ada.tick("b")
    await ada.begin(count=3)
    ended = await ada.go("wrr")
    assert [question for _, question, *_ in ada.log()] == ["o1", "o2", "o1"]
    assert (ended.right, ended.missed) == (2, ())


async def test_review_again_without_a_mistake_is_a_round_like_the_last(begun):
    await begun.begin(count=1)
    await begun.go("r")
    shown = await begun.reviews.more(1, begun.course, again=True)
    assert (shown.goal, shown.is_new) == (1, True)


# New cards a day


async def test_the_next_card_is_said_to_be_due_later_than_those_that_are_due(begun):
    await begun.go("rr")
    begun.clock.move(days=3)
    await begun.begin(count=1)
    ended = await begun.go("r")
    assert ended.due == 1
    assert ended.next_due > begun.clock.now()


async def test_new_cards_left_for_today_and_for_later_days(ada):
    ada.use(made_bank(ada.course, many=NEW_PER_DAY + 3))
    await ada.tick("a/m")
    await ada.begin(count=1)
    ended = await ada.go("r")
    assert (ended.new, ended.deferred) == (NEW_PER_DAY - 1, 3)


async def test_new_cards_are_limited_per_day_in_the_learner_s_zone(ada):
    ada.use(made_bank(ada.course, many=13))
    await ada.study.learners.set_zone(1, "Auckland")  # 22:30 there
    await ada.tick("a/m")
    await ada.begin(count=NEW_PER_DAY)
    ended = await ada.go("r" * NEW_PER_DAY)
    assert isinstance(ended, FinishedRound)
    assert (ended.new, ended.deferred, ended.beyond) == (0, 3, 5)
    assert not (await ada.begin(count=1)).is_new, "a card in learning"
    ada.clock.moment = datetime(2026, 11, 20, 10, 59, tzinfo=UTC)
    assert (await ada.reviews.stats(1, ada.course)).new == 0
    ada.clock.moment = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)  # the 21st, 00:00 there
    assert (await ada.reviews.stats(1, ada.course)).new == 3
    ended, fresh = await ada.begin(count=50), []
    while isinstance(ended, AskedCard):
        fresh += [ended.question.id] if ended.is_new else []
        await ada.answer()
        ended = await ada.rate(4)
    assert fresh == ["m11", "m12", "m13"]


async def test_extra_new_cards_exceed_the_daily_limit_each_time(ada):
    ada.use(made_bank(ada.course, many=13))
    await ada.tick("a/m")
    await ada.begin(count=NEW_PER_DAY)
    ended = await ada.go("r" * NEW_PER_DAY)
    for deferred, expected in ((3, "m11"), (2, "m12"), (1, "m13")):
        assert (ended.deferred, ended.new) == (deferred, 0)
        stats = await ada.reviews.stats(1, ada.course)
        assert (stats.deferred, stats.new) == (deferred, 0), "even if the limit is exceeded already"
        ada.shown = await ada.reviews.begin(1, ada.course, count=1, extra=1)
        assert (ada.shown.question.id, ada.shown.is_new) == (expected, True)
        ended = await ada.go("r")


async def test_a_round_after_extra_new_cards_asks_no_more_of_them(ada):
    ada.use(made_bank(ada.course, many=13))
    await ada.tick("a/m")
    for options, count in (({"count": NEW_PER_DAY}, NEW_PER_DAY), ({"count": 1, "extra": 1}, 1)):
        await ada.begin(**options)
        for _ in range(count):
            await ada.answer()
            await ada.rate(4)
    ended = await ada.begin(count=1)
    assert isinstance(ended, FinishedRound)
    assert (ended.due, ended.new, ended.deferred, ended.beyond) == (0, 0, 2, 5)


async def test_cards_in_learning_are_asked_early_only_when_nothing_else_is_left(ada):
    await ada.tick("b")
    await ada.begin()
    assert (await ada.go("w")).question.id == "o2"
    assert (await ada.go("r")).question.id == "o1", "due in a minute"
    await ada.answer()
    assert (await ada.rate(4)).question.id == "o2", "due in ten minutes"
    await ada.answer()
    ended = await ada.rate(4)
    assert isinstance(ended, FinishedRound)
    assert ended.next_due == due_at(ada, "o1")


# Recording


async def test_an_answer_is_recorded_at_once_with_its_default_rating(begun):
    marked = await begun.answer()
    assert (marked.right, marked.rating, marked.default_rating) == (True, 3, 3)
    now = int(begun.clock.moment.timestamp())
    assert begun.cards() == {"m1": tuple(apply_rating(None, 3, now))}
    (row,) = begun.rows("select * from review")
    assert row[:9] == (1, now * 1_000_000, "t-1", "m1", now, 3, 1, 5000, "0")
    assert set(row[9:16]) == {None}
    assert row[16:] == ("review", 1, 0, None, None)
    assert (await begun.begin()) == replace(marked, studied=None), "and is shown again later"


async def test_the_log_keeps_the_card_as_it_was(begun):
    await begun.answer()
    before = begun.cards()["m1"]
    begun.clock.move(days=2)
    await begun.begin(count=5)
    await begun.answer(right=False)
    rows = begun.rows("select old_state, old_step, old_stability, old_difficulty, old_due_at, old_reviewed_at, "
                      "old_rating, rating, correct from review order by number desc limit 1")  # fmt: skip
    assert rows == [(*before, 1, 0)]


async def test_a_slow_answer_is_hard_and_one_after_a_break_is_not(begun):
    assert (await begun.answer(seconds=70)).rating == 2
    await begun.rate()
    assert (await begun.answer(seconds=3 * 3600)).rating == 3
    assert begun.rows("select duration from review order by number") == [(70_000,), (None,)]


async def test_showing_a_card_again_restarts_its_timer(begun):
    begun.clock.move(minutes=5)
    await begun.begin()
    assert (await begun.answer(seconds=4)).rating == 3


@pytest.mark.parametrize("rating", [2, 4])
async def test_another_rating_counts_from_the_time_of_the_answer(begun, rating):
    await begun.answer()
    then = int(begun.clock.moment.timestamp())
    begun.clock.move(minutes=7)
    await begun.rate(rating)
    assert begun.cards()["m1"] == tuple(apply_rating(None, rating, then))
    assert begun.log() == [(1, "m1", rating, 1)]


@pytest.mark.parametrize(
    ("right", "rating"), [(True, 0), (True, 5), (True, -1), (True, 1), (False, 2), (False, 3), (False, 4)]
)
async def test_a_wrong_answer_is_always_rated_again_and_a_correct_one_never(begun, right, rating):
    await begun.answer(right=right)
    before = begun.cards(), begun.log()
    with pytest.raises(Stale, match="out of date"):
        await begun.reviews.rate(1, begun.course, begun.shown.seed, rating)
    assert (begun.cards(), begun.log()) == before
    assert isinstance(await begun.rate(), AskedCard)


async def test_confirming_the_recorded_rating_changes_nothing(begun):
    await begun.answer()
    before = begun.cards()
    begun.clock.move(minutes=7)
    await begun.rate(3)
    assert begun.cards() == before


async def test_every_kind_is_marked(ada):
    await ada.tick("a/n")
    for right in (True, False):
        await ada.begin(route="a/n", count=3)
        kinds = set()
        for _ in range(3):
            kinds.add(ada.shown.question.kind)
            assert (await ada.answer(right=right)).right is right
            await ada.rate(4 if right else 1)
        ada.clock.move(days=30)
        assert kinds == {Kind.TRUTH, Kind.MULTIPLE, Kind.ORDER}


async def test_an_order_is_answered_letter_by_letter_and_can_be_restarted(ada):
    await ada.tick("a/n")
    await ada.begin(route="a/n")
    shown = await ada.go("rr")
    assert shown.question.kind is Kind.ORDER
    given = letters(shown)
    ask = lambda text: ada.reviews.answer(1, ada.course, shown.seed, text)  # noqa: E731
    assert (await ask(given[:2])).picked == given[:2]
    assert (await ask("-")).picked == ""
    assert len(ada.log()) == 2, "nothing is recorded before it is complete"
    assert (await ask(given)).right


# Nothing is lost


async def test_review_without_options_continues_the_round(begun):
    await begun.begin(count=4, route="a/m")
    first = begun.shown
    begun.clock.move(days=1)
    begun.use(begun.bank)
    again = await begun.begin()
    assert (again.question.id, again.seed, again.goal) == (first.question.id, first.seed, 4)
    assert shuffled(again.question, again.seed) == shuffled(first.question, first.seed)
    assert (await begun.begin(count=2)).goal == 2, "an option begins a new round"


async def test_the_order_of_options_changes_each_time(ada):
    await ada.tick("b")
    orders = set()
    for _ in range(12):
        shown = await ada.begin(count=1)
        orders.add(shuffled(shown.question, shown.seed))
    assert len(orders) > 2


async def test_two_simultaneous_answers_count_once(begun):
    shown = begun.shown
    right, wrong = letters(shown), letters(shown, right=False)
    both = await asyncio.gather(
        *(begun.reviews.answer(1, begun.course, shown.seed, given) for given in (right, wrong, right))
    )
    assert len({each.right for each in both}) == 1, "the first one counts and is shown to all"
    assert len(begun.log()) == 1
    ratings = (4, 2) if both[0].right else (1, 1)
    rates = await asyncio.gather(
        *(begun.reviews.rate(1, begun.course, shown.seed, rating) for rating in ratings), return_exceptions=True
    )
    (first,) = [rating for rating, result in zip(ratings, rates, strict=True) if isinstance(result, AskedCard)]
    assert sum(isinstance(result, Stale) for result in rates) == 1
    assert begun.log() == [(1, "m1", first, both[0].right)]


async def test_presses_on_old_buttons_are_refused_and_change_nothing(begun):
    first = begun.shown
    await begun.go("r")
    before = begun.cards(), begun.log()
    seed = first.seed
    for act in (
        lambda: begun.reviews.answer(1, begun.course, seed, "A"),
        lambda: begun.reviews.rate(1, begun.course, seed, 1),
        lambda: begun.reviews.undo(1, begun.course, seed),
        lambda: begun.reviews.answer(1, begun.course, begun.shown.seed, "F"),
        lambda: begun.reviews.answer(1, begun.course, begun.shown.seed, "AA"),
        lambda: begun.reviews.answer(1, begun.course, begun.shown.seed, "AB"),
        lambda: begun.reviews.answer(1, begun.course, begun.shown.seed, ""),
        lambda: begun.reviews.answer(2, begun.course, begun.shown.seed, "A"),
        lambda: begun.reviews.rate(2, begun.course, begun.shown.seed, 1),
        lambda: begun.reviews.undo(2, begun.course, begun.shown.seed),
    ):
        with pytest.raises(Stale):
            await act()
    assert (begun.cards(), begun.log()) == before
    shown = await begun.reviews.rate(1, begun.course, begun.shown.seed, 1)
    assert isinstance(shown, AskedCard), "a card without an answer can't be rated"
    assert (begun.cards(), begun.log()) == before


@pytest.mark.parametrize("fault", ["insert on card", "insert on review", "update on reviewing", "insert on study_day"])
async def test_an_answer_is_stored_completely_or_not_at_all(begun, path, fault):
    begun.rows("delete from study_day")
    break_on(path, f"before {fault}")
    tables = ("card", "review", "reviewing", "study_day")
    before = [begun.rows(f"select * from {table}") for table in tables]
    with pytest.raises(BROKEN, match="broken"):
        await begun.answer()
    assert [begun.rows(f"select * from {table}") for table in tables] == before


# Undo


async def test_undo_asks_a_question_again_that_was_answered_wrong(begun):
    marked = await begun.answer(right=False)
    await begun.rate()
    undone = await begun.undo()
    assert isinstance(undone, AskedCard)
    assert (undone.question.id, undone.position, undone.is_new, undone.can_undo) == ("m1", 1, True, False)
    assert undone.note.startswith("Undone.")
    assert undone.seed > marked.seed, "its buttons are new"
    assert (begun.cards(), begun.log()) == ({}, [])
    assert (await begun.answer()).right
    assert begun.log() == [(1, "m1", 3, 1)]
    assert isinstance(await begun.rate(), AskedCard)


async def test_undo_shows_a_correct_answer_unrated_and_a_rating_records_it_again(begun):
    marked = await begun.answer()
    await begun.rate()
    begun.clock.move(minutes=1)
    undone = await begun.undo()
    assert (undone.question.id, undone.given, undone.right, undone.rating, undone.default_rating) == (
        "m1", marked.given, True, None, 3,
    )  # fmt: skip
    assert (undone.position, begun.cards(), begun.log()) == (1, {}, [])
    assert (await begun.begin()) == undone, "it waits for its rating"
    shown = await begun.rate(2)
    assert shown.question.id == "n-truth"
    assert begun.log() == [(1, "m1", 2, 1)]
    assert begun.cards()["m1"] == tuple(apply_rating(None, 2, int(begun.clock.moment.timestamp())))


async def test_undo_of_a_later_answer_restores_the_previous_card(begun):
    await begun.begin(count=1)
    await begun.go("r")
    before = begun.cards(), begun.log()
    begun.clock.move(days=3)
    await begun.begin(count=1)
    await begun.go("r")
    assert begun.cards() != before[0]
    undone = await begun.undo()
    assert (begun.cards(), begun.log()) == before
    assert undone.before == before[0]["m1"], "the due dates of the buttons depend on it"


async def test_pressing_undo_twice_undoes_one_answer(begun):
    await begun.go("rr")
    seed = begun.shown.seed
    both = await asyncio.gather(*(begun.reviews.undo(1, begun.course, seed) for _ in range(2)), return_exceptions=True)
    assert isinstance(both[0], AnsweredCard)
    assert isinstance(both[1], Stale)
    assert [row[1] for row in begun.log()] == ["m1"]


async def test_undo_at_the_end_of_a_round(begun):
    await begun.begin(count=1)
    ended = await begun.go("r")
    assert ended.can_undo
    undone = await begun.undo()
    assert (undone.position, undone.goal, undone.rating) == (1, 1, None)
    assert isinstance(await begun.rate(4), FinishedRound)
    assert begun.log() == [(1, "m1", 4, 1)]


async def test_an_undone_answer_counts_once_in_the_result_of_the_round(begun):
    await begun.begin(count=1)
    await begun.go("r")
    await begun.undo()
    ended = await begun.rate()
    assert (ended.done, ended.right) == (1, 1)


async def test_undo_in_a_new_round_takes_back_the_last_answer_of_the_round_before(begun):
    await begun.begin(count=1)
    await begun.go("r")
    await begun.begin(count=1)
    begun.shown = await begun.reviews.undo(1, begun.course)
    assert (begun.shown.question.id, begun.shown.position) == ("m1", 1)
    ended = await begun.rate(4)
    assert (ended.done, ended.right, begun.log()) == (1, 1, [(1, "m1", 4, 1)])


async def test_there_is_nothing_to_undo_in_a_new_round(begun):
    assert not begun.shown.can_undo
    with pytest.raises(Stale, match="Nothing to undo"):
        await begun.undo()
    with pytest.raises(NotFound, match="Nothing to undo"):
        await begun.reviews.undo(1, begun.course)
    with pytest.raises(NotFound, match="Nothing to undo"):
        await begun.reviews.undo(2, begun.course)


# Questions that change


async def test_a_question_that_left_the_bank_is_skipped_and_its_card_kept(begun):
    await begun.go("r")
    begun.use(made_bank(begun.course, "m1", "n-truth"))
    shown = await begun.begin()
    assert (shown.question.id, shown.note) == ("m2", REMOVED), "it was shown"
    begun.clock.move(hours=1)
    assert (await begun.begin(count=5)).question.id == "m2"
    assert await begun.reviews.due(1, begun.course) == 0
    assert set(begun.cards()) == {"m1"}
    assert len(begun.log()) == 1
    begun.use(made_bank(begun.course))
    assert (await begun.begin(count=5)).question.id == "m1", "and returns with its history"


@pytest.mark.parametrize("act", ["answer", "rate", "undo"])
async def test_a_press_on_a_question_that_left_the_bank(begun, act):
    await begun.go("r")
    if act == "rate":
        await begun.answer()
    gone = "m1" if act == "undo" else "n-truth"
    begun.use(made_bank(begun.course, gone))
    seed = begun.shown.seed
    match act:
        case "answer":
            shown = await begun.reviews.answer(1, begun.course, seed, "A")
        case "rate":
            shown = await begun.reviews.rate(1, begun.course, seed, 4)
        case _:
            shown = await begun.reviews.undo(1, begun.course, seed)
    assert isinstance(shown, AskedCard)
    assert shown.question.id == ("m2" if act == "undo" else "n-multiple")
    expected = {"answer": [("m1", 3)], "rate": [("m1", 3), ("n-truth", 4)], "undo": []}[act]
    assert [(question, rating) for _, question, rating, _ in begun.log()] == expected
    assert (REMOVED in shown.note) is (act != "rate")


async def test_a_changed_question_is_shown_again(begun):
    old = begun.shown
    begun.use(made_bank(begun.course, changed="m1"))
    shown = await begun.reviews.answer(1, begun.course, old.seed, letters(old), old.fingerprint)
    assert (shown.question.prompt, shown.note) == ("Quite another question?", CHANGED)
    assert begun.log() == []
    begun.shown = shown
    assert (await begun.answer()).right
    assert begun.cards().keys() == {"m1"}


# The exam


async def set_exam(ada, on):
    ada.rows("delete from exam where learner_id = 1 and course = 't-1'")
    ada.rows("insert into exam (learner_id, course, exam_on) values (1, 't-1', ?)", on.isoformat())


@pytest.mark.parametrize(("days", "longest"), [(None, None), (-1, None), (0, 1), (1, 1), (4, 3), (300, None)])
async def test_no_card_comes_back_after_the_exam(begun, days, longest):
    """Without a future exam, Easy is 8 days."""
    today = date(2026, 11, 20)
    if days is not None:
        await set_exam(begun, today + timedelta(days=days))
    marked = await begun.answer()
    assert marked.due_by_rating[3] - marked.at == timedelta(days=longest or 8)
    await begun.rate(4)
    assert due_at(begun, "m1") == marked.due_by_rating[3]


# Numbers


async def test_stats_and_recall(begun):
    await begun.begin(route="a/m")
    empty = await begun.reviews.stats(1, begun.course)
    assert (empty.due, empty.new, empty.recall, empty.retention, empty.reviews) == (0, 7, None, None, 0)
    for rating in (4, 3, 4, 4):
        await begun.answer()
        await begun.rate(rating)
    at = await begun.reviews.stats(1, begun.course)
    assert (at.due, at.today, at.week, at.answered, at.new, at.reviews, at.graduated) == (0, 1, 1, 4, 3, 4, 0)
    assert (at.recall, at.weakest) == (1.0, ())
    begun.clock.move(days=8, hours=1)
    at = await begun.reviews.stats(1, begun.course)
    assert (at.due, at.week, at.new) == (4, 4, 3)
    assert 0.8 < at.recall < 0.91
    assert [(weak.module.route, weak.answered) for weak in at.weakest] == [("a/m", 4)]
    assert await begun.reviews.due(1, begun.course) == 4
    await begun.begin(count=4, route="a/m")
    await begun.go("rrwr")
    at = await begun.reviews.stats(1, begun.course)
    assert (at.reviews, at.graduated) == (8, 3)
    assert at.retention in (2 / 3, 1.0)
    recall = await begun.reviews.recall(1, begun.course)
    assert set(recall) == {"m1", "m2", "m3", "m4"}
    assert min(recall.values()) == 0.0, "what was wrong today"
    begun.clock.move(days=30, hours=1)
    assert (await begun.reviews.stats(1, begun.course)).reviews == 0
    assert await begun.reviews.recall(2, begun.course) == {}


async def test_statistics_are_per_learner(begun):
    await begun.answer()
    other = await begun.reviews.stats(2, begun.course)
    assert (other.answered, other.reviews) == (0, 0)
    assert await begun.reviews.due(2, begun.course) == 0


# Study days


async def test_a_review_records_a_study_day_and_undo_removes_it(begun):
    begun.clock.move(days=1)
    await begun.begin(count=2)
    marked = await begun.answer()
    assert marked.studied.streak.days == 2
    assert begun.days() == ["2026-11-20", "2026-11-21"]
    await begun.rate()
    await begun.undo()
    assert begun.days() == ["2026-11-20"]
    await begun.rate(3)
    assert begun.days() == ["2026-11-20", "2026-11-21"]


async def test_undo_of_one_of_two_reviews_keeps_the_day(begun):
    begun.clock.move(days=1)
    await begun.go("rr")
    await begun.undo()
    assert begun.days() == ["2026-11-20", "2026-11-21"]


async def test_undo_leaves_a_day_on_which_something_was_ticked(begun):
    await begun.go("r")
    await begun.undo()
    assert begun.days() == ["2026-11-20"]


async def test_undo_of_yesterday_s_review_removes_no_day(ada):
    await ada.begin(beyond=True)
    await ada.go("r")
    ada.clock.move(days=1)
    await ada.undo()
    assert (ada.days(), ada.log()) == (["2026-11-20"], [])


@pytest.mark.parametrize("first", ["tick", "review"])
async def test_undoing_all_ticks_of_today_keeps_a_day_with_a_review(ada, first):
    if first == "tick":
        await ada.tick("a")
    await ada.begin(beyond=True)
    ada.clock.move(minutes=1)
    await ada.go("r")
    if first == "review":
        ada.clock.move(minutes=1)
        await ada.tick("a")
    done = await ada.study.progress.undo(ada.asker)
    assert (ada.days(), done.applied.taken) == (["2026-11-20"], None)
    await ada.undo()
    assert ada.days() == []


async def test_the_zone_is_asked_for_once(begun):
    assert not (await begun.answer()).studied.ask_zone
    await begun.rate()
    begun.clock.move(days=1)
    assert (await begun.answer()).studied.ask_zone
    await begun.rate()
    assert not (await begun.answer()).studied.ask_zone


# Privacy


async def test_export_and_deletion_cover_every_table(begun):
    await begun.go("r")
    await begun.answer(right=False)
    data = (await begun.study.privacy.export(1))["tables"]
    assert [len(data[table]) for table in ("card", "review", "reviewing")] == [2, 2, 1]
    assert data["review"][0]["chosen"] == "0"
    await begun.study.privacy.forget(1)
    for table in ("card", "review", "reviewing"):
        assert begun.rows(f"select count(*) from {table}") == [(0,)]
    for act in (begun.reviews.rate(1, begun.course, begun.shown.seed, 3),
                begun.reviews.answer(1, begun.course, begun.shown.seed, LETTERS[0])):  # fmt: skip
        with pytest.raises(Stale, match="start a new one"):
            await act


# Statistics


async def test_reviews_are_counted_from_a_microsecond_on(begun):
    begun.clock.move(microseconds=500)
    await begun.answer(seconds=0)
    moment = begun.clock.now()
    recent = begun.store.reviews.recent
    counted = [(await recent(1, begun.course.id, moment + timedelta(microseconds=n))).reviews for n in (-1, 0, 1)]
    assert counted == [1, 1, 0]
