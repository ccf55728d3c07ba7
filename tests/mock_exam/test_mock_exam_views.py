"""Every view of a mock exam within Discord's limits, with texts at their longest."""

import pytest
import yaml

from bot.core.questions.bank import bank_of
from bot.core.questions.question import (
    MAX_EXPLANATION,
    MAX_ID,
    MAX_OPTION,
    MAX_OPTIONS,
    MAX_PROMPT,
    Kind,
    Option,
    Question,
)
from bot.operation.check.mock_exams import check_mock_exams


def filled(length, number):
    """A text of this length in which every character must be escaped."""
    return f"{number} {'*' * length}"[:length]


@pytest.fixture
def large(reader):
    """20 domains, each with a path of one module; titles and addresses of the maximum length."""
    domains = [{"id": f"d{number}", "title": filled(100, number), "weight": [0, 100]} for number in range(20)]
    exam = {"pass_mark": 999_999, "out_of": 1_000_000, "minutes": 1440, "domains": domains}
    address = f"https://example.com/{'a' * 400}"
    paths = [
        {
            "id": f"p{number}",
            "title": filled(100, number),
            "domain": f"d{number}",
            "minutes": 60,
            "modules": [{"id": "m", "title": filled(100, number), "url": address, "units": []}],
        }
        for number in range(20)
    ]
    text = {"code": "C" * 20, "title": "T", "overview": "O", "exam": exam, "paths": paths}
    return reader.read(yaml.safe_dump(text), f"{'c' * 20}.yaml")


@pytest.fixture
def longest(large):
    files = {}
    for number, path in enumerate(large.paths):
        for kind in Kind:
            texts = [] if kind is Kind.TRUTH else range(5 if kind is Kind.ORDER else MAX_OPTIONS)
            right = {Kind.SINGLE: {0}, Kind.MULTIPLE: {0, 1, 2, 3, 4}}.get(kind, set())
            files.setdefault(path.id, []).append(
                Question(
                    id=f"{kind}-{number}-{'x' * MAX_ID}"[:MAX_ID],
                    module="m",
                    kind=kind,
                    difficulty=1,
                    prompt=filled(MAX_PROMPT, number),
                    explanation=filled(MAX_EXPLANATION, number),
                    options=tuple(Option(text=filled(MAX_OPTION, each), right=each in right) for each in texts),
                    answer=True if kind is Kind.TRUTH else None,
                )
            )
    return bank_of(large, files)


def faulty(bank):
    return [(name, fault) for name, faults in check_mock_exams(bank) for fault in faults]


def test_texts_at_their_longest(longest):
    assert faulty(longest) == []


def test_every_question_of_every_bank(catalogue):
    for bank in catalogue.banks.values():
        assert len(list(check_mock_exams(bank))) > 4 * len(bank)
        assert faulty(bank) == []


def test_a_small_bank(bank):
    assert faulty(bank) == []
