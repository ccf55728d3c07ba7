"""The steps of a mock exam and its report, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.questions.answer import shuffled
from bot.core.questions.mock_exam import (
    Answer,
    Item,
    MockExam,
    answer,
    create,
    current_item,
    finish,
    flag,
    items,
    mistakes,
    move_to,
    suggested_minutes,
    unanswered,
)
from bot.core.questions.mock_exam_report import percent, report
from bot.core.questions.question import LETTERS, Kind
from bot.errors import Stale
from tests.mock_exam.conftest import bank_with

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
some = settings(max_examples=150, deadline=None)


def exam_of(bank, *answers, deadline=None):
    """A mock exam of these questions, each an ID or an ID with the chosen options."""
    given = [Answer(each) if isinstance(each, str) else Answer(*each) for each in answers]
    return MockExam(7, NOW, deadline, tuple(given))


def right_of(bank, *ids):
    return [(each, bank.questions[each].right) for each in ids]


def letters_of(question, seed, chosen):
    return "".join(LETTERS[shuffled(question, seed).index(index)] for index in chosen)


def test_a_hand_counted_report(bank):
    """One: 3 of 4, two: 0 of 2, three: 1 of 1, and one without a domain; weights 55, 25 and 15 of 95."""
    exam = exam_of(
        bank,
        *right_of(bank, "one-m-0", "one-m-1", "one-n-3"),
        ("one-n-2", tuple(0 for _ in bank.questions["one-n-2"].right)),
        ("two-m-0", (0,)),
        "two-m-3",
        *right_of(bank, "three-n-1", "zero-m-0"),
    )
    found = report(exam, bank)
    assert (found.right, found.asked, found.unanswered, found.removed, found.percent) == (5, 8, 1, 0, 62)
    assert [(part.about.id, part.right, part.asked, part.percent) for part in found.domains] == [
        ("one", 3, 4, 75),
        ("two", 0, 2, 0),
        ("three", 1, 1, 100),
    ]
    assert [round(part.weight, 4) for part in found.domains] == [0.5789, 0.2632, 0.1579]
    assert found.weakest.about.id == "two"
    assert [(part.about.route, part.right, part.asked) for part in found.modules] == [("two/m", 0, 2), ("one/n", 1, 2)]
    assert [item.question.id for item in mistakes(exam, bank)] == ["one-n-2", "two-m-0", "two-m-3"]
    assert found.not_asked == ()


def test_the_modules_of_the_weakest_domain_come_first(bank):
    """One: 1 of 3 right, two: 0 of 1, so its module comes first though another one has more mistakes."""
    exam = exam_of(bank, "one-m-0", "one-m-1", *right_of(bank, "one-n-0"), "two-n-0")
    found = report(exam, bank)
    assert (found.weakest.about.id, found.weakest.right, found.weakest.asked) == ("two", 0, 1)
    assert [part.about.route for part in found.modules] == ["two/n", "one/m"]
    heavy = report(exam_of(bank, "three-m-0", "two-m-0"), bank)
    assert heavy.weakest.about.id == "two", "of equals the heaviest"


def test_domains_without_questions_are_listed(bank, small):
    found = report(exam_of(bank, "one-m-0"), bank)
    assert [domain.id for domain in found.not_asked] == ["two", "three"]
    assert [part.about.id for part in found.domains] == ["one"]


def test_what_left_the_bank_counts_as_not_asked(bank, small):
    exam = exam_of(bank, *right_of(bank, "one-m-0", "two-m-0"), "two-n-0", "three-m-0")
    less = bank_with(small, leave_out=("two-m-0", "three-m-0"))
    found = report(exam, less)
    assert (found.right, found.asked, found.removed, found.unanswered) == (1, 2, 2, 1)
    assert [part.about.id for part in found.domains] == ["one", "two"]
    assert [item.position for item in items(exam, less)] == [0, 2]
    with pytest.raises(Stale, match="was removed"):
        answer(exam, less, 1, "A")
    with pytest.raises(Stale, match="was removed"):
        move_to(exam, less, 3)
    assert current_item(replace(exam, position=1), less).question.id == "two-n-0", "the next one that is left"
    assert current_item(replace(exam, position=3), less).question.id == "two-n-0", "the last one where none follows"
    assert current_item(exam, bank_with(small, each=0)) is None


def test_a_chosen_option_that_was_removed_is_dropped(bank):
    (item,) = items(exam_of(bank, ("one-m-0", (1, 5))), bank)
    assert (item.given, item.complete, item.right) == ((), False, False)


@pytest.mark.parametrize("letters", ["", "E", "AA", "AB", "-", "a", "A,", "¹"])
def test_letters_that_no_button_of_a_single_answer_has_are_refused(bank, letters):
    with pytest.raises(Stale):
        answer(exam_of(bank, "one-m-0"), bank, 0, letters)


@pytest.mark.parametrize("place", [-1, 1, 99])
def test_positions_that_no_button_has_are_refused(bank, place):
    with pytest.raises(Stale):
        answer(exam_of(bank, "one-m-0"), bank, place, "A")
    with pytest.raises(Stale):
        move_to(exam_of(bank, "one-m-0"), bank, place)


def test_an_order_counts_once_it_is_complete_and_can_be_restarted(bank):
    exam = exam_of(bank, "one-m-3", "one-m-0")
    letters = letters_of(bank.questions["one-m-3"], exam.seed, (0, 1, 2, 3))
    for count in (1, 2, 3):
        exam = answer(exam, bank, 0, letters[:count])
        assert (exam.position, len(unanswered(exam, bank))) == (0, 2)
    assert not items(exam, bank)[0].right
    again = answer(exam, bank, 0, "-")
    assert (again.answers[0].chosen, again.position) == ((), 0)
    exam = answer(exam, bank, 0, letters)
    assert (exam.position, len(unanswered(exam, bank)), items(exam, bank)[0].right) == (0, 1, True)


def test_an_answered_question_stays_current(bank):
    exam = exam_of(bank, "one-m-0", "one-m-2", "two-m-0")
    exam = answer(exam, bank, 2, "A")
    assert exam.position == 2
    assert answer(exam, bank, 0, "A").position == 0


def test_a_flag_changes_nothing_but_the_flag(bank):
    exam = answer(exam_of(bank, "one-m-0", "one-m-2", "two-m-0"), bank, 1, "B")
    flagged = flag(exam, bank, 1, flagged=True)
    assert [item.flagged for item in items(flagged, bank)] == [False, True, False]
    assert flag(flagged, bank, 1, flagged=True) == flagged
    assert flag(flagged, bank, 1, flagged=False) == exam
    changed = answer(flagged, bank, 1, "A")
    assert changed.answers[1].flagged, "another answer keeps it"
    assert report(flagged, bank) == report(exam, bank)
    with pytest.raises(Stale):
        flag(exam, bank, 3, flagged=True)


@pytest.mark.parametrize(("after", "ended"), [(0, False), (599, False), (600, True), (601, True)])
def test_the_exam_ends_at_its_deadline(bank, after, ended):
    exam = exam_of(bank, "one-m-0", deadline=NOW + timedelta(minutes=10))
    assert exam.has_ended(NOW + timedelta(seconds=after)) is ended
    assert exam.minutes == 10
    assert not exam_of(bank, "one-m-0").has_ended(NOW + timedelta(days=400)), "never without a deadline"


def test_an_exam_ends_no_later_than_its_deadline(bank):
    exam = exam_of(bank, *right_of(bank, "one-m-0"), "two-m-0", deadline=NOW + timedelta(minutes=10))
    late = finish(exam, bank, NOW + timedelta(days=1))
    assert (late.ended, late.right, late.asked) == (exam.deadline, 1, 2)
    assert finish(exam, bank, NOW + timedelta(minutes=3)).ended == NOW + timedelta(minutes=3)
    assert finish(replace(exam, deadline=None), bank, NOW + timedelta(days=1)).ended == NOW + timedelta(days=1)


@pytest.mark.parametrize(("count", "minutes"), [(5, 10), (20, 40), (50, 100), (60, 120)])
def test_suggested_minutes_follow_the_pace_of_the_real_exam(small, count, minutes):
    assert suggested_minutes(small.exam, count) == minutes
    assert suggested_minutes(small.exam, 14) == 30, "28 minutes, to the nearest five"
    assert suggested_minutes(replace(small.exam, minutes=1), count) == 5
    assert suggested_minutes(replace(small.exam, minutes=1440), count) <= 300


@some
@given(st.integers(1, 60), st.integers(0, 6000))
def test_0_percent_only_for_none_and_100_only_for_all(asked, points):
    points = min(points, 100 * asked)
    found = percent(points, asked)
    assert 0 <= found <= 100
    assert (found == 0) == (points == 0)
    assert (found == 100) == (points == 100 * asked)


moves = st.lists(st.tuples(st.integers(0, 30), st.text("ABCDEF-", min_size=0, max_size=5), st.booleans()), max_size=40)


@some
@given(st.integers(1, 30), st.integers(1, 10**10), moves)
def test_any_presses_keep_the_questions(bank, count, number, pressed):
    """A press changes at most its own answer; a refused one changes nothing."""
    exam = create(bank, 1, number, count, None, (), NOW)
    assert (exam.right, exam.asked, exam.position) == (0, 0, 0)
    ids = [each.question for each in exam.answers]
    assert len(ids) == len(set(ids)) == min(count, 24)
    for place, letters, only_move in pressed:
        before = exam
        try:
            exam = move_to(exam, bank, place) if only_move else answer(exam, bank, place, letters)
        except Stale:
            assert exam is before
            continue
        assert [each.question for each in exam.answers] == ids
        assert all(exam.answers[at] == before.answers[at] for at in range(len(ids)) if at != place or only_move)
        assert 0 <= exam.position < len(ids)
        assert exam.position == place
    found = report(exam, bank)
    assert (found.right, found.asked) == (sum(part.right for part in found.domains), len(ids))
    assert sum(part.asked for part in found.domains) == len(ids)
    assert len(mistakes(exam, bank)) == found.asked - found.right >= found.unanswered
    assert sum(part.asked - part.right for part in found.modules) == found.asked - found.right
    closed = finish(exam, bank, NOW)
    assert (closed.right, closed.asked) == (found.right, found.asked)


@some
@given(
    st.sets(st.sampled_from([f"{path}-{module}-{at}" for path in ("one", "two") for module in "mn" for at in range(4)]))
)
def test_a_report_counts_only_questions_in_the_bank(bank, small, gone):
    exam = exam_of(bank, *right_of(bank, *bank.questions))
    found = report(exam, bank_with(small, leave_out=tuple(gone)))
    assert (found.asked, found.removed, found.right) == (32 - len(gone), len(gone), 32 - len(gone))
    assert (found.weakest, found.modules) == (None, ())


def test_the_bank_of_these_tests_has_all_kinds(bank):
    assert {question.kind for question in bank.of_domain["one"]} == set(Kind)
    assert Item(0, bank.questions["one-m-1"], (2, 0)).right, "whatever the order in which they were chosen"
