"""The study time that a plan reserves for reviews."""

from math import ceil

SECONDS_PER_ANSWER = 45
"""Until a learner has given ``LEAST_ANSWERS`` answers: reading a question of 60 words twice, and a choice."""
LEAST_ANSWERS = 20
READING_SECONDS = 15
"""To read the explanation. The measured time ends with the answer."""
DAYS_AHEAD = 7
"""Questions that are due in this time are counted, with those overdue."""
STEP = 5
"""Reserved minutes per study day are a multiple of this, so that a plan doesn't change with each answer."""


def review_minutes_a_day(answers: int, timed: int, seconds: float, days: int) -> int:
    """Return the minutes of review per study day, rounded up to a multiple of ``STEP``.

    ``answers`` are needed within ``DAYS_AHEAD`` days, of which ``days`` are study days (at least 1): one to each
    question that comes due, and up to two to each mistake. ``timed`` earlier answers took ``seconds`` in all.
    """
    each = (seconds / timed if timed >= LEAST_ANSWERS else SECONDS_PER_ANSWER) + READING_SECONDS
    return STEP * ceil(answers * each / 60 / days / STEP)
