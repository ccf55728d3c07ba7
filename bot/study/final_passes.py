"""The final pass inside a review: which questions are asked once more in the review days before the exam."""

from collections.abc import Mapping
from datetime import date, datetime, time

from bot.core.calendar.slots import instant
from bot.core.calendar.timestamps import seconds
from bot.core.plan.study_days import REVIEW_WITHIN
from bot.core.questions.bank import Bank
from bot.core.questions.final_pass import FinalPass, pass_days
from bot.core.questions.fsrs import Card
from bot.core.questions.question import Question
from bot.core.questions.review import due_questions
from bot.store.reviews import ReviewTransaction


def may_be_on(exam: date | None, today: date) -> bool:
    """Return whether a final pass is possible: from two weeks before the exam to the day before it."""
    return exam is not None and 0 < (exam - today).days <= REVIEW_WITHIN


def final_pass(review: ReviewTransaction, at: datetime | None = None) -> FinalPass | None:
    """Return the final pass that is on at ``at`` (now); None outside of its days or without an exam date."""
    today = (at or review.now).astimezone(review.zone).date()
    if review.exam is None or not may_be_on(review.exam, today):
        return None
    days = pass_days(review.exam, review.plan().goal)
    if not days or today < days[0]:
        return None
    begins = seconds(instant(days[0], time(), review.zone))
    return FinalPass(days, today, begins, review.final_pass_count(begins, instant(today, time(), review.zone)))


def final_share(review: ReviewTransaction, bank: Bank) -> dict[str, Card]:
    """Return the cards of the final pass to ask now, weakest first; empty if none is on."""
    found = final_pass(review)
    return found.share(_known(review.cards(), bank), review.at) if found else {}


def final_left(review: ReviewTransaction, bank: Bank) -> int:
    """Return how many questions the final pass has still to ask; 0 if none is on."""
    found = final_pass(review)
    return len(found.waiting(_known(review.cards(), bank))) if found else 0


def is_final(review: ReviewTransaction) -> bool:
    """Return whether the current card is asked in a final pass."""
    found, card = final_pass(review), review.card
    return found is not None and card is not None and card.reviewed < found.begins


def questions_to_ask(
    final: Mapping[str, Card], cards: Mapping[str, Card], bank: Bank, *, now: int, route: str | None = None
) -> list[Question]:
    """Return the questions of ``final``, then the other ones that are due. ``route`` as in ``due_questions``."""
    of_route = None if route is None else {question.id for question in bank.of_route.get(route, ())}
    asked = [bank.questions[question] for question in final if of_route is None or question in of_route]
    due = due_questions(cards, bank, now=now, route=route)
    return [*asked, *(question for question in due if question.id not in final)]


def _known(cards: Mapping[str, Card], bank: Bank) -> dict[str, Card]:
    return {question: card for question, card in cards.items() if question in bank.questions}
