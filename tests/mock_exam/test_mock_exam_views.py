"""Every view of a mock exam within Discord's limits, with texts at their longest."""

from dataclasses import replace

import pytest
import yaml

from bot.core.questions.bank import bank_of
from bot.core.questions.question import (
    MAX_CASE,
    MAX_CHOICE,
    MAX_EXHIBIT,
    MAX_EXPLANATION,
    MAX_ID,
    MAX_ITEM,
    MAX_OPTION,
    MAX_OPTIONS,
    MAX_PROMPT,
    MAX_PROMPT_IN_CASE,
    MAX_REFERENCE,
    MAX_STATEMENT,
    MAX_TITLE,
    MAX_WHOLE,
    MAX_WIDTH,
    Case,
    Format,
    Gap,
    Kind,
    Match,
    Option,
    Question,
    Statement,
)
from bot.core.questions.question_faults import faults_of, length_of
from bot.operation.check.mock_exams import check_mock_exams
from bot.operation.check.question_reports import check_question_reports
from bot.operation.check.questions import check_questions
from bot.operation.check.quizzes import check_quizzes
from bot.operation.check.reviews import check_reviews


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


def longest_question(kind, number, case):
    """A question of a kind with all texts as long as the checks allow; the exhibit takes what is left."""
    texts = range(5 if kind is Kind.ORDER else MAX_OPTIONS) if kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.ORDER) else ()
    right = {Kind.SINGLE: {0}, Kind.MULTIPLE: {0, 1, 2, 3, 4}}.get(kind, set())
    choices = tuple(f"{each}{'c' * (MAX_CHOICE - 1)}" for each in range(5))
    statements = [f"{each}{'s' * (MAX_STATEMENT - 1)}" for each in range(3)] if kind is Kind.YESNO else []
    items = [f"{each}{'i' * (MAX_ITEM - 1)}" for each in range(5)] if kind is Kind.MATCHING else []
    question = Question(
        id=f"{kind}-{number}-{'x' * MAX_ID}"[:MAX_ID],
        module="m",
        kind=kind,
        difficulty=1,
        prompt="p" * (MAX_PROMPT_IN_CASE if case else MAX_PROMPT),
        explanation="e" * MAX_EXPLANATION,
        options=tuple(Option(text=f"{each}{'o' * (MAX_OPTION - 1)}", right=each in right) for each in texts),
        answer=True if kind is Kind.TRUTH else None,
        statements=tuple(Statement(text=text, answer=True) for text in statements),
        command=f"[1] [2] [3]\n{(MAX_WIDTH * 'k' + chr(10)) * 10}" if kind is Kind.COMPLETE else None,
        command_format=Format.POWERSHELL if kind is Kind.COMPLETE else None,
        gaps=(Gap(right=choices[0], options=choices),) * 3 if kind is Kind.COMPLETE else (),
        choices=choices if kind is Kind.MATCHING else (),
        items=tuple(Match(text=text, answer=choices[0]) for text in items),
        case=case,
        exhibit="x",
        exhibit_format=Format.POWERSHELL,
        references=tuple(f"https://example.com/{each}{'r' * (MAX_REFERENCE - 21)}" for each in range(2)),
    )
    left = min(MAX_EXHIBIT, MAX_WHOLE - length_of(question))
    exhibit = ("x" * (MAX_WIDTH - 1) + "\n") * (left // MAX_WIDTH) or "x"
    found = replace(question, exhibit=exhibit)
    assert [fault.says for fault in faults_of(found)] == []
    assert length_of(found) > MAX_WHOLE - MAX_WIDTH or len(exhibit) > MAX_EXHIBIT - MAX_WIDTH
    return found


@pytest.fixture
def longest(large):
    files, cases = {}, []
    for number, path in enumerate(large.paths):
        case = Case(id=f"case-{number}", title="t" * MAX_TITLE, text="c" * MAX_CASE) if number % 2 else None
        cases += [case] if case else []
        files[path.id] = [longest_question(kind, number, case.id if case else None) for kind in Kind]
    return bank_of(large, files, cases)


def faulty(bank):
    return [(name, fault) for name, faults in check_mock_exams(bank) for fault in faults]


@pytest.mark.parametrize(
    "check", [check_mock_exams, check_reviews, check_quizzes, check_questions, check_question_reports]
)
def test_texts_at_their_longest(longest, check):
    assert [(name, fault) for name, faults in check(longest) for fault in faults] == []


def test_every_question_of_every_bank(catalogue):
    for bank in catalogue.banks.values():
        assert len(list(check_mock_exams(bank))) > 4 * len(bank)
        assert faulty(bank) == []


def test_a_small_bank(bank):
    assert faulty(bank) == []
