"""First answers in reviews and mock exams are counted once for each learner, and without the learner."""

import pytest

from bot.core.questions.answer import letters_of
from bot.core.questions.item_statistics import Resolution
from bot.core.questions.question import Kind, fingerprint
from bot.study.mock_exam_results import InProgress
from tests.review.conftest import TREE, made_bank

ITEMS = "select question, answers, correct from item_statistics order by question"
CHOICES = "select question, choice, chosen from item_choice order by question, choice"


async def test_only_the_first_answer_to_a_question_is_counted(begun):
    first = (await begun.answer(right=False)).question.id
    assert begun.rows(ITEMS) == [(first, 1, 0)]
    assert begun.rows(CHOICES) == [(first, 1, 1)]
    await begun.rate()
    await begun.undo()
    await begun.go("rrr")
    begun.clock.move(days=1)
    await begun.begin(count=20)
    await begun.go("r")
    assert {question: row for question, *row in begun.rows(ITEMS)}[first] == [1, 0], "neither undone nor repeated"
    assert all(answers == 1 for _, answers, _ in begun.rows(ITEMS))


async def test_the_time_of_a_first_answer_is_counted_unless_the_learner_was_away(begun):
    times = "select sum(answers), sum(timed), sum(time_sum) from item_statistics"
    await begun.answer(seconds=12)
    assert begun.rows(times) == [(1, 1, 12_000)]
    await begun.rate()
    await begun.answer(seconds=3600)
    assert begun.rows(times) == [(2, 1, 12_000)]


async def test_statistics_have_no_learners_and_survive_them(begun):
    await begun.go("rw")
    before = begun.rows(ITEMS), begun.rows(CHOICES)
    exported = (await begun.study.privacy.export(1))["tables"]["counted_answer"]
    assert sorted(row["correct"] for row in exported) == [0, 1]
    await begun.study.privacy.forget(1)
    assert (begun.rows(ITEMS), begun.rows(CHOICES)) == before
    assert begun.rows("select count(*) from counted_answer") == [(0,)]


async def test_the_rate_is_the_one_on_other_questions(begun):
    await begun.begin(count=7)
    await begun.go("wrrrrr")
    rates = "select rated, rate_sum, rate_sum_correct from item_statistics where rated > 0"
    assert begun.rows(rates) == [(1, 800, 800)], "4 of the 5 others; earlier answers had too few others"


@pytest.fixture
def exams(ada, course):
    """Ada's mock exams: path a is a domain with seven questions."""
    domains = [{"id": "a", "title": "A", "weight": [100, 100]}]
    exam = {"pass_mark": 1, "out_of": 1, "minutes": 60, "domains": domains}
    ada.course = course(TREE, exam=exam)
    object.__setattr__(ada.course.paths[0], "domain", "a")
    ada.use(made_bank(ada.course))
    return ada


async def taken(ada, wrong=()):
    """Take a mock exam of all seven questions, and leave the last one out."""
    shown = await ada.study.mock_exams.begin(1, ada.course, 7, None)
    number = shown.exam.number
    for item in shown.items[:-1]:
        right = item.question.right
        given = tuple(reversed(right)) if item.question.kind is Kind.ORDER else (2,)
        letters = letters_of(item.question, number, given if item.question.id in wrong else right)
        shown = await ada.study.mock_exams.answer(1, ada.course, number, item.position, letters)
    assert isinstance(shown, InProgress)
    await ada.study.mock_exams.finish(1, ada.course, number, confirmed=True)
    await ada.study.mock_exams.finish(1, ada.course, number, confirmed=True)
    return [item.question.id for item in shown.items]


async def test_a_mock_exam_counts_its_complete_answers_once(exams):
    asked = await taken(exams, wrong=("m1",))
    found = {question: (answers, correct) for question, answers, correct in exams.rows(ITEMS)}
    assert set(found) == set(asked[:-1]), "not the one without an answer"
    assert all(counts == (1, int(question != "m1")) for question, counts in found.items())
    again = await taken(exams)
    found = {question: answers for question, answers, _ in exams.rows(ITEMS)}
    assert found == dict.fromkeys({*asked[:-1], *again[:-1]}, 1), "only what wasn't answered before"
    await exams.tick("a")
    await exams.begin()
    counted = len(exams.rows(ITEMS))
    await exams.answer()
    assert len(exams.rows(ITEMS)) <= counted + 1
    assert all(answers == 1 for _, answers, _ in exams.rows(ITEMS))


async def test_a_severe_flag_keeps_a_question_out_until_it_is_decided(exams):
    question = exams.bank.questions["m1"]
    key = (question.id, fingerprint(question))
    exams.rows(
        "insert into item_statistics (course, question, fingerprint, answers, correct) values ('t-1', ?, ?, 100, 20)",
        *key,
    )
    for choice, chosen in ((0, 20), (2, 80)):
        exams.rows("insert into item_choice values ('t-1', ?, ?, 0, ?, ?)", *key, choice, chosen)
    found = await exams.study.item_statistics.of_course(exams.bank)
    assert [(item.question, item.answers) for item in found.suspicious] == [(question, 100)]
    assert found.kept_out == {"m1": "a wrong option is chosen more often than the right one"}
    preview = await exams.study.mock_exams.open(1, exams.course, 7)
    assert preview.count == 6
    assert "m1" not in await taken(exams)
    assert await exams.study.question_reports.resolve("t-1", "m1", Resolution.KEPT, "It is right.") == 0
    assert "m1" in await taken(exams)
    await exams.study.question_reports.resolve("t-1", "m1", Resolution.WITHDRAWN, "It is wrong.")
    assert "m1" not in await taken(exams)


async def test_an_open_mock_exam_without_a_question_that_is_left_out_is_continued(exams):
    exams.rows("insert into item_statistics (course, question, fingerprint, resolution)"
               " values ('t-1', 'm1', ?, 'withdrawn')", fingerprint(exams.bank.questions["m1"]))  # fmt: skip
    begun = await exams.study.mock_exams.begin(1, exams.course, 7, None)
    assert len(begun.exam.answers) == 6
    again = await exams.study.mock_exams.open(1, exams.course, 7)
    assert again.screen == "question", "not asked whether to replace it"


async def test_statistics_of_an_earlier_version_do_not_count(exams):
    exams.rows("insert into item_statistics (course, question, fingerprint, resolution)"
               " values ('t-1', 'm1', 'earlier', 'withdrawn')")  # fmt: skip
    assert await exams.study.item_statistics.kept_out(exams.bank) == {}
