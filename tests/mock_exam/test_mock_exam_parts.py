"""Questions of parts and case studies in a mock exam: partial credit, concurrent choices, old scores."""

from dataclasses import replace

import pytest

from bot.core.questions.answer import letters_of
from bot.core.questions.bank import bank_of
from bot.core.questions.mock_exam import MockExam, answer, finish, items
from bot.core.questions.mock_exam_report import report
from bot.core.questions.question import MANY_PARTS, Case, Kind
from bot.core.questions.rounds import LEAST_OF_CASE, select_for_exam
from bot.errors import Stale
from tests.mock_exam.conftest import DOMAINS, made
from tests.mock_exam.test_mock_exam import NOW, exam_of


def some_of(found, kind):
    return next(question for question in found.of_domain["one"] if question.kind is kind)


@pytest.mark.parametrize("kind", sorted(MANY_PARTS))
def test_parts_give_partial_credit(bank, kind):
    question = some_of(bank, kind)
    wrong = ((question.right[0] + 1) % 2, *question.right[1:])
    exam = finish(exam_of(bank, (question.id, wrong)), bank, NOW)
    expected = round(100 * (len(wrong) - 1) / len(wrong))
    assert (exam.right, exam.points, exam.asked) == (0, expected, 1)
    found = report(exam, bank)
    assert (found.percent, found.partial) == (expected, expected)
    (part,) = found.domains
    assert (part.right, part.asked, part.points) == (0, 1, expected)


@pytest.mark.parametrize("kind", sorted(MANY_PARTS))
def test_choices_of_parts_add_up_whatever_a_message_showed(bank, kind):
    """Two selects of one message may be used at once: each changes its own part only."""
    question = some_of(bank, kind)
    exam = exam_of(bank, question.id)
    letters = letters_of(question, exam.seed, question.right)
    for number in reversed(range(len(letters))):
        (item,) = items(exam, bank)
        assert not item.complete
        stale = "-" * number + letters[number] + "-" * (len(letters) - number - 1)
        exam = answer(exam, bank, 0, stale, number)
    (item,) = items(exam, bank)
    assert item.complete
    assert item.right


def test_a_part_of_another_kind_is_refused(bank):
    single, parts = some_of(bank, Kind.SINGLE), some_of(bank, Kind.YESNO)
    with pytest.raises(Stale):
        answer(exam_of(bank, single.id), bank, 0, "A", 0)
    with pytest.raises(Stale):
        answer(exam_of(bank, parts.id), bank, 0, "AAA")
    for letters, part in (("C--", 0), ("---", 0), ("A--", 3), ("", 0)):
        exam = exam_of(bank, parts.id)
        if letters == "---":
            assert answer(exam, bank, 0, letters, part).answers[0].chosen == (-1, -1, -1), "taken back"
            continue
        with pytest.raises(Stale):
            answer(exam, bank, 0, letters, part)


async def test_the_score_counts_parts_and_old_results_stay(ada):
    reply = await ada.begin(count=24)
    wrong = []
    while True:
        question = ada.question(reply)
        if question.kind in MANY_PARTS and not wrong:
            wrong.append(question)
            given = ((question.right[0] + 1) % 2, *question.right[1:])
            for number, letter in enumerate(letters_of(question, ada.number(reply), given)):
                await ada.restart()
                reply = await ada.press(reply, reply.menus[number]["custom_id"], letter)
            assert "✅ Answer saved." in reply.text
        else:
            reply = await ada.save(reply)
        if "Next" not in reply.buttons:
            break
        reply = await ada.click(reply, "Next")
    done = await ada.click(reply, "Finish")
    share = (len(wrong[0].right) - 1) / len(wrong[0].right)
    assert done.text.startswith("### T-1 mock exam: 23 of 24 correct")
    assert f"**{round(100 * (23 + share) / 24)}%**" in done.text
    assert f"{share:.1f} points for answers that are right in part" in done.text
    mistake = await ada.click(done, "Review mistakes")
    assert f"{len(wrong[0].right) - 1} of {len(wrong[0].right)} right" in mistake.text
    (result,) = await ada.sim.store.mock_exams.results(ada.who.id, "t-1")
    assert (result.right, result.points) == (23, 2300 + round(100 * share))


async def test_results_from_before_partial_credit_count_whole_answers(ada, rows):
    finished = await ada.click(await ada.all_of(await ada.begin(count=5)), "Finish")
    assert "5 of 5 correct" in finished.text
    rows("update mock set points = null, correct = 3")
    (result,) = await ada.sim.store.mock_exams.results(ada.who.id, "t-1")
    assert (result.right, result.points) == (3, 300)


@pytest.fixture
def with_case(small):
    """The small bank; a case study has four questions of domain one and two of domain two."""
    case_of = {"one": range(10, 14), "two": range(20, 22)}
    files = {
        path: [
            *(made(path, module, number) for module in "mn" for number in range(9)),
            *(replace(made(path, "m", number), case="shop") for number in case_of.get(path, ())),
        ]
        for path in DOMAINS
    }
    return bank_of(small, files, [Case(id="shop", title="A shop", text="It sells things.")])


def test_questions_of_a_case_come_together_and_in_order(with_case):
    ids = with_case.cases["shop"].questions
    assert len(ids) == 6
    for seed in range(30):
        questions = [question.id for question in select_for_exam(with_case, 24, seed).questions]
        places = [questions.index(each) for each in ids if each in questions]
        assert len(places) >= LEAST_OF_CASE
        assert places == list(range(places[0], places[0] + len(places)))
        assert len(questions) == len(set(questions)) == 24


def test_a_case_is_not_repeated_and_not_in_short_exams(with_case):
    ids = set(with_case.cases["shop"].questions)
    last = {question.id for question in select_for_exam(with_case, 24, 1).questions}
    assert last & ids
    assert not {question.id for question in select_for_exam(with_case, 24, 2, last).questions} & ids
    assert not {question.id for question in select_for_exam(with_case, 10, 1).questions} & ids


def test_a_bank_of_case_studies_makes_an_exam(small):
    """The preview says how many questions there are, and Start asks for as many."""
    questions = [replace(made("one", "m", number), case="shop") for number in range(5)]
    bank = bank_of(small, {"one": [made("one", "n", 1), *questions]}, [Case(id="shop", title="A shop", text="Text.")])
    preview = select_for_exam(bank, 20, 0)
    assert len(preview.questions) == 6
    assert len(select_for_exam(bank, len(preview.questions), 1).questions) == 6


async def test_the_scenario_is_shown_with_each_of_its_questions(ada, with_case):
    await ada.restart(with_case)
    reply = await ada.begin(count=24)
    seen = 0
    while "Next" in reply.buttons:
        if ada.question(reply).case:
            seen += 1
            assert f"**Case study: A shop** · question {seen} of " in reply.text
            assert "It sells things." in reply.text
        reply = await ada.click(reply, "Next")
    assert seen >= LEAST_OF_CASE


def test_a_changed_question_has_no_answer(bank):
    question = some_of(bank, Kind.YESNO)
    exam = MockExam(1, NOW, None, exam_of(bank, (question.id, (0, 1))).answers)
    (item,) = items(exam, bank)
    assert item.given == ()
