"""Render a streak in one or two lines, and in one line after the first tick of a day."""

from bot.core.calendar.streaks import Streak
from bot.study import Ticked
from bot.views.layout import plural

ASK_ZONE = "-# I count your days in UTC, as I don't know your clock. `/me timezone:` and a large city near you sets it."


def lines(streak: Streak) -> list[str]:
    """Describe a streak; empty before the first study day.

    Learners without a daily streak see their weekly streak.
    """
    if not streak.longest:
        return []
    if streak.days:
        number, today = (
            f"{plural(streak.days, 'day')} in a row",
            "today is done" if streak.done_today else "today is open",
        )
    elif streak.weeks:
        number = f"{plural(streak.weeks, 'week')} in a row"
        today = "this week is done" if streak.done_this_week else "this week is open"
    else:
        return [f"-# No streak at present · longest {_longest(streak)}"]
    facts = [f"Longest {_longest(streak)}"]
    if streak.days and streak.weeks > 1:
        facts.append(f"{plural(streak.weeks, 'week')} in a row")
    facts.append(f"{plural(streak.freezes, 'freeze')} in hand")
    if streak.missed:
        facts.append(f"{plural(streak.missed, 'missed day')} covered")
    return [f"🔥 **{number}** · {today}", f"-# {' · '.join(facts)}"]


def _longest(streak: Streak) -> str:
    weeks = f", {plural(streak.longest_weeks, 'week')}" if not streak.days and streak.longest_weeks > 1 else ""
    return f"{plural(streak.longest, 'day')}{weeks}"


def first_tick_lines(done: Ticked) -> list[str]:
    """Describe the daily streak after the first tick of a day, from the second day on."""
    streak = done.streak
    texts = [f"-# 🔥 Day {streak.days:,} in a row"] if streak and streak.days > 1 else []
    return [*texts, ASK_ZONE] if done.ask_zone else texts
