"""Which card comes next, and what is remembered of what was covered."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.course.progress import Progress, Tick
from bot.core.plan.readiness import readiness
from bot.core.questions.bank import bank_of, read_bank
from bot.core.questions.question import Kind, Question
from bot.core.questions.review import NEW_A_DAY, CardState, queue, recalled

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


def card(name, overdue, interval):
    """Due ``overdue`` days ago, ``interval`` days after its last answer."""
    due = NOW - int(overdue * DAY)
    return CardState(name, due, due - int(interval * DAY))


def names(questions):
    return [each.id for each in questions]


EVERYTHING = frozenset({"a/m", "a/n", "b/o", "zero/p"})


def test_due_cards_come_first_and_the_most_overdue_for_its_interval_leads(bank):
    due = [card("am1", 3, 30), card("am2", 2, 1), card("an1", 1, 2), card("an2", -1, 5), card("an3", 0, 9)]
    found = queue(due, [], bank, {"b/o"}, now=NOW)
    assert names(found.due) == ["am2", "an1", "am1", "an3"]
    assert names(found.new) == ["bo1", "bo2", "bo3", "bo4"]
    assert names(found.cards) == [*names(found.due), *names(found.new)]
    assert len(found) == 8


def test_of_equally_overdue_cards_the_one_due_first_leads(bank):
    due = [card("am2", 1, 2), card("am1", 2, 4), card("an1", 1, 2)]
    assert names(queue(due, [], bank, (), now=NOW).due) == ["am1", "am2", "an1"]


def test_new_cards_are_of_covered_modules_in_the_order_of_the_course(bank):
    assert names(queue([], [], bank, ["b/o", "a/n"], now=NOW).new) == ["an1", "an2", "an3", "bo1", "bo2", "bo3", "bo4"]
    assert not len(queue([], [], bank, (), now=NOW))
    assert names(queue([], ["an1", "bo4"], bank, {"b/o", "a/n"}, now=NOW).new) == ["an2", "an3", "bo1", "bo2", "bo3"]


def test_others_follow_only_where_they_are_asked_for(bank):
    found = queue([], [], bank, {"b/o"}, now=NOW, beyond=True, new_left=7)
    assert names(found.new) == ["bo1", "bo2", "bo3", "bo4", "am1", "am2", "an1"]
    assert found.held == 4


def test_no_more_new_cards_than_are_left_of_today(bank):
    found = queue([card("am1", 1, 1)], [], bank, EVERYTHING, now=NOW, new_left=3)
    assert (len(found.due), len(found.new), found.held) == (1, 3, 7)
    for none in (0, -2):
        found = queue([card("am1", 1, 1)], [], bank, EVERYTHING, now=NOW, new_left=none)
        assert (len(found.due), len(found.new), found.held) == (1, 0, 10)


def test_a_day_has_a_limit_where_none_is_chosen(courses):
    files = {file.stem: file.read_text("utf-8") for file in DATA.glob("*.yaml")}
    real = read_bank(files, courses["az-104"])
    found = queue([], [], real, (), now=NOW, beyond=True)
    assert len(found.new) == NEW_A_DAY
    assert found.new == tuple(real.questions.values())[:NEW_A_DAY]
    assert found.held == len(real) - NEW_A_DAY
    assert set(recalled(real, {"vnet-subnet-usable-addresses": 1.0}, real.of_route)) == {*real.of_domain}


def test_only_what_is_on_a_route(bank):
    due = [card("am1", 1, 1), card("an1", 1, 1), card("bo1", 1, 1)]
    found = queue(due, [], bank, EVERYTHING, now=NOW, route="a/n")
    assert (names(found.due), names(found.new)) == (["an1"], ["an2", "an3"])
    found = queue(due, [], bank, EVERYTHING, now=NOW, route="a")
    assert (names(found.due), names(found.new)) == (["am1", "an1"], ["am2", "an2", "an3"])
    assert not len(queue(due, [], bank, EVERYTHING, now=NOW, route="a/")), "a route is a whole one"
    assert not len(queue(due, [], bank, EVERYTHING, now=NOW, route="a/mm"))


def test_a_card_whose_question_is_gone_is_passed_over(bank):
    found = queue([card("gone", 9, 1), card("am1", 1, 1)], ["gone"], bank, {"a/m"}, now=NOW)
    assert (names(found.due), names(found.new)) == (["am1"], ["am2"])


@pytest.fixture(scope="module")
def everything(bank):
    return st.lists(
        st.builds(
            CardState,
            st.sampled_from([*bank.questions, "gone"]),
            st.integers(NOW - 9 * DAY, NOW + 9 * DAY),
            st.integers(NOW - 20 * DAY, NOW),
        ),
        max_size=20,
    )


@some
@given(data=st.data())
def test_what_holds_of_every_queue(bank, everything, data):
    due = data.draw(everything)
    seen = data.draw(st.sets(st.sampled_from(sorted(bank.questions))))
    covered = data.draw(st.sets(st.sampled_from(sorted(EVERYTHING))))
    left, beyond = data.draw(st.integers(0, 12)), data.draw(st.booleans())
    found = queue(due, seen, bank, covered, now=NOW, new_left=left, beyond=beyond)
    assert len(set(names(found.cards))) == len(found)
    assert set(names(found.due)) == {state.question for state in due if state.due <= NOW} & set(bank.questions)
    assert not set(names(found.new)) & (seen | {state.question for state in due})
    assert len(found.new) <= left
    assert beyond or all(each.route in covered for each in found.new)
    again = queue(data.draw(st.permutations(due)), seen, bank, covered, now=NOW, new_left=left, beyond=beyond)
    assert again == found, "the order in which rows are read changes nothing"


def test_recall_is_the_mean_over_what_was_covered(bank):
    known = {"am1": 0.9, "an1": 0.6, "an2": 0.3, "bo1": 1.0, "gone": 1.0, "zp1": 1.0}
    found = recalled(bank, known, {"a/m", "a/n", "zero/p"})
    assert found == {"one": pytest.approx((0.9 + 0.6 + 0.3) / 5)}, "b is not covered, zero is of no domain"
    assert recalled(bank, known, {"a/m", "b/o"}) == {"one": pytest.approx(0.45), "two": 0.25}
    assert recalled(bank, known, ()) == {}


def test_what_was_never_answered_counts_as_not_recalled(bank):
    assert recalled(bank, {"zp1": 1.0}, {"a/m", "b/o"}) == {"one": 0.0, "two": 0.0}


def test_nothing_is_known_of_who_never_reviewed(bank):
    assert recalled(bank, {}, EVERYTHING) == {}


@some
@given(st.data())
def test_recall_is_a_share_and_grows_with_every_card(bank, data):
    chances = st.dictionaries(st.sampled_from(sorted(bank.questions)), st.floats(0, 1), min_size=1)
    known = data.draw(chances)
    covered = data.draw(st.sets(st.sampled_from(sorted(EVERYTHING))))
    found = recalled(bank, known, covered)
    assert all(0 <= share <= 1 for share in found.values())
    assert set(found) == {domain for domain, each in bank.of_domain.items() if any(q.route in covered for q in each)}
    name = data.draw(st.sampled_from(sorted(bank.questions)))
    better = recalled(bank, {**known, name: 1.0}, covered)
    assert all(better[domain] >= share - 1e-12 for domain, share in found.items())


def test_readiness_takes_it_as_it_is(bank):
    ticks = [Tick(route, NOW, NOW) for route in ("a", "b/o/u1")]
    progress = Progress(bank.course, ticks)
    found = readiness(progress, recalled(bank, dict.fromkeys(bank.questions, 0.5), {"a/m", "a/n"}))
    assert [row.recalled for row in found.domains] == [0.5, None, None]
    assert [row.covered for row in found.domains] == [1.0, 0.5, None]
    assert found.whole == pytest.approx((1.0 * 0.5 + 0.5) / 3)
    assert readiness(progress, recalled(bank, {}, EVERYTHING)) == readiness(progress)
