"""The order of new questions: by exam weight and recency, mixed across modules, prerequisites last."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.questions.bank import bank_of
from bot.core.questions.question import Kind, Question
from bot.core.questions.review import new_questions, next_new

PLACES = {"zero": {"p": 4, "q": 4}, "a": {"m": 5, "n": 5}, "b": {"o": 6, "r": 3}, "c": {"s": 2}, "d": {"t": 2}}
WEIGHTS = {"one": [60, 70], "two": [30, 35], "nothing": [0, 0]}
DOMAINS = {"zero": None, "a": "one", "b": "two", "c": "two", "d": "nothing"}
MODULES = [f"{path}/{module}" for path, modules in PLACES.items() for module in modules]
UNTESTED = {"zero/p", "zero/q", "d/t"}
some = settings(max_examples=200, deadline=None)


@pytest.fixture(scope="module")
def bank(course):
    domains = [{"id": name, "title": name, "weight": weight} for name, weight in WEIGHTS.items()]
    exam = {"pass_mark": 1, "out_of": 1, "minutes": 1, "domains": domains}
    read = course({path: {module: ["u"] for module in modules} for path, modules in PLACES.items()}, exam=exam)
    return bank_of(replace(read, paths=tuple(replace(each, domain=DOMAINS[each.id]) for each in read.paths)), {
        path: [made(f"{path}-{module}-{number}", module) for module, n in modules.items() for number in range(n)]
        for path, modules in PLACES.items()
    })  # fmt: skip


def made(name, module):
    return Question(id=name, module=module, kind=Kind.TRUTH, difficulty=1, prompt="So?", explanation="So.", answer=True)


def asked(bank, started, answered=(), **options):
    """All new questions in the order in which they are asked, each one answered before the next."""
    known, order, after = set(answered), [], None
    while (question := next_new(bank, known, started, after=after, **options)) is not None:
        order.append(question)
        known.add(question.id)
        after = question.route
    return order


def routes(questions):
    return [each.route for each in questions]


def test_the_module_completed_last_comes_first_and_modules_take_turns(bank):
    order = routes(asked(bank, {"a/m": 100, "a/n": 200}))
    assert order == ["a/n", "a/m"] * 5


def test_a_module_completed_today_catches_up_without_pushing_out_the_others(bank):
    known = [f"a-m-{number}" for number in range(3)]
    assert routes(asked(bank, {"a/m": 100, "a/n": 200}, known)) == ["a/n", "a/m", "a/n", "a/m", *["a/n"] * 3]


def test_domains_are_asked_in_proportion_to_their_weight(bank):
    """Domain one weighs twice as much as two."""
    order = asked(bank, dict.fromkeys(("a/m", "a/n", "b/o", "b/r"), 0))
    counts = Counter(route[0] for route in routes(order)[:9])
    assert counts == {"a": 6, "b": 3}


def test_prerequisites_come_last_even_if_completed_last(bank):
    order = routes(asked(bank, {"zero/p": 900, "d/t": 900, "a/m": 100}))
    assert order[:5] == ["a/m"] * 5
    assert set(order[5:]) == {"zero/p", "d/t"}


def test_modules_ahead_come_after_started_ones(bank):
    order = routes(asked(bank, {"zero/p": 1}, beyond=True))
    assert order[:4] == ["zero/p"] * 4
    assert order[4].startswith("a/")
    assert set(order[-6:]) == {"zero/q", "d/t"}


def test_without_an_exam_all_modules_take_turns(course):
    plain = course({"a": {"m": ["u"], "n": ["u"]}})
    bank = bank_of(plain, {"a": [made(f"{module}{number}", module) for module in "mn" for number in range(2)]})
    assert routes(asked(bank, {"a/m": 5, "a/n": 5})) == ["a/m", "a/n", "a/m", "a/n"]


@some
@given(data=st.data())
def test_any_progress(bank, data):
    """Each new question is asked once, what the exam doesn't test is last, and modules alternate while they can."""
    started = data.draw(st.dictionaries(st.sampled_from(MODULES), st.integers(0, 9)))
    answered = data.draw(st.sets(st.sampled_from([*bank.questions, "gone"]), max_size=12))
    options = {"beyond": data.draw(st.booleans()), "route": data.draw(st.sampled_from([None, "a", "b/o"]))}
    order = asked(bank, started, answered, **options)
    new = new_questions(bank, answered, started, **options)
    assert sorted(each.id for each in order) == sorted(each.id for each in new)
    tiers = [(route not in started, route in UNTESTED) for route in routes(order)]
    assert tiers == sorted(tiers)
    for place in range(1, len(order)):
        if order[place].route == order[place - 1].route:
            left = {each.route for each, tier in zip(order[place:], tiers[place:], strict=True) if tier == tiers[place]}
            assert left == {order[place].route}, "no other module of its kind had one"


@some
@given(weights=st.tuples(st.integers(1, 100), st.integers(1, 100)), data=st.data())
def test_a_heavier_domain_never_has_fewer_questions(bank, weights, data):
    """While all four modules have questions; by one more at most if the weights are equal."""
    domains = tuple(
        replace(domain, weight=(weight, weight))
        for domain, weight in zip(bank.course.exam.domains[:2], weights, strict=True)
    )
    course = replace(bank.course, exam=replace(bank.course.exam, domains=domains))
    times = data.draw(st.lists(st.integers(0, 9), min_size=4, max_size=4))
    started = dict(zip(("a/m", "a/n", "b/o", "b/r"), times, strict=True))
    counts = Counter()
    for question in asked(replace(bank, course=course), started):
        counts[question.route] += 1
        if counts["a/m"] == 5 or counts["a/n"] == 5 or counts["b/o"] == 6 or counts["b/r"] == 3:
            break
        one, two = counts["a/m"] + counts["a/n"], counts["b/o"] + counts["b/r"]
        lead = (one - two) * (1 if weights[0] > weights[1] else -1)
        assert abs(lead) <= 1 if weights[0] == weights[1] else lead >= 0
