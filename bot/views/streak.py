"""A streak in one or two short lines, and in one after the first tick of a day."""

from bot.core.calendar.streaks import Streak
from bot.study import Ticked
from bot.views.layout import plural

ASK_ZONE = "-# I count your days in UTC, as I don't know your clock. `/me timezone:` and a large city near you sets it."


def lines(streak: Streak) -> list[str]:
    """Where a streak stands; nothing before the first study day.

    Who studies on some days of each week and has no days in a row is told of their weeks.
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


def began(done: Ticked) -> list[str]:
    """After the first tick of a day: how many there are in a row, from the second on."""
    streak = done.streak
    told = [f"-# 🔥 Day {streak.days:,} in a row"] if streak and streak.days > 1 else []
    return [*told, ASK_ZONE] if done.ask_zone else told
