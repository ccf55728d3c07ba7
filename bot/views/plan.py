"""Render the plan panel: status and remedies, today, this week, the following weeks, and the review before the exam."""

from collections.abc import Iterable, Sequence

from discord import ui

from bot.core.calendar.day_names import day_name, span_name, weekday_name
from bot.core.course.course import Course
from bot.core.plan.plan import Plan, Slice, Standing, Week
from bot.core.plan.study_days import MOST_REVIEW, name_days
from bot.study.plans import ChangedCoursePlan, CoursePlan
from bot.views.layout import Part, State, bar, duration, escape, hyperlink, message_view, plural, remaining, truncate
from bot.views.plan_buttons import is_feasible, rows_of, set_exam_date

TODAY_MODULES, WEEK_MODULES, WEEKS_AHEAD = 2, 3, 1
"""Modules shown for today and for the rest of the week, and weeks shown in advance."""
ASKED_AGAIN = "Every question you've answered comes up once more."
ABOUT = 5
"""A shortage is told in multiples of so many minutes."""


def plan(
    course_plan: CoursePlan, *, note: str = "", undo: Sequence[str] = (), picture: Part = None, mistakes: int = 0
) -> ui.LayoutView:
    """Render the plan, or only the exam date if there is no plan.

    ``note`` is shown above it. ``undo`` is the state of a button that takes the last change back. ``mistakes`` is the
    number of mistakes to drill now.
    """
    made = course_plan.plan
    over = course_plan.today >= course_plan.exam
    status = _exam_status(course_plan) if made is None or over else standing(made)
    head = [note, _heading(course_plan), status, _progress(course_plan)]
    parts: list[Part] = ["\n".join(filter(None, head)), picture or ""]
    if made and not over:
        today_lines = _today_lines(made, course_plan.course)
        week_lines = _week_lines(made, course_plan.course, shown=bool(today_lines))
        parts += [None, "\n".join(today_lines), "\n".join(week_lines)]
    small_print = (
        [*_ahead_lines(made), *_foot_lines(course_plan, made)] if made and not over else _foot_lines(course_plan)
    )
    parts.append("\n".join(small_print))
    state = State.PROGRESS if made is None or over else _STATES.get(made.standing, State.PROGRESS)
    return message_view(state, *parts, rows=rows_of(course_plan, undo, mistakes))


def changed(change: ChangedCoursePlan, picture: Part = None) -> ui.LayoutView:
    """Render the panel after a change, with a button that takes it back."""
    if change.now is None:
        return no_plan(change.course)
    note = "✅ Plan saved." if change.now.goal else "✅ Exam date saved."
    return plan(change.now, note=note, undo=change.undo, picture=picture)


def no_plan(course: Course, note: str = "") -> ui.LayoutView:
    """Render the panel of a learner who hasn't set an exam date."""
    what = "get a study plan, week by week" if course.minutes else "count the days"
    text = f"### {escape(course.code)} plan\nNo exam date yet. Set it to {what}."
    return message_view(State.PLAIN, f"{note}\n{text}".strip(), rows=[[set_exam_date(course)]])


def standing(plan: Plan) -> str:
    """Describe the status of a plan: the date when it is finished, or what is missing and how to fix it."""
    match plan.standing:
        case Standing.DONE:
            return "✅ **All done:** nothing left to study."
        case Standing.ON_TRACK:
            return f"✅ **On track:** {_ends(plan)}{_pace(plan)}"
        case Standing.SHORT:
            return f"⚠️ **You're about {duration(-(-plan.short // ABOUT) * ABOUT)} short.** {_remedy_text(plan)}"
        case Standing.TODAY:
            return "**The exam is today.**"
        case Standing.PASSED:
            return "The exam date has passed."


def modules(slices: Iterable[Slice], course: Course) -> list[Slice]:
    """Sum the minutes of each module, in order. Leaves outside of modules are listed separately."""
    found: dict[str, int] = {}
    for node, minutes in slices:
        route = node.route.rpartition("/")[0] if node.word == "unit" else node.route
        found[route] = found.get(route, 0) + minutes
    return [Slice(course.nodes[route], minutes) for route, minutes in found.items()]


_STATES = {Standing.SHORT: State.WARNING, Standing.DONE: State.DONE}


def _exam_status(course_plan: CoursePlan) -> str:
    """Say what to do if there is no plan, or no day left to plan."""
    if course_plan.exam < course_plan.today:
        return "How did it go?"
    if course_plan.exam == course_plan.today:
        return "Good luck! You've prepared for this."
    return "**How many hours a week can you study?**" if course_plan.course.minutes else ""


def _heading(course_plan: CoursePlan) -> str:
    days = (course_plan.exam - course_plan.today).days
    when = "is today" if days == 0 else f"in {plural(days, 'day')}" if days > 0 else f"was {plural(-days, 'day')} ago"
    day = weekday_name(course_plan.exam, course_plan.today)
    return f"### {escape(course_plan.course.code)} exam {when}\n{day}"


