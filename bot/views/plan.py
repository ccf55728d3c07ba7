"""Render a study plan: status and remedies, this week, the following weeks, and the review before the exam."""

from collections.abc import Iterable, Sequence
from datetime import date

from discord import ButtonStyle, ui

from bot.core.course.course import Course
from bot.core.plan.plan import Plan, Slice, Standing, Week
from bot.core.plan.study_days import name_days
from bot.study.plans import MOST_A_DAY, CoursePlan
from bot.views.buttons import button
from bot.views.layout import (
    Component,
    Row,
    State,
    bar,
    duration,
    escape,
    hyperlink,
    message_view,
    notice,
    plural,
    remaining,
    truncate,
)

TODAY_MODULES, WEEK_MODULES, WEEKS_AHEAD = 2, 3, 2
"""Modules shown for today and for the rest of the week, and weeks shown in advance."""
ASK_ZONE = "-# I count your days in UTC until you tell me your clock: `/me timezone:`"


def plan(course_plan: CoursePlan, *, ask_zone: bool = False) -> ui.LayoutView:
    """Render the plan, or only the exam date if there is no plan. ``ask_zone`` adds a hint to set the time zone."""
    plan = course_plan.plan
    zone_hint = [ASK_ZONE] if ask_zone else []
    if plan is None or plan.standing in (Standing.TODAY, Standing.PASSED):
        foot = "\n".join([_without_plan(course_plan), f"-# {_visibility(course_plan)}", *zone_hint])
        return message_view(
            State.PROGRESS,
            f"{_heading(course_plan)}\n{_progress(course_plan)}",
            foot,
            rows=[[_next_button(course_plan.course)]],
        )
    today_lines = _today_lines(plan, course_plan.course)
    return message_view(
        {Standing.SHORT: State.WARNING, Standing.DONE: State.DONE}.get(plan.standing, State.PROGRESS),
        f"{_heading(course_plan)}\n{standing(plan)}\n{_progress(course_plan)}",
        None,
        "\n".join(today_lines),
        "\n".join(_week_lines(plan, course_plan.course, shown=bool(today_lines))),
        "\n".join([*_review_line(plan), *_unmeasured_line(plan), _goal_line(course_plan, plan), *zone_hint]),
        rows=[
            [
                _next_button(course_plan.course),
                button("Calendar", "calendar", course_plan.course.id),
                *_remedy_buttons(course_plan, plan),
            ]
        ],
    )


def standing(plan: Plan) -> str:
    """Describe the status of a plan in one line: the date when it is done, or what is missing and how to fix it."""
    match plan.standing:
        case Standing.DONE:
            return "✅ **Done:** nothing is left to study."
        case Standing.ON_COURSE:
            ends = f"all studied by {_day(plan.ends, plan.today)}" if plan.ends else "all of it fits"
            return f"✅ **On course:** {ends}{_pace(plan)}"
        case Standing.SHORT:
            word = "behind" if plan.behind >= plan.short else "more than fits"
            lead = f"{duration(plan.short)} {word}" if plan.short else "Not all of it fits"
            return f"⚠️ **{lead}:** {_remedy_text(plan)}"
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
    """Sum the minutes of each module, in order. Leaves outside of modules are listed separately."""
    found: dict[str, int] = {}
    for node, minutes in slices:
        route = node.route.rpartition("/")[0] if node.word == "unit" else node.route
        found[route] = found.get(route, 0) + minutes
    return [Slice(course.nodes[route], minutes) for route, minutes in found.items()]


def _without_plan(course_plan: CoursePlan) -> str:
    """Say what to do if there is no plan, or no day left to plan."""
    if course_plan.exam < course_plan.today:
        return "How did it go? `/plan set exam:` plans another try, `/plan clear` forgets this one."
    if course_plan.exam == course_plan.today:
        return "Good luck! You have prepared for this."
    return "How many hours a week do you have? `/plan set hours:5` makes a plan." if course_plan.course.minutes else ""


def _heading(course_plan: CoursePlan) -> str:
    days = (course_plan.exam - course_plan.today).days
    when = "today" if days == 0 else f"in {plural(days, 'day')}" if days > 0 else f"{plural(-days, 'day')} ago"
    return f"### {escape(course_plan.course.code)} exam on {_day(course_plan.exam, course_plan.today)}, {when}"


def _day(on: date, today: date) -> str:
    """Format a date as ``18 December``, with the year if it is not the current one."""
    return f"{on.day} {on:%B}" if on.year == today.year else f"{on.day} {on:%B} {on.year}"


def _progress(course_plan: CoursePlan) -> str:
    whole = course_plan.progress.whole
    return f"{bar(whole.percent)} **{whole.percent} %** · {remaining(whole)}"


def _pace(plan: Plan) -> str:
    if plan.behind > 0:
        return f"\n-# {duration(plan.behind)} behind your pace, but it still fits"
    return f"\n-# {duration(-plan.behind)} ahead of your pace" if plan.behind < 0 else ""


def _remedy_text(plan: Plan) -> str:
    """Describe the changes that would each make the plan possible."""
    remedies = []
    if plan.more_a_week and _is_feasible(plan):
        remedies.append(f"{duration(plan.more_a_week)} more a week")
    if plan.possible_on:
        remedies.append(f"the exam on {_day(plan.possible_on, plan.today)}")
    return (
        " or ".join(remedies) + "." if remedies else "no hours or date would do. Choose more `days` with `/plan set`."
    )


