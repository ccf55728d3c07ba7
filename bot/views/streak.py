"""Render a streak in one or two lines, and in one line after the first completion of a day."""

from bot.core.calendar.streaks import Streak
from bot.study import Ticked
from bot.views.layout import plural

ASK_ZONE = "-# Days are counted in UTC for now."
"""Shown to learners who haven't set their time zone, with a button for it."""


def lines(streak: Streak, *, utc: bool = False) -> list[str]:
    """Describe a streak; empty before the first study day. ``utc``: the learner hasn't set a time zone.

    Learners without a daily streak see their weekly streak.
    """
    if not streak.longest:
        return []
    last = [ASK_ZONE] if utc else []
    if streak.days:
        number = f"{streak.days:,}-day streak"
        today = "done for today" if streak.done_today else "nothing yet today"
    elif streak.weeks:
        number = f"{streak.weeks:,}-week streak"
        today = "done for this week" if streak.done_this_week else "nothing yet this week"
    else:
        return [f"-# No current streak · best {_longest(streak)}", *last]
    facts = [f"Best {_longest(streak)}"]
    if streak.days and streak.weeks > 1:
        facts.append(f"{plural(streak.weeks, 'week')} in a row")
    facts.append(f"{plural(streak.freezes, 'streak freeze')} left")
    if streak.missed:
        facts.append(f"{plural(streak.missed, 'missed day')} covered by freezes")
    return [f"🔥 **{number}** · {today}", f"-# {' · '.join(facts)}", *last]


def _longest(streak: Streak) -> str:
    weeks = f", {plural(streak.longest_weeks, 'week')}" if not streak.days and streak.longest_weeks > 1 else ""
    return f"{plural(streak.longest, 'day')}{weeks}"


def first_tick_lines(done: Ticked) -> list[str]:
    """Describe the daily streak after the first completion of a day, from the second day on."""
    streak = done.streak
    texts = [f"-# 🔥 {streak.days:,}-day streak"] if streak and streak.days > 1 else []
    return [*texts, ASK_ZONE] if done.ask_zone else texts