def _progress(course_plan: CoursePlan) -> str:
    whole = course_plan.progress.whole
    return f"{bar(whole.percent)} **{whole.percent}%** · {remaining(whole)}"


def _ends(plan: Plan) -> str:
    """When everything is finished. What the tolerance allows to be missing is told."""
    if plan.ends is None:
        return "nearly everything is done"
    missing = f", give or take {duration(plan.short)}" if plan.short else ""
    return f"finished by {day_name(plan.ends, plan.today)}{missing}"


def _pace(plan: Plan) -> str:
    if plan.behind > plan.tolerance:
        return f"\n-# {duration(plan.behind)} behind schedule, but there is still time"
    return f"\n-# {duration(-plan.behind)} ahead of schedule" if plan.behind < 0 else ""


def _remedy_text(plan: Plan) -> str:
    """Describe the changes that would each make the plan possible."""
    more = f"tudy {duration(plan.more_a_week)} more a week" if plan.more_a_week and is_feasible(plan) else ""
    move = f"ove the exam to {day_name(plan.possible_on, plan.today)}" if plan.possible_on else ""
    if more and move:
        return f"S{more}, or m{move}."
    if more or move:
        return f"S{more}." if more else f"M{move}."
    return "There aren't enough study days. Add some with **Edit plan**."


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
    """The rest of this week, or the first week with work."""
    if not plan.weeks or not plan.weeks[0].parts:
        return []
    week = plan.weeks[0]
    rest = _subtract(week.parts, modules(plan.now.slices, course) if plan.now else [])
    if not rest:
        return []
    this = "Then this week" if shown else "This week"
    title = this if week.first <= plan.today else f"From {day_name(week.first, plan.today)}"
    return [f"**{title}**{_minutes(sum(part.minutes for part in rest))}", *_module_lines(rest, WEEK_MODULES)]


def _ahead_lines(plan: Plan) -> list[str]:
    """The next week in one line, and how many follow."""
    weeks = plan.weeks[1:] if plan.weeks and plan.weeks[0].parts else plan.weeks
    lines = [_week_summary(week, plan) for week in weeks[:WEEKS_AHEAD]]
    if len(weeks) > WEEKS_AHEAD:
        until = day_name(weeks[-1].last, plan.today)
        lines.append(f"-# then {plural(len(weeks) - WEEKS_AHEAD, 'more week')}, until {until}")
    return lines


def _subtract(parts: Iterable[Slice], today: Iterable[Slice]) -> list[Slice]:
    """Return the week's ``parts`` without the minutes of ``today``."""
    today_minutes = {part.node.route: part.minutes for part in today}
    rest = [Slice(part.node, part.minutes - today_minutes.get(part.node.route, 0)) for part in parts]
    return [part for part in rest if part.minutes or part.node.route not in today_minutes]


def _week_summary(week: Week, plan: Plan) -> str:
    parts = []
    if week.parts:
        more = f" and {len(week.parts) - 1} more" if len(week.parts) > 1 else ""
        parts.append(f"{duration(week.minutes)}, {escape(truncate(week.parts[0].node.title, 40))}{more}")
    if week.review:
        parts.append(f"{plural(week.review, 'day')} of review")
    if week.away:
        parts.append("days off")
    return f"-# {span_name(week.first, week.last, plan.today)}: {', '.join(parts)}"


def _foot_lines(course_plan: CoursePlan, plan: Plan | None = None) -> list[str]:
    """Small print: review days, what isn't measured, the goal, who sees the date, and in which zone days begin."""
    lines = []
    if plan and plan.review:
        days = span_name(plan.review[0], plan.review[-1], plan.today)
        asked = f". {ASKED_AGAIN}" if course_plan.has_questions else ""
        lines.append(f"-# Review days before the exam: {len(plan.review)}, {days}{asked}")
    if plan and course_plan.focus and course_plan.course.exam:
        titles = [each.title for each in course_plan.course.exam.domains if each.id in course_plan.focus]
        lines.append(f"-# Only what was weak: {escape(truncate(', '.join(titles), 150))}")
    if plan and plan.unmeasured:
        unknown = plural(plan.unmeasured, "part")
        lines.append(f"-# {unknown} with unknown length: allow a little extra time")
    sees = "your study group can see the date" if course_plan.shared else "only you can see the date"
    if plan:
        start = f", from {day_name(plan.goal.start, plan.today)}" if plan.goal.start > plan.today else ""
        lines.append(f"-# {duration(plan.goal.minutes_a_week)} a week, {name_days(plan.goal.days)}{start} · {sees}")
        if plan.reserved:
            a_day = -(-plan.reserved // len(plan.goal.days))
            lines.append(f"-# That includes about {duration(a_day)} a day for reviews and mistakes")
    else:
        if course_plan.has_questions and course_plan.today < course_plan.exam:
            lines.append(f"-# In the last {MOST_REVIEW} days before the exam: {ASKED_AGAIN}")
        lines.append(f"-# {sees[0].upper()}{sees[1:]}")
    if not course_plan.zone_known:
        lines.append("-# Days are counted in UTC")
    return lines
