"""``waymark reports`` and ``waymark statistics``."""

import asyncio
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from bot.core.questions.item_statistics import Resolution
from bot.core.questions.question import fingerprint
from bot.core.questions.question_report import Reason
from bot.operation.command_line import command_line
from bot.operation.question_reports import report_lines, statistics_lines
from bot.store import Store
from bot.store.question_reports import OpenReport
from bot.study import Study
from tests.databases import query


@pytest.fixture
def waymark(tmp_path, monkeypatch):
    """Run a command on a database with two reports of one question. Return its exit code and output."""
    monkeypatch.setenv("DATABASE_PATH", str(tmp_path / "waymark.db"))

    def run(*words):
        done = CliRunner().invoke(command_line(run=None, demo=None, invite=None), words)
        return done.exit_code, done.output

    return run


async def reported(path, catalogue, clock):
    store = await Store.open(path)
    study = Study(store, catalogue, now=clock.now)
    course = catalogue.default
    question = next(iter(catalogue.banks[course.id].questions.values()))
    for learner, reason, comment in ((1, Reason.WRONG, "See\nthe \x1b[31mdocs."), (2, Reason.OUTDATED, "")):
        await study.question_reports.submit(learner, course, question.id, fingerprint(question), reason, comment)
    await store.close()
    return question


def test_reports_are_listed_and_resolved_once(waymark, tmp_path, catalogue, clock):
    assert waymark("reports") == (0, "No open reports.\n")
    question = asyncio.run(reported(tmp_path / "waymark.db", catalogue, clock))
    code, output = waymark("reports")
    lines = output.splitlines()
    assert code == 0
    assert lines[0] == f"az-104/{question.id}: 2 reports"
    assert lines[2].startswith("  - outdated, ")
    assert lines[3].endswith(": See the ?[31mdocs."), "a terminal obeys nothing"
    assert lines[4] == (
        f'To resolve all reports of a question: waymark reports resolve az-104/{question.id} --as fixed --because "..."'
    )
    resolve = ("reports", "resolve", f"AZ-104/{question.id}", "--as", "fixed", "--because", "It was wrong.")
    assert waymark(*resolve) == (0, f"az-104/{question.id}: fixed, 2 reports resolved\n")
    assert waymark("reports") == (0, "No open reports.\n")
    sql = "select learner_id, resolution, because, told_at from question_report order by 1"
    assert query(tmp_path / "waymark.db", sql) == [
        (1, "fixed", "It was wrong.", None), (2, "fixed", "It was wrong.", None)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("az-104/nothing", "--as", "kept", "--because", "So."), "az-104/nothing is not a question"),
        (("nothing", "--as", "kept", "--because", "So."), "Write it as COURSE/QUESTION"),
        (("az-104/nothing", "--as", "kept", "--because", " "), "Write a reason of 1 to 200 characters"),
    ],
)
def test_what_cant_be_resolved(waymark, words, says):
    code, output = waymark("reports", "resolve", *words)
    assert code == 1
    assert says in output


def test_statistics_of_all_courses_and_of_one(waymark, catalogue):
    code, output = waymark("statistics")
    assert code == 0
    expected = "0 suspicious questions of 0 with at least 20 first answers"
    assert output.splitlines() == [f"{catalogue.courses[name].code}: {expected}" for name in catalogue.banks]
    assert waymark("statistics", "az-104")[1] == f"AZ-104: {expected}\n"
    assert waymark("statistics", "nothing")[0] == 1


def test_reports_by_question_with_their_age(clock):
    now = clock.now()
    reports = [
        OpenReport("a-1", "one", "", "What?", Reason.WRONG, None, now - timedelta(days=days)) for days in (3, 1, 0)
    ]
    reports.append(OpenReport("a-1", "two", "", "Why?", Reason.OTHER, "Typo", now))
    assert list(report_lines(reports, now))[:-1] == [
        "a-1/one: 3 reports, kept out of mock exams",
        "  What?",
        "  - wrong, 3 days ago",
        "  - wrong, 1 day ago",
        "  - wrong, today",
        "a-1/two: 1 report",
        "  Why?",
        "  - other, today: Typo",
    ]


async def test_a_suspicious_item_with_its_flags(study, store, catalogue, rows):
    bank = catalogue.banks["az-104"]
    question = next(each for each in bank.questions.values() if each.kind == "single")
    (right,), wrong = question.right, [index for index in range(len(question.texts)) if index not in question.right]
    version = fingerprint(question)
    rows(
        "insert into item_statistics (course, question, fingerprint, answers, correct, rated, rated_correct, rate_sum,"
        " rate_squares, rate_sum_correct, timed, time_sum)"
        " values ('az-104', ?, ?, 40, 10, 40, 10, 24000, 15000000, 5000, 30, 1274000)",
        question.id, version,
    )  # fmt: skip
    for choice, count in ((right, 10), *zip(wrong, (30, *[0] * 5), strict=False)):
        rows("insert into item_choice values ('az-104', ?, ?, 0, ?, ?)", question.id, version, choice, count)
    lines = list(statistics_lines(await study.item_statistics.of_course(bank)))
    assert lines[:2] == [
        "AZ-104: 1 suspicious question of 1 with at least 20 first answers",
        f"az-104/{question.id}: 10 of 40 correct (25%), discrimination -0.47, 42 s on average",
    ]
    misleading = "a wrong option is chosen more often than the right one"
    assert f"  - severe: {misleading}: {question.texts[wrong[0]]}" in lines
    assert f"  - nobody chooses an option: {question.texts[wrong[1]]}" in lines
    assert "  - severe: stronger learners answer it incorrectly more often" in lines
    assert lines[-1] == f"az-104/{question.id}: kept out of mock exams: {misleading}"
    await study.question_reports.resolve("az-104", question.id, Resolution.KEPT, "Hard, but right.")
    assert "kept out" not in "\n".join(statistics_lines(await study.item_statistics.of_course(bank)))
