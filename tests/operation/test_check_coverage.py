"""The coverage table of ``waymark check``: skills, claims of an outline, and questions that are due."""

from datetime import date

import pytest

from bot.core.course.reading import CourseReader
from bot.core.questions.bank import read_bank
from bot.operation.check.coverage import balance_lines, coverage_table, due_for_review, outline_faults
from tests.core.questions.test_parts import COURSE, FILE


def bank_of(file=FILE, course=COURSE):
    return read_bank({"a.yaml": file}, CourseReader().read(course, "p-1.yaml"))


def without_logs():
    """The file without questions on the skill `logs`."""
    return FILE.replace("skill: logs", "skill: locks")


def test_the_table_has_each_skill_with_its_questions_and_modules():
    assert list(coverage_table(bank_of())) == [
        "  skill, its questions, and the modules that teach it:",
        "  One",
        "    locks    4  m",
        "  Two",
        "    logs     2  not taught, and no page is given (`not_taught`)",
        (
            "  2 of 2 skills have questions, 1 are taught in full; 1 question is for practice only, "
            "written for the outline of 2026-04-17"
        ),
    ]
    partly = COURSE.replace("teaches: [locks]", "touches: [logs]")
    lines = list(coverage_table(bank_of(course=partly)))
    assert "    logs     2  in part: m, and no page is given (`not_taught`)" in lines


def test_a_bank_that_claims_an_outline_has_questions_on_each_skill():
    assert outline_faults(bank_of()) == []
    (fault,) = outline_faults(bank_of(without_logs()))
    assert fault == (
        "P-1 questions: no question tests the skill 'logs', but the bank claims the outline of 2026-04-17; write one, "
        "or remove `outline`"
    )
    assert outline_faults(bank_of(without_logs().replace("outline: 2026-04-17\n", ""))) == [], "it claims nothing"


def test_an_outline_that_is_not_the_exams_is_a_fault():
    (fault,) = outline_faults(bank_of(FILE.replace("outline: 2026-04-17", "outline: 2025-01-01")))
    assert fault == "P-1 questions: written for the outline of 2025-01-01, but the exam's is 2026-04-17"


@pytest.mark.parametrize(("today", "due"), [(date(2027, 6, 29), 0), (date(2027, 6, 30), 1), (date(2028, 1, 1), 1)])
def test_questions_are_due_from_the_day_of_review_by(today, due):
    found = due_for_review(bank_of(), today)
    assert len(found) == due
    assert all("question q-yesno: check whether it is still right (`review_by` 2027-06-30)" in each for each in found)


def test_the_balance_counts_formats(courses):
    lines = list(balance_lines(bank_of()))
    assert lines[0] == "  formats: 4 truth, 1 yesno, 1 complete, 1 matching; 1 with an exhibit, 4 in 1 case studies"
    assert lines[-1] == "  statements: 57% of 7 are true"


async def test_every_bank_covers_its_outline(catalogue):
    for course, skills in (("az-104", 82), ("az-900", 57), ("dp-900", 30)):
        bank = catalogue.banks[course]
        assert outline_faults(bank) == []
        assert f"  {skills} of {skills} skills have questions" in list(coverage_table(bank))[-1]
