"""The final pass: each question at most once, all of them if there is time, the weakest first, spread evenly."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.calendar.timestamps import seconds
from bot.core.plan.plan import plan
from bot.core.plan.study_days import REVIEW_WITHIN, Goal
from bot.core.questions.final_pass import FinalPass, pass_days
from bot.core.questions.fsrs import Card, State, recall_now
from tests.core.plan.test_plan import cases

EXAM = date(2026, 12, 18)
DAY = timedelta(days=1)
some = settings(max_examples=200, deadline=None)


def start_of(day):
    return seconds(datetime.combine(day, time(), UTC))


def card(stability, reviewed, rating=3):
    return Card(State.REVIEW, None, stability, 5.0, reviewed + 86_400, reviewed, rating)


@st.composite
def passes(draw):
    """The days of a pass, and the cards at its start, by question."""
    before = draw(st.sets(st.integers(1, 14), min_size=1, max_size=7))
    days = tuple(EXAM - each * DAY for each in sorted(before, reverse=True))
    begins = start_of(days[0])
    stored = draw(st.lists(st.tuples(st.floats(0.1, 400), st.integers(1, 90 * 86_400), st.integers(1, 4)), max_size=60))
    return days, {
        f"q{number}": card(stability, begins - ago, rating) for number, (stability, ago, rating) in enumerate(stored)
    }


def answer_all(cards, shown, at):
    """Each answered card comes back within minutes, as a wrong one does; the pass must not ask it again for that."""
    for number, question in enumerate(shown):
        cards[question] = card(0.1, at + number, 1)


def simulate(days, cards, present, most=None):
    """Ask what the pass offers on each day from its first one to the exam. Return the questions by day."""
    cards, asked, begins = dict(cards), {}, start_of(days[0])
    for offset in range((EXAM - days[0]).days):
        today, done = days[0] + offset * DAY, 0
        asked[today] = []
        while present(today) and (most is None or done < most):
            at = start_of(today) + 36_000 + 100 * done
            shown = list(FinalPass(days, today, begins, done).share(cards, at))
            if not shown:
                break
            answer_all(cards, shown[:3], at)  # in rounds of three
            asked[today] += shown[:3]
            done += len(shown[:3])
    return asked


@some
@given(passes(), st.data())
def test_each_question_is_asked_at_most_once_and_all_before_the_exam(drawn, data):
    days, cards = drawn
    present = data.draw(st.sets(st.sampled_from(days)), "days on which the learner comes")
    asked = simulate(days, cards, lambda day: day in present)
    every = [question for questions in asked.values() for question in questions]
    assert len(every) == len(set(every))
    assert set(every) <= set(cards)
    if days[-1] in present:
        assert set(every) == set(cards), "on the last day, everything that is left is asked"


@some
@given(passes())
def test_the_days_of_a_learner_who_comes_every_day_differ_by_one_question(drawn):
    days, cards = drawn
    asked = simulate(days, cards, lambda _: True)
    counts = [len(asked[day]) for day in days]
    assert sum(counts) == len(cards)
    assert max(counts) - min(counts) <= 1
    assert not any(asked[day] for day in asked if day not in days), "the days between are free"


@some
@given(passes(), st.data())
def test_the_rest_of_a_skipped_day_is_spread_over_the_remaining_ones(drawn, data):
    days, cards = drawn
    skipped = data.draw(st.sets(st.sampled_from(days)))
    asked = simulate(days, cards, lambda day: day not in skipped)
    for number, day in enumerate(days):
        if day not in skipped:
            left = len(cards) - sum(len(asked[each]) for each in days[:number])
            assert len(asked[day]) == -(-left // (len(days) - number))


@some
@given(passes())
def test_what_is_left_after_the_last_day_is_asked_until_the_exam(drawn):
    days, cards = drawn
    asked = simulate(days, cards, lambda day: day > days[-1])
    later = [day for day in asked if day > days[-1]]
    assert not later or sorted(asked[later[0]]) == sorted(cards)


@some
@given(passes(), st.integers(0, 80_000))
def test_the_weakest_come_first(drawn, later):
    days, cards = drawn
    now = start_of(days[0]) + later
    share = list(FinalPass(days, days[0], start_of(days[0]), 0).share(cards, now))
    recalls = [recall_now(cards[question], now) for question in share]
    assert recalls == pytest.approx(sorted(recalls))
    rest = [recall_now(cards[question], now) for question in cards if question not in share]
    assert not share or not rest or recalls[-1] <= min(rest) + 1e-9


def test_what_was_reviewed_during_the_pass_is_not_asked():
    days = (EXAM - 2 * DAY, EXAM - DAY)
    begins = start_of(days[0])
    cards = {"before": card(9, begins - 1), "at once": card(9, begins), "today": card(9, begins + 86_400)}
    last = FinalPass(days, days[1], begins, 0)
    assert list(last.waiting(cards)) == ["before"]
    assert list(last.share(cards, begins + 90_000)) == ["before"]


@some
@given(cases(fresh=True))
def test_the_days_are_the_review_days_of_the_plan(case):
    progress, goal, _ = case
    days = pass_days(goal.exam, goal)
    assert days == plan(progress, goal, goal.start).review
    assert all(0 < (goal.exam - day).days <= REVIEW_WITHIN for day in days)


def test_without_a_plan_the_pass_takes_the_last_week():
    assert pass_days(EXAM, None) == tuple(EXAM - before * DAY for before in range(7, 0, -1))
    few = Goal(exam=EXAM, minutes_a_week=60, days=frozenset({0}), start=EXAM - 9 * DAY, baseline_minutes=60)
    assert pass_days(EXAM, few) == (), "a plan without review days has none"
