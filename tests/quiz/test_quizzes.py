"""Quizzes through ``Study``, with the time passed in."""

from datetime import timedelta

import pytest

from bot.core.course.catalogue import Catalogue
from bot.core.questions.quiz import Settings
from bot.study import Asker, Study
from tests.conftest import READER, course_text
from tests.review.conftest import TREE, made_bank


@pytest.fixture
def course():
    return READER.read(course_text(TREE), "t-1.yaml")


@pytest.fixture
async def quizzes(store, course, clock):
    return Study(store, Catalogue([course], course.id, {course.id: made_bank(course)}), now=clock.now).quizzes


def begin(quizzes, course):
    return quizzes.begin(7, Asker(1, 700, "Ada"), 7000, course, Settings(None, 3, 30), lambda _: False)


async def test_the_first_question_is_number_one(quizzes, course):
    begun = await begin(quizzes, course)
    asked = await quizzes.ask(7)
    assert (begun.row.number, asked.row.number, asked.question.id) == (0, 1, begun.row.questions[0])


@pytest.mark.parametrize(("took", "moved"), [(1, 0), (10, 10)])
async def test_a_question_whose_message_took_long_closes_later(quizzes, course, clock, took, moved):
    begun = await begin(quizzes, course)
    clock.move(seconds=took)
    posted = await quizzes.posted(begun, 99)
    later = timedelta(seconds=moved)
    assert (posted.row.opens, posted.row.closes) == (begun.row.opens + later, begun.row.closes + later)
