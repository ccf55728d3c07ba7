"""What would make a plan possible that is short: more time a week, or a later exam."""

from bisect import bisect_left
from datetime import date

from bot.core.calendar.dates import FARTHEST
from bot.core.plan.study_days import HORIZON, MOST_MINUTES, REVIEW_WITHIN, StudyWindow, last_day

STEP = 5
"""Proposed minutes per week are multiples of this."""


def needed_a_week(window: StudyWindow, left: int, spent: int) -> int | None:
    """Return the fewest minutes per week for everything that is left. Units in progress count in full."""
    proposals = range(window.goal.minutes_a_week // STEP * STEP + STEP, MOST_MINUTES + 1, STEP)
    index = bisect_left(proposals, left, key=lambda minutes: window.at(minutes).room(window.last, spent))
    return proposals[index] if index < len(proposals) and window.begin <= window.last else None


def possible_on(window: StudyWindow, left: int, spent: int) -> date | None:
    """Return the first exam date that leaves time for everything and the review. Units in progress count in full."""
    days = range(window.begin, window.begin + HORIZON)
    index = bisect_left(days, max(1, left), key=lambda day: window.room(day, spent))
    if index == len(days):
        return None
    exams = range(days[index] + 1, days[index] + REVIEW_WITHIN + 2)
    exam = exams[bisect_left(exams, days[index], key=lambda exam: last_day(window.count, window.start, exam))]
    return date.fromordinal(exam) if exam - window.today <= FARTHEST.days else None
