"""A finished mock exam is practice: it feeds the cards, the list of mistakes and the study days, once."""

import re

from bot.core.questions.answer import letters_of


def stored(rows):
    """The cards, the log and the list."""
    return (
        dict(rows("select question, rating from card")),
        rows("select question, source, counted, correct from review order by number"),
        {question for (question,) in rows("select question from mistake")},
    )


def questions(rows):
    return [question for (question,) in rows("select question from mock_answer order by place")]


async def test_a_finished_exam_feeds_cards_and_mistakes_once(ada, rows):
    reply = await ada.begin(count=5)
    wrong = tuple(questions(rows)[:2])
    reply = await ada.all_of(reply, wrong=wrong)
    assert stored(rows) == ({}, [], set()), "nothing before the end"
    report = await ada.click(reply, "Finish")
    after = stored(rows)
    assert after == (
        {question: 1 if question in wrong else 3 for question in questions(rows)},
        [(question, "exam", 1, int(question not in wrong)) for question in questions(rows)],
        set(wrong),
    )
    assert rows("select count(*) from study_day") == [(1,)]
    assert report.buttons[:2] == ["Drill these 2", "Review mistakes"]
    await ada.restart()
    await ada.click(reply, "Finish")
    assert stored(rows) == after
    drill = await ada.click(report, "Drill these 2")
    assert drill.text.startswith("### T-1 drill · 1 of 2\n-# Mistakes in your mock exam · ")
    assert re.search(r"What of ([a-z0-9-]+)\?", drill.text)[1] in wrong


async def test_an_unanswered_question_is_a_mistake_but_not_a_review(ada, rows, clock):
    reply = await ada.begin(count=5, minutes=10)
    await ada.answer(reply)
    first, *others = questions(rows)
    clock.move(days=2)
    await ada.restart()
    report = await ada.exam()
    assert "Time's up." in report.text
    cards, log, mistakes = stored(rows)
    assert (list(cards), mistakes) == ([first], set(others))
    assert [entry[2] for entry in log] == [1, 0, 0, 0, 0]
    ((ended,),) = rows("select ended_at from mock")
    assert {at for (at,) in rows("select reviewed_at from review")} == {ended}
    assert rows("select first_at from study_day") == [(ended,)], "the day of the exam, not of its report"
    assert report.buttons[0] == "Drill these 4"


async def test_an_exam_without_any_answer_is_not_practice(ada, rows, clock):
    await ada.begin(count=5, minutes=10)
    clock.move(minutes=11)
    report = await ada.exam()
    assert "Time's up." in report.text
    assert stored(rows) == ({}, [], set())
    assert rows("select count(*) from study_day") == [(0,)]
    assert report.buttons[0] == "Review mistakes"


async def test_a_card_that_is_not_due_is_left_alone(ada, rows, small):
    exams, learner, cards = ada.sim.study.mock_exams, ada.who.id, []
    for _ in range(2):
        exam = (await exams.begin(learner, small, 24, None)).exam
        question = ada.bank.questions["one-m-0"]
        position = [answer.question for answer in exam.answers].index(question.id)
        letters = letters_of(question, exam.seed, question.right)
        await exams.answer(learner, small, exam.number, position, letters)
        await exams.finish(learner, small, exam.number, confirmed=True)
        cards.append(rows("select * from card"))
    assert cards[0] == cards[1]
    assert rows("select counted from review where question = 'one-m-0' order by number") == [(1,), (0,)]


async def test_a_discarded_exam_is_not_practice(ada, rows):
    reply = await ada.answer(await ada.begin(count=5), right=False)
    confirm = await ada.click(await ada.click(reply, "Overview"), "Discard")
    await ada.click(confirm, next(label for label in confirm.buttons if "iscard" in label))
    assert rows("select count(*) from mock") == [(0,)]
    assert stored(rows) == ({}, [], set())
