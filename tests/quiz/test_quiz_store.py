"""Quizzes on a real database: concurrent changes."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.store import Store
from bot.store.quizzes import QuizRow, Stage, Tally

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SOON = NOW + timedelta(seconds=30)
QUIZ = 10**18 + 7


@pytest.fixture
def quiz():
    return QuizRow(QUIZ, 700, 7000, "t-1", "a", 30, ("q", "r"), Stage.LOBBY, 0, NOW, SOON, None, 1)


@pytest.fixture
async def quizzes(store, quiz):
    """The store with question 1 of ``quiz`` open, and Ada (1) and Ben (2) playing."""
    found = store.quizzes
    await found.begin(quiz, lambda _: True)
    for learner in (1, 2):
        await found.join(QUIZ, learner)
    await found.ask(QUIZ, 1, NOW, SOON)
    return found


def right(_):
    return 0, True


def wrong(_):
    return 1, False


async def test_a_quiz_is_read_as_it_was_written(store, quiz):
    assert await store.quizzes.begin(quiz, lambda _: True) == quiz
    assert await store.quizzes.of(QUIZ) == quiz
    asked = await store.quizzes.ask(QUIZ, 1, SOON, SOON + timedelta(seconds=30))
    assert asked == replace(
        quiz, stage=Stage.ASKING, number=1, opens=SOON, closes=SOON + timedelta(seconds=30), message=None
    )
    posted = await store.quizzes.posted(QUIZ, 1, 99, SOON, SOON)
    assert posted == replace(asked, message=99, closes=SOON)
    assert (await store.quizzes.posted(QUIZ, 0, 5, NOW, NOW)) == posted, "the lobby's message was late"


async def test_only_one_of_many_concurrent_quizzes_begins(store, path, quiz):
    """Two processes, ten attempts each: one quiz begins."""
    other = await Store.open(path)
    rounds = [replace(quiz, id=number, host=number) for number in range(1, 21)]
    found = await asyncio.gather(*((store, other)[each.id % 2].quizzes.begin(each, lambda _: True) for each in rounds))
    (begun,) = {each.id for each in found}
    assert sum(each.id == mine.id for each, mine in zip(found, rounds, strict=True)) == 1
    assert await store.quizzes.open() == [begun]
    assert (await store.quizzes.of(begun)).host == begun
    await other.close()


async def test_an_abandoned_quiz_is_replaced_with_all_its_rows(quizzes, quiz, store):
    await quizzes.answer(QUIZ, 1, 1, right, NOW)
    fresh = replace(quiz, id=8, host=3)
    assert (await quizzes.begin(fresh, lambda number: number != QUIZ)) == fresh
    assert await quizzes.of(QUIZ) is None
    exported = await store.privacy.export(1)
    assert (exported["quiz_player"], exported["quiz_answer"]) == ([], [])


async def test_one_that_could_not_begin_leaves_no_rows(quizzes, quiz, store):
    assert (await quizzes.begin(replace(quiz, id=8, host=3), lambda _: True)).id == QUIZ
    assert (await store.privacy.export(3))["quiz_player"] == []


@pytest.mark.parametrize("round_", range(10))
async def test_answers_during_the_close_count_or_are_refused(quizzes, round_):
    """Every confirmed answer is in the tally, and every other one was refused."""
    players = range(100, 140)

    async def answer(learner):
        if learner - 100 > round_ * 4:
            await asyncio.sleep(0)
        return await quizzes.answer(QUIZ, 1, learner, right, NOW)

    *answers, closed = await asyncio.gather(*map(answer, players), quizzes.close(QUIZ))
    confirmed = sum(each is not None for each in answers)
    _, tally = closed
    assert tally == Tally(2 + confirmed, confirmed, confirmed)
    assert await quizzes.answer(QUIZ, 1, 1, right, NOW) is None
    _, scores = await quizzes.scores(QUIZ)
    assert sum(score.right for score in scores) == confirmed


async def test_concurrent_answers_in_two_processes_are_counted_once(quizzes, path):
    other = await Store.open(path)
    answers = await asyncio.gather(
        *((quizzes, other.quizzes)[number % 2].answer(QUIZ, 1, number, right, NOW) for number in range(1, 41))
    )
    assert sorted(tally.answered for _, _, tally in answers) == list(range(1, 41))
    assert sum(tally.answered >= tally.players for _, _, tally in answers) >= 1
    assert answers[0] is not None
    _, tally = await quizzes.close(QUIZ)
    assert tally == Tally(40, 40, 40)
    await other.close()


@pytest.mark.parametrize("late", [0, 1, 30])
async def test_a_question_is_closed_from_its_deadline_on(quizzes, late):
    assert await quizzes.answer(QUIZ, 1, 1, right, SOON + timedelta(seconds=late)) is None
    assert await quizzes.answer(QUIZ, 1, 1, right, SOON - timedelta(milliseconds=1)) is not None


async def test_only_the_question_that_is_open_can_be_answered(quizzes):
    for number in (-1, 0, 2):
        assert await quizzes.answer(QUIZ, number, 1, right, NOW) is None
    assert await quizzes.answer(QUIZ + 1, 1, 1, right, NOW) is None
    await quizzes.close(QUIZ)
    assert await quizzes.answer(QUIZ, 1, 1, right, NOW) is None
    await quizzes.ask(QUIZ, 2, NOW, SOON)
    assert await quizzes.answer(QUIZ, 1, 1, right, NOW) is None
    assert await quizzes.answer(QUIZ, 2, 1, right, NOW) is not None


async def test_the_last_answer_counts_with_its_time(quizzes):
    await quizzes.answer(QUIZ, 1, 1, right, NOW + timedelta(seconds=1))
    await quizzes.answer(QUIZ, 1, 1, wrong, NOW + timedelta(seconds=2))
    await quizzes.answer(QUIZ, 1, 1, right, NOW + timedelta(seconds=3.25))
    await quizzes.answer(QUIZ, 1, 2, wrong, NOW + timedelta(seconds=1))
    await quizzes.close(QUIZ)
    _, scores = await quizzes.scores(QUIZ)
    assert sorted(scores) == [(1, False, 1, 3250), (2, False, 0, 0)]


async def test_an_open_question_is_not_in_the_scores(quizzes):
    await quizzes.answer(QUIZ, 1, 1, right, NOW)
    await quizzes.close(QUIZ)
    await quizzes.ask(QUIZ, 2, NOW, SOON)
    await quizzes.answer(QUIZ, 2, 1, right, NOW)
    await quizzes.answer(QUIZ, 2, 2, right, NOW)
    _, scores = await quizzes.end(QUIZ, NOW)
    assert [(score.learner, score.right) for score in sorted(scores)] == [(1, 1), (2, 0)]


async def test_an_end_deletes_only_this_quiz(quizzes, quiz, store):
    other = replace(quiz, id=8, channel=7001)
    await quizzes.begin(other, lambda _: True)
    await quizzes.join(8, 2)
    await quizzes.answer(QUIZ, 1, 2, right, NOW)
    assert await quizzes.end(QUIZ, NOW) is not None
    assert await quizzes.end(QUIZ, NOW) is None
    for act in (
        quizzes.join(QUIZ, 1),
        quizzes.ask(QUIZ, 2, NOW, SOON),
        quizzes.posted(QUIZ, 1, 5, NOW, SOON),
        quizzes.close(QUIZ),
        quizzes.scores(QUIZ),
    ):
        assert await act is None
    exported = await store.privacy.export(2)
    assert exported["quiz_player"] == [{"quiz_id": "8", "host": 0, "playing": 1}]
    assert exported["quiz_answer"] == []


async def test_an_exception_while_judging_changes_nothing(quizzes, store):
    def refuse(_):
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await quizzes.answer(QUIZ, 1, 3, refuse, NOW)
    assert (await store.privacy.export(3))["quiz_player"] == []


async def test_the_host_plays(store, quiz):
    await store.quizzes.begin(quiz, lambda _: True)
    assert (await store.quizzes.join(QUIZ, 2)).players == 2
    again = await store.quizzes.join(QUIZ, 1)
    assert (again.fresh, again.players) == (False, 2)


async def test_wrong_answers_go_on_the_lists_of_those_who_want_that(quizzes, store, rows):
    await store.mistakes.keep_quiz_mistakes(1, keeps=True)
    for learner, judge in ((1, wrong), (2, wrong)):
        await quizzes.answer(QUIZ, 1, learner, judge, NOW)
    await quizzes.close(QUIZ)
    await quizzes.ask(QUIZ, 2, NOW, SOON)
    await quizzes.answer(QUIZ, 2, 1, wrong, NOW)
    assert await store.mistakes.of(1, "t-1") == {}
    await quizzes.end(QUIZ, SOON)
    assert list(await store.mistakes.of(1, "t-1")) == ["q"], "question 2 was still open"
    assert await store.mistakes.of(2, "t-1") == {}
    assert rows("select learner_id, question, source, counted, correct from review") == [(1, "q", "quiz", 0, 0)]
    assert rows("select count(*) from card") == rows("select count(*) from study_day") == [(0,)]


async def test_correct_answers_change_no_list(quizzes, store, rows):
    await store.mistakes.keep_quiz_mistakes(1, keeps=True)
    await quizzes.answer(QUIZ, 1, 1, wrong, NOW)
    await quizzes.answer(QUIZ, 1, 1, right, NOW)
    await quizzes.close(QUIZ)
    await quizzes.end(QUIZ, SOON)
    assert rows("select count(*) from review") == [(0,)]
