"""A plan: where it stands with the way out of trouble, this week, the next ones, and the review before the exam."""

from collections.abc import Iterable, Sequence
from datetime import date

from discord import ButtonStyle, ui

from bot.core.course.course import Course
from bot.core.plan.plan import Plan, Slice, Standing, Week
from bot.core.plan.study_days import name_days
from bot.study.plans import MOST_A_DAY, CoursePlan
from bot.views.buttons import PersistentButton, button
from bot.views.layout import Row, State, bar, card, duration, left, linked, notice, plural, safe, shortened

TODAY, WEEK, AHEAD = 2, 3, 2
"""So many modules of today and of the rest of the week, and so many weeks ahead, are shown."""
ASK_ZONE = "-# I count your days in UTC until you tell me your clock: `/me timezone:`"


def plan(at: CoursePlan, *, ask_zone: bool = False) -> ui.LayoutView:
    """The plan as it stands, or the exam's date where there is no plan. ``ask_zone`` asks for the learner's clock."""
    made = at.plan
    asked = [ASK_ZONE] if ask_zone else []
    if made is None or made.standing in (Standing.TODAY, Standing.PASSED):
        foot = "\n".join([_only_date(at), f"-# {_seen(at)}", *asked])
        return card(State.PROGRESS, f"{_head(at)}\n{_progress(at)}", foot, rows=[[_next(at.course)]])
    now = _today(made, at.course)
    return card(
        {Standing.SHORT: State.WARNING, Standing.DONE: State.DONE}.get(made.standing, State.PROGRESS),
        f"{_head(at)}\n{standing(made)}\n{_progress(at)}",
        None,
        "\n".join(now),
        "\n".join(_weeks(made, at.course, shown=bool(now))),
        "\n".join([*_review(made), *_unmeasured(made), _goal(at, made), *asked]),
        rows=[[_next(at.course), button("Calendar", "calendar", at.course.id), *_remedies(at, made)]],
    )


def standing(made: Plan) -> str:
    """The line that matters: on course until when, or what is wrong and what would mend it."""
    match made.standing:
        case Standing.DONE:
            return "✅ **Done:** nothing is left to study."
        case Standing.ON_COURSE:
            ends = f"all studied by {_day(made.ends, made.today)}" if made.ends else "all of it fits"
            return f"✅ **On course:** {ends}{_pace(made)}"
        case Standing.SHORT:
            word = "behind" if made.behind >= made.short else "more than fits"
            lead = f"{duration(made.short)} {word}" if made.short else "Not all of it fits"
            return f"⚠️ **{lead}:** {_ways(made)}"
        case Standing.TODAY:
            return "**The exam is today.**"
        case Standing.PASSED:
            return "The exam date has passed."


def span(first: date, last: date) -> str:
    """``24 to 31 December``, ``30 November to 6 December``, or one day."""
    if first == last:
        return f"{first.day} {first:%B}"
    start = f"{first.day}" if (first.year, first.month) == (last.year, last.month) else f"{first.day} {first:%B}"
    return f"{start} to {last.day} {last:%B}"


def modules(slices: Iterable[Slice], course: Course) -> list[Slice]:
    """The minutes of each module, in order; of leaves outside of modules by themselves."""
    found: dict[str, int] = {}
    for node, minutes in slices:
        route = node.route.rpartition("/")[0] if node.word == "unit" else node.route
        found[route] = found.get(route, 0) + minutes
    return [Slice(course.nodes[route], minutes) for route, minutes in found.items()]


def _only_date(at: CoursePlan) -> str:
    """What to do where there is no plan, or no day left to plan."""
    if at.exam < at.today:
        return "How did it go? `/plan set exam:` plans another try, `/plan clear` forgets this one."
    if at.exam == at.today:
        return "Good luck! You have prepared for this."
    return "How many hours a week do you have? `/plan set hours:5` makes a plan." if at.course.minutes else ""


def _head(at: CoursePlan) -> str:
    days = (at.exam - at.today).days
    when = "today" if days == 0 else f"in {plural(days, 'day')}" if days > 0 else f"{plural(-days, 'day')} ago"
    return f"### {safe(at.course.code)} exam on {_day(at.exam, at.today)}, {when}"


def _day(on: date, today: date) -> str:
    """``18 December``; with the year where it is another one."""
    return f"{on.day} {on:%B}" if on.year == today.year else f"{on.day} {on:%B} {on.year}"


def _progress(at: CoursePlan) -> str:
    whole = at.progress.whole
    return f"{bar(whole.percent)} **{whole.percent} %** · {left(whole)}"


def _pace(made: Plan) -> str:
    if made.behind > 0:
        return f"\n-# {duration(made.behind)} behind your pace, but it still fits"
    return f"\n-# {duration(-made.behind)} ahead of your pace" if made.behind < 0 else ""


