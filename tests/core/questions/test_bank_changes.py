"""The differences of two versions of a question bank."""

from dataclasses import replace

import pytest

from bot.core.questions.bank_changes import compare_banks


@pytest.fixture
def bank(catalogue):
    return catalogue.banks["dp-900"]


def test_the_same_bank_has_no_changes(bank):
    assert not compare_banks(bank, bank)
    assert not compare_banks(None, None)


def test_added_removed_and_reworded_questions(bank):
    first, second, *_ = bank.questions
    reworded = replace(bank.questions[second], prompt="Something else?")
    after = {name: question for name, question in bank.questions.items() if name != first} | {second: reworded}
    after["new"] = replace(reworded, id="new")
    changes = compare_banks(bank, replace(bank, questions=after))
    assert [question.id for question in changes.added] == ["new"]
    assert [question.id for question in changes.removed] == [first]
    assert changes.reworded == ((bank.questions[second], reworded),)
    assert [question.id for question in compare_banks(None, bank).added] == list(bank.questions)
    assert [question.id for question in compare_banks(bank, None).removed] == list(bank.questions)
