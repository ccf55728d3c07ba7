"""The order of due and new questions, and the recall by domain."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.course.progress import Progress, Tick
from bot.core.plan.readiness import readiness
from bot.core.questions.bank import bank_of, read_bank
from bot.core.questions.fsrs import Card, State
from bot.core.questions.question import Kind, Question
from bot.core.questions.review import due_questions, new_questions, recall_by_domain

DATA = Path(__file__).parents[3] / "data" / "questions" / "az-104"
DAY = 86_400
NOW = 1_800_000_000
PLACES = {"a": {"m": 2, "n": 3}, "b": {"o": 4}, "zero": {"p": 2}}
some = settings(max_examples=200, deadline=None)


@pytest.fixture(scope="module")
def bank(course):
    """Questions am1, am2, an1…an3 of domain one, bo1…bo4 of two; zp1 and zp2 are of no domain."""
    domains = [{"id": name, "title": name, "weight": [30, 40]} for name in ("one", "two", "untaught")]
    exam = {"pass_mark": 1, "out_of": 1, "minutes": 1, "domains": domains}
    read = course({path: {module: ["u1", "u2"] for module in modules} for path, modules in PLACES.items()}, exam=exam)
    serves = {"a": "one", "b": "two", "zero": None}
    read = replace(read, paths=tuple(replace(path, domain=serves[path.id]) for path in read.paths))
    files = {
        path: [
            question(f"{path[0]}{module}{number + 1}", module) for module, n in modules.items() for number in range(n)
        ]
        for path, modules in PLACES.items()
    }
    return bank_of(read, files)


def question(name, module):
    return Question(id=name, module=module, kind=Kind.TRUTH, difficulty=1, prompt="So?", explanation="So.", answer=True)


def card(overdue, interval):
    """Due ``overdue`` days ago, ``interval`` days after its last answer."""
    due = NOW - int(overdue * DAY)
    return Card(State.REVIEW, None, 1.0, 5.0, due, due - int(interval * DAY), 3)


def names(questions):
    return [each.id for each in questions]


EVERYTHING = frozenset({"a/m", "a/n", "b/o", "zero/p"})


def test_the_most_overdue_card_for_its_interval_comes_first(bank):
    cards = {"am1": card(3, 30), "am2": card(2, 1), "an1": card(1, 2), "an2": card(-1, 5), "an3": card(0, 9)}
    assert names(due_questions(cards, bank, now=NOW)) == ["am2", "an1", "am1", "an3"]


def test_of_equally_overdue_cards_the_one_due_first_leads(bank):
    cards = {"am2": card(1, 2), "am1": card(2, 4), "an1": card(1, 2)}
    assert names(due_questions(cards, bank, now=NOW)) == ["am1", "am2", "an1"]


def test_a_card_that_was_due_when_it_was_answered_has_an_interval(bank):
    """Divided by at least one second."""
    cards = {"am1": card(1, 0), "am2": card(1, 1)}
    assert names(due_questions(cards, bank, now=NOW)) == ["am1", "am2"]


def test_new_questions_are_on_started_modules(bank):
    assert names(new_questions(bank, (), ["b/o", "a/n"])) == ["an1", "an2", "an3", "bo1", "bo2", "bo3", "bo4"]
    assert new_questions(bank, (), ()) == []
    assert names(new_questions(bank, ["an1", "bo4"], {"b/o", "a/n"})) == ["an2", "an3", "bo1", "bo2", "bo3"]
    assert names(new_questions(bank, ["bo2", "an1"], {"b/o"}, beyond=True)) == [
        "am1", "am2", "an2", "an3", "bo1", "bo3", "bo4", "zp1", "zp2",
    ]  # fmt: skip


def test_every_question_of_a_real_bank_is_new_at_first(courses):
    files = {file.stem: file.read_text("utf-8") for file in DATA.glob("*.yaml")}
    real = read_bank(files, courses["az-104"])
    assert new_questions(real, (), (), beyond=True) == list(real.questions.values())
    chances = {"vnet-subnet-usable-addresses": 1.0}
    assert set(recall_by_domain(real, chances, real.of_route)) == {*real.of_domain}


@pytest.mark.parametrize(
    ("route", "due", "new"),
    [
        ("a/n", ["an1"], ["an2", "an3"]),
        ("a", ["am1", "an1"], ["am2", "an2", "an3"]),
        ("a/", [], []),
        ("a/mm", [], []),
        ("a/n/u1", [], []),
    ],
)
def test_only_questions_on_a_route(bank, route, due, new):
    cards = {"am1": card(1, 1), "an1": card(1, 1), "bo1": card(1, 1)}
    assert names(due_questions(cards, bank, now=NOW, route=route)) == due
    assert names(new_questions(bank, cards, EVERYTHING, route=route)) == new
    assert names(new_questions(bank, cards, (), beyond=True, route=route)) == new


def test_a_card_whose_question_has_left_the_bank_is_ignored(bank):
    cards = {"gone": card(9, 1), "am1": card(1, 1)}
    assert names(due_questions(cards, bank, now=NOW)) == ["am1"]
    assert names(new_questions(bank, cards, {"a/m"})) == ["am2"]


@pytest.fixture(scope="module")
def any_cards(bank):
    times = st.tuples(st.integers(NOW - 9 * DAY, NOW + 9 * DAY), st.integers(NOW - 20 * DAY, NOW))
    cards = times.map(lambda each: Card(State.REVIEW, None, 1.0, 5.0, *each, 3))
    return st.dictionaries(st.sampled_from([*bank.questions, "gone"]), cards, max_size=12)


@some
@given(data=st.data())
def test_due_and_new_questions_of_any_cards(bank, any_cards, data):
    cards = data.draw(any_cards)
    started = data.draw(st.sets(st.sampled_from(sorted(EVERYTHING))))
    due = names(due_questions(cards, bank, now=NOW))
    assert len(due) == len(set(due))
    assert set(due) == {question for question, each in cards.items() if each.due <= NOW} & set(bank.questions)
    late = [(NOW - cards[each].due) / max(1, cards[each].due - cards[each].reviewed) for each in due]
    assert late == sorted(late, reverse=True)
    new, every = (new_questions(bank, cards, started, beyond=beyond) for beyond in (False, True))
    assert {each.route for each in new} <= started
    assert [each for each in every if each.route in started] == new
    assert sorted(names(every)) == sorted(set(bank.questions) - set(cards))
    order = dict(data.draw(st.permutations(list(cards.items()))))
    assert names(due_questions(order, bank, now=NOW)) == due, "the order in which rows are read changes nothing"


def test_recall_is_the_mean_over_started_modules(bank):
    known = {"am1": 0.9, "an1": 0.6, "an2": 0.3, "bo1": 1.0, "gone": 1.0, "zp1": 1.0}
    found = recall_by_domain(bank, known, {"a/m", "a/n", "zero/p"})
    assert found == {"one": pytest.approx((0.9 + 0.6 + 0.3) / 5)}, "b is not started, zero has no domain"
    assert recall_by_domain(bank, known, {"a/m", "b/o"}) == {"one": pytest.approx(0.45), "two": 0.25}
    assert recall_by_domain(bank, known, ()) == {}


def test_unanswered_questions_count_as_not_recalled(bank):
    assert recall_by_domain(bank, {"zp1": 1.0}, {"a/m", "b/o"}) == {"one": 0.0, "two": 0.0}


def test_without_cards_recall_is_unknown(bank):
    assert recall_by_domain(bank, {}, EVERYTHING) == {}


@some
@given(st.data())
def test_recall_is_a_share_and_grows_with_every_card(bank, data):
    chances = st.dictionaries(st.sampled_from(sorted(bank.questions)), st.floats(0, 1), min_size=1)
    known = data.draw(chances)
    started = data.draw(st.sets(st.sampled_from(sorted(EVERYTHING))))
    found = recall_by_domain(bank, known, started)
    assert all(0 <= share <= 1 for share in found.values())
    assert set(found) == {domain for domain, each in bank.of_domain.items() if any(q.route in started for q in each)}
    name = data.draw(st.sampled_from(sorted(bank.questions)))
    better = recall_by_domain(bank, {**known, name: 1.0}, started)
    assert all(better[domain] >= share - 1e-12 for domain, share in found.items())


def test_readiness_uses_recall_by_domain(bank):
    ticks = [Tick(route, NOW, NOW) for route in ("a", "b/o/u1")]
    progress = Progress(bank.course, ticks)
    found = readiness(progress, recall_by_domain(bank, dict.fromkeys(bank.questions, 0.5), {"a/m", "a/n"}))
    assert [row.recalled for row in found.domains] == [0.5, None, None]
    assert [row.covered for row in found.domains] == [1.0, 0.5, None]
    assert found.whole == pytest.approx((1.0 * 0.5 + 0.5) / 3)
    assert readiness(progress, recall_by_domain(bank, {}, EVERYTHING)) == readiness(progress)
