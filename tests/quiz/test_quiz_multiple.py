"""Questions with several right options in a quiz: the select, the private reply and forged presses."""

import pytest

from bot.core.questions.question import Kind
from bot.study.quizzes import KINDS
from tests.cogs.conftest import WRONG, parts
from tests.quiz.conftest import LOBBY


@pytest.fixture
async def asked(quiz_sim):
    """A quiz that asks a question with several right options, and that question."""
    lobby = await quiz_sim.start(count=20)
    await quiz_sim.click(quiz_sim.bruno, lobby, "Join")
    bank = quiz_sim.study.catalogue.banks["az-104"]
    several = next(each for each in bank.of_route["deploy"] if each.kind is Kind.MULTIPLE and each.case is None)
    quiz_sim.change("update quiz set questions = ?", f'["{several.id}"]')
    await quiz_sim.env.advance_time(LOBBY)
    _, _, question = quiz_sim.at()
    assert question is several
    return quiz_sim, question


async def test_the_select_asks_for_as_many_as_are_right(asked):
    sim, question = asked
    (menu,) = [part for part in parts(sim.messages()[-1].components) if part.get("type") == 3]
    assert menu["min_values"] == menu["max_values"] == len(question.right)
    assert menu["placeholder"] == f"Choose {['', 'one', 'two', 'three'][len(question.right)]}"


@pytest.mark.parametrize("right", [True, False])
async def test_a_whole_answer_is_right_or_not(asked, right):
    sim, _ = asked
    reply = await sim.answer(sim.ada, right=right)
    assert reply.private
    assert f"**Answer saved: {sim.said(right=right)}**" in reply.text
    assert sim.rows("select correct from quiz_answer") == [(int(right),)]


@pytest.mark.parametrize("letters", ["A", "ABCD", "AA", "AZ"])
async def test_other_numbers_of_options_are_refused(asked, letters):
    sim, question = asked
    if len(letters) == len(question.right) and len(set(letters)) == len(letters) and "Z" not in letters:
        pytest.skip("a possible answer")
    quiz, number, _ = sim.at()
    reply = await sim.press_old(sim.ada, f"wm1:quiz:{quiz}:{number}:{letters}")
    assert reply.text.startswith("⚠️ ")
    assert WRONG not in reply.text
    assert sim.rows("select count(*) from quiz_answer") == [(0,)]


async def test_a_quiz_asks_no_case_studies_and_no_parts(quiz_sim):
    await quiz_sim.start(path="monitor", count=20)
    ((questions,),) = quiz_sim.rows("select questions from quiz")
    bank = quiz_sim.study.catalogue.banks["az-104"]
    asked = [question for question in bank.questions.values() if f'"{question.id}"' in questions]
    assert len(asked) == 20
    assert {question.kind for question in asked} <= KINDS
    assert {question.case for question in asked} == {None}