def _ways(made: Plan) -> str:
    """What would make the plan possible, each by itself."""
    ways = []
    if made.more_a_week and _bearable(made):
        ways.append(f"{duration(made.more_a_week)} more a week")
    if made.possible_on:
        ways.append(f"the exam on {_day(made.possible_on, made.today)}")
    return " or ".join(ways) + "." if ways else "no hours or date would do. Choose more `days` with `/plan set`."


def _bearable(made: Plan) -> bool:
    """Whether the hours that are needed can be had on the wished days."""
    return (made.needed_a_week or 0) <= MOST_A_DAY * len(made.goal.days)


def _today(made: Plan, course: Course) -> list[str]:
    if made.now is None:
        return []
    parts = modules(made.now.slices, course)
    return [f"**Today · {duration(made.now.minutes)}**", *_listed(parts, TODAY)]


def _listed(parts: Sequence[Slice], most: int) -> list[str]:
    lines = [
        f"- {linked(shortened(part.node.title, 60), part.node.link)}{_time(part.minutes)}" for part in parts[:most]
    ]
    return [*lines, f"-# and {len(parts) - most} more"] if len(parts) > most else lines


def _time(minutes: int) -> str:
    return f" · {duration(minutes)}" if minutes else ""


def _weeks(made: Plan, course: Course, *, shown: bool) -> list[str]:
    """The rest of this week (the first week with something to do), then the next ones in a line each."""
    lines: list[str] = []
    weeks = list(made.weeks)
    if weeks and weeks[0].parts:
        rest = _without(weeks[0].parts, modules(made.now.slices, course) if made.now else [])
        if rest:
            this = weeks[0].first <= made.today
            title = "Then this week" if shown else "This week" if this else f"From {_day(weeks[0].first, made.today)}"
            time = sum(part.minutes for part in rest)
            lines += [f"**{title}**{_time(time)}", *_listed(rest, WEEK)]
        weeks = weeks[1:]
    lines += [_in_short(week) for week in weeks[:AHEAD]]
    if len(weeks) > AHEAD:
        lines.append(f"-# then {plural(len(weeks) - AHEAD, 'more week')}, until {_day(weeks[-1].last, made.today)}")
    return lines


def _without(parts: Iterable[Slice], today: Iterable[Slice]) -> list[Slice]:
    """What is left of a week's ``parts`` after ``today``; what has no minutes is listed where it stands."""
    gone = {part.node.route: part.minutes for part in today}
    rest = [Slice(part.node, part.minutes - gone.get(part.node.route, 0)) for part in parts]
    return [part for part in rest if part.minutes or part.node.route not in gone]


def _in_short(week: Week) -> str:
    said = []
    if week.parts:
        more = f" and {len(week.parts) - 1} more" if len(week.parts) > 1 else ""
        said.append(f"{duration(week.minutes)}, {safe(shortened(week.parts[0].node.title, 40))}{more}")
    if week.review:
        said.append(f"{plural(week.review, 'day')} of review")
    if week.away:
        said.append("away")
    return f"-# {span(week.first, week.last)}: {', '.join(said)}"


def _review(made: Plan) -> list[str]:
    if not made.review:
        return []
    first, last = made.review[0], made.review[-1]
    days = span(first, last) if last.year == made.today.year else f"{span(first, last)} {last.year}"
    return [f"-# Kept for review: {plural(len(made.review), 'day')}, {days}"]


def _unmeasured(made: Plan) -> list[str]:
    if not made.unmeasured:
        return []
    return [f"-# {plural(made.unmeasured, 'part')} without known minutes: count on a little more"]


def _goal(at: CoursePlan, made: Plan) -> str:
    days = name_days(made.goal.days)
    start = f", from {_day(made.goal.start, made.today)}" if made.goal.start > made.today else ""
    return f"-# {duration(made.goal.minutes_a_week)} a week, {days}{start} · {_seen(at)}"


def _seen(at: CoursePlan) -> str:
    return "Your cohort's digest names the date when it is near." if at.shared else "Only you know the date."


def _next(course: Course) -> PersistentButton:
    return button("Next", "next", course.id, style=ButtonStyle.primary)


def _remedies(at: CoursePlan, made: Plan) -> Row:
    """A press sets the plan so, if it is still the one that is shown."""
    if made.standing is not Standing.SHORT:
        return []
    ways: list[PersistentButton] = []
    if made.needed_a_week and made.more_a_week and _bearable(made):
        label = f"{duration(made.more_a_week)} more a week"
        ways.append(button(label, "replan", at.course.id, at.fingerprint, "hours", made.needed_a_week))
    if made.possible_on:
        label = f"Move to {_day(made.possible_on, made.today)}"
        ways.append(button(label, "replan", at.course.id, at.fingerprint, "exam", made.possible_on))
    return ways


def cleared(course: Course, *, plan: bool, away: bool) -> ui.LayoutView:
    """Confirms what is forgotten."""
    rest = [" and your plan", ", your plan and your days away"][away] if plan else ""
    verb = "are" if plan else "is"
    return notice(f"The date of your {safe(course.code)} exam{rest} {verb} forgotten.", State.DONE)
