"""Item statistics: first answers to each version of a question, without the learners who gave them."""

from collections.abc import Iterable
from typing import Any

from bot.core.questions.item_statistics import GivenAnswer, ItemCounts, Resolution, rate_without
from bot.store.engine import Engine, Statements


class ItemStatistics:
    """The rows of item statistics. ``count_first_answers`` changes them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def of_course(self, course: str, least: int) -> list[ItemCounts]:
        """Return the versions of the course's questions with at least ``least`` answers or a decision."""
        names = ("items", "item_choices")
        items, choices = await self._engine.read_together(names, course=course, least=least)
        chosen: dict[tuple[str, str], dict[tuple[int, int], int]] = {}
        for question, version, part, choice, count in choices:
            chosen.setdefault((question, version), {})[part, choice] = count
        return [_counts(row, chosen.get((row[0], row[1]), {})) for row in items]


def count_first_answers(statements: Statements, learner: int, course: str, answers: Iterable[GivenAnswer]) -> None:
    """Count those answers that are the learner's first to their question.

    The learner's rate is the one on all their other first answers in the course, including those in ``answers``.
    """
    key = {"learner": learner, "course": course}
    first = [
        answer
        for answer in answers
        if statements.run("count_answer", **key, question=answer.question, correct=int(answer.correct))
    ]
    if not first:
        return
    count, correct = statements.run("first_answers", **key)[0]
    for answer in first:
        item = {"course": course, "question": answer.question, "fingerprint": answer.fingerprint}
        rate = rate_without(correct, count, own=answer.correct)
        statements.run(
            "add_item_answer", **item, correct=int(answer.correct), rated=int(rate is not None), rate=rate or 0,
            timed=int(answer.duration is not None), duration=answer.duration or 0,
        )  # fmt: skip
        for part, choice in answer.choices:
            statements.run("add_item_choice", **item, part=part, choice=choice)


def _counts(row: Any, chosen: dict[tuple[int, int], int]) -> ItemCounts:
    question, version, resolution, answers, correct, rated, rated_correct, rate_sum, squares, sum_correct, *times = row
    timed, time_sum = times
    return ItemCounts(
        question=question, fingerprint=version, answers=answers, correct=correct, rated=rated,
        rated_correct=rated_correct, rate_sum=rate_sum, rate_squares=squares, rate_sum_correct=sum_correct,
        resolution=Resolution(resolution) if resolution else None, chosen=chosen, timed=timed, time_sum=time_sum,
    )  # fmt: skip
