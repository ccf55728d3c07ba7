"""Quizzes through ``Study``, with the time passed in."""

from datetime import timedelta

import pytest

from bot.core.course.catalogue import Catalogue
from bot.core.questions.quiz import Settings
from bot.study import Asker, Study
from tests.conftest import READER, course_text
from tests.review.conftest import TREE, made_bank


@pytest.mark.parametrize(("took", "moved"), [(1, 0), (10, 10)])
async def test_a_question_whose_message_took_long_closes_later(store, clock, took, moved):
    course = READER.read(course_text(TREE), "t-1.yaml")
    quizzes = Study(store, Catalogue([course], course.id, {course.id: made_bank(course)}), now=clock.now).quizzes
    begun = await quizzes.begin(7, Asker(1, 700, "Ada"), 7000, course, Settings(None, 3, 30), lambda _: False)
    clock.move(seconds=took)
    posted = await quizzes.posted(begun, 99)
    later = timedelta(seconds=moved)
    assert (posted.row.opens, posted.row.closes) == (begun.row.opens + later, begun.row.closes + later)
