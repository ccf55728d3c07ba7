"""Drills: which questions are asked, and in which order."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.questions.drill import (
    COUNT,
    MAX_COUNT,
    Knowledge,
    Scope,
    Topic,
    helps,
    next_in,
    scope_of,
    select,
)
from bot.core.questions.mistakes import Mistake
from bot.errors import Stale
from tests.mock_exam.conftest import bank, small

__all__ = ["bank", "small"]

TODAY = date(2026, 11, 20)
NOTHING = Knowledge(mistakes={}, recall={}, started=(), practiced=(), today=TODAY)


def ids(questions):
    return [question.id for question in questions]


def test_mistakes_are_asked_longest_on_the_list_first_and_once_a_day(bank):
    listed = {
        "one-m-0": Mistake(20),
        "one-m-1": Mistake(10, TODAY - timedelta(days=1)),
        "one-m-2": Mistake(0, TODAY),
        "removed": Mistake(0),
    }
    known = replace(NOTHING, mistakes=listed, exam={"one-m-0", "one-m-2", "two-m-0"})
    assert ids(select(Scope(Topic.MISTAKES), bank, known)) == ["one-m-1", "one-m-0"]
    assert ids(select(Scope(Topic.EXAM, "1"), bank, known)) == ["one-m-0"]


@given(st.data())
def test_a_topic_asks_its_questions_in_order_of_need(bank, data):
    every = ids(bank.of_domain["one"])
    some = st.sets(st.sampled_from(every))
    recall = data.draw(st.dictionaries(st.sampled_from(every), st.floats(0, 1)))
    known = Knowledge(
        mistakes=dict.fromkeys(data.draw(some), Mistake(0)), recall=recall,
        started=data.draw(st.sets(st.sampled_from(["one/m", "one/n"]))), practiced=data.draw(some), today=TODAY,
    )  # fmt: skip
    chosen = select(Scope(Topic.DOMAIN, "one"), bank, known)
    assert set(ids(chosen)) <= set(every)
    assert len(set(ids(chosen))) == len(chosen) == min(COUNT, len(every))
    keys = [
        (each.id in known.practiced, each.id not in known.mistakes, each.route not in known.started,
         recall.get(each.id, 0))
        for each in chosen
    ]  # fmt: skip
    assert keys == sorted(keys)


def test_what_helps_most_is_weight_times_what_is_forgotten_per_minute(bank):
    recall = {"one-m-0": 0.5, "two-m-0": 0.5, "two-n-0": 0.0, "three-m-0": 1.0, "zero-m-0": 0.0, "removed": 0.0}
    minutes = {each: 55 / 8 * 0.5 / helps(bank, recall, each) for each in ("one-m-0",)}["one-m-0"]
    words = sum(len(text.split()) for text in (*bank.questions["one-m-0"].all_texts, "Why one-m-0."))
    assert minutes == pytest.approx(0.5 + words / 200)
    assert helps(bank, recall, "two-m-0") == pytest.approx(25 / 8 * 0.5 / minutes), "the same words, another weight"
    order = ids(select(Scope(Topic.HELPS), bank, replace(NOTHING, recall=recall)))
    assert order == sorted(["one-m-0", "two-m-0", "two-n-0"], key=lambda each: -helps(bank, recall, each))
    later = ids(select(Scope(Topic.HELPS), bank, replace(NOTHING, recall=recall, practiced=order[:1])))
    assert later == [*order[1:], order[0]], "what was answered today comes last"


def test_a_drill_has_a_limited_number_of_questions(bank):
    everything = dict.fromkeys(bank.questions, Mistake(0))
    assert len(select(Scope(Topic.MISTAKES), bank, replace(NOTHING, mistakes=everything))) == min(MAX_COUNT, len(bank))
    assert len(select(Scope(Topic.HELPS), bank, replace(NOTHING, recall=dict.fromkeys(bank.questions, 0.0)))) == COUNT


def test_the_next_question_is_the_first_one_left(bank):
    queue = ["one-m-0", "removed", "one-m-1"]
    assert next_in(queue, (), bank).id == "one-m-0"
    assert next_in(queue, {"one-m-0"}, bank).id == "one-m-1"
    assert next_in(queue, {"one-m-0", "one-m-1"}, bank) is None


@pytest.mark.parametrize("scope", [Scope(topic, id_) for topic in Topic for id_ in ("", "a:b")])
def test_a_scope_is_read_as_it_was_written(scope):
    assert scope_of(str(scope)) == scope


def test_an_unknown_scope_is_stale():
    with pytest.raises(Stale):
        scope_of("all")