def _is_feasible(plan: Plan) -> bool:
    """Return whether the required hours fit into the chosen weekdays."""
    return (plan.needed_a_week or 0) <= MOST_A_DAY * len(plan.goal.days)


def _today_lines(plan: Plan, course: Course) -> list[str]:
    if plan.now is None:
        return []
    parts = modules(plan.now.slices, course)
    return [f"**Today · {duration(plan.now.minutes)}**", *_module_lines(parts, TODAY_MODULES)]


def _module_lines(parts: Sequence[Slice], maximum: int) -> list[str]:
    lines = [
        f"- {hyperlink(truncate(part.node.title, 60), part.node.link)}{_minutes(part.minutes)}"
        for part in parts[:maximum]
    ]
    return [*lines, f"-# and {len(parts) - maximum} more"] if len(parts) > maximum else lines


def _minutes(minutes: int) -> str:
    return f" · {duration(minutes)}" if minutes else ""


def _week_lines(plan: Plan, course: Course, *, shown: bool) -> list[str]:
    """The rest of this week (or the first week with work), then the next weeks in one line each."""
    lines: list[str] = []
    weeks = list(plan.weeks)
    if weeks and weeks[0].parts:
        rest = _subtract(weeks[0].parts, modules(plan.now.slices, course) if plan.now else [])
        if rest:
            this = weeks[0].first <= plan.today
            title = "Then this week" if shown else "This week" if this else f"From {_day(weeks[0].first, plan.today)}"
            time = sum(part.minutes for part in rest)
            lines += [f"**{title}**{_minutes(time)}", *_module_lines(rest, WEEK_MODULES)]
        weeks = weeks[1:]
    lines += [_week_summary(week) for week in weeks[:WEEKS_AHEAD]]
    if len(weeks) > WEEKS_AHEAD:
        lines.append(
            f"-# then {plural(len(weeks) - WEEKS_AHEAD, 'more week')}, until {_day(weeks[-1].last, plan.today)}"
        )
    return lines


def _subtract(parts: Iterable[Slice], today: Iterable[Slice]) -> list[Slice]:
    """Return the week's ``parts`` without the minutes of ``today``."""
    today_minutes = {part.node.route: part.minutes for part in today}
    rest = [Slice(part.node, part.minutes - today_minutes.get(part.node.route, 0)) for part in parts]
    return [part for part in rest if part.minutes or part.node.route not in today_minutes]


def _week_summary(week: Week) -> str:
    parts = []
    if week.parts:
        more = f" and {len(week.parts) - 1} more" if len(week.parts) > 1 else ""
        parts.append(f"{duration(week.minutes)}, {escape(truncate(week.parts[0].node.title, 40))}{more}")
    if week.review:
        parts.append(f"{plural(week.review, 'day')} of review")
    if week.away:
        parts.append("away")
    return f"-# {span(week.first, week.last)}: {', '.join(parts)}"


def _review_line(plan: Plan) -> list[str]:
    if not plan.review:
        return []
    first, last = plan.review[0], plan.review[-1]
    days = span(first, last) if last.year == plan.today.year else f"{span(first, last)} {last.year}"
    return [f"-# Kept for review: {plural(len(plan.review), 'day')}, {days}"]


def _unmeasured_line(plan: Plan) -> list[str]:
    if not plan.unmeasured:
        return []
    return [f"-# {plural(plan.unmeasured, 'part')} without known minutes: count on a little more"]


def _goal_line(course_plan: CoursePlan, plan: Plan) -> str:
    days = name_days(plan.goal.days)
    start = f", from {_day(plan.goal.start, plan.today)}" if plan.goal.start > plan.today else ""
    return f"-# {duration(plan.goal.minutes_a_week)} a week, {days}{start} · {_visibility(course_plan)}"


def _visibility(course_plan: CoursePlan) -> str:
    return "Your cohort's digest names the date when it is near." if course_plan.shared else "Only you know the date."


def _next_button(course: Course) -> Component:
    return button("Next", "next", course.id, style=ButtonStyle.primary)


def _remedy_buttons(course_plan: CoursePlan, plan: Plan) -> Row:
    """Buttons that apply a remedy if the plan hasn't changed in the meantime."""
    if plan.standing is not Standing.SHORT:
        return []
    remedies: list[Component] = []
    if plan.needed_a_week and plan.more_a_week and _is_feasible(plan):
        label = f"{duration(plan.more_a_week)} more a week"
        remedies.append(
            button(label, "replan", course_plan.course.id, course_plan.fingerprint, "hours", plan.needed_a_week)
        )
    if plan.possible_on:
        label = f"Move to {_day(plan.possible_on, plan.today)}"
        remedies.append(
            button(label, "replan", course_plan.course.id, course_plan.fingerprint, "exam", plan.possible_on)
        )
    return remedies


def cleared(course: Course, *, plan: bool, away: bool) -> ui.LayoutView:
    """Confirm the deletion of an exam date."""
    rest = [" and your plan", ", your plan and your days away"][away] if plan else ""
    verb = "are" if plan else "is"
    return notice(f"The date of your {escape(course.code)} exam{rest} {verb} forgotten.", State.DONE)
