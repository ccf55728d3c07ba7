"""The final pass: in the review days before the exam, every question answered so far is asked once more.

What was asked in it follows from the cards: a card that was reviewed since the pass began needs no second look. So a
review of a due question counts, and a question that is answered for the first time during the pass isn't part of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.core.plan.study_days import MOST_REVIEW, Goal, StudyWindow
from bot.core.questions.fsrs import Card, weakness


def pass_days(exam: date, goal: Goal | None) -> tuple[date, ...]:
    """Return the review days of the plan, in order; without a plan the last ``MOST_REVIEW`` days before the exam."""
    if goal is None:
        return tuple(exam - timedelta(days=before) for before in range(MOST_REVIEW, 0, -1))
    return tuple(date.fromordinal(day) for day in StudyWindow.of(goal, goal.start).review_days())


@dataclass(frozen=True, slots=True)
class FinalPass:
    """A final pass as of ``today``.

    ``days`` are its days, at least one. It ``begins`` at the start of the first one, in seconds since 1970.
    ``asked_today`` is the number of its questions that were answered today.
    """

    days: tuple[date, ...]
    today: date
    begins: int
    asked_today: int

    def waiting(self, cards: Mapping[str, Card]) -> dict[str, Card]:
        """Return the cards that are still to be asked, by question."""
        return {question: card for question, card in cards.items() if card.reviewed < self.begins}

    def share(self, cards: Mapping[str, Card], now: int) -> dict[str, Card]:
        """Return the cards to ask now (seconds since 1970), the one with the lowest current recall first.

        The rest is spread evenly over the days that remain, so what was missed on one day is added to the following
        ones. After the last day the whole rest is returned. A day between two days of the pass has no share.
        """
        waiting = self.waiting(cards)
        remaining = sum(day >= self.today for day in self.days)
        if remaining and self.today not in self.days:
            return {}
        quota = -(-(len(waiting) + self.asked_today) // max(1, remaining))

        order = sorted(
            waiting, key=lambda question: (-weakness(waiting[question], now), waiting[question].due, question)
        )
        return {question: waiting[question] for question in order[: max(0, quota - self.asked_today)]}
