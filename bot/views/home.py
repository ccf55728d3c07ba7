"""Render the home panel, the welcome of a newcomer, and the rest behind More."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from discord import ButtonStyle, ui

from bot.core.calendar.dates import written
from bot.core.calendar.day_reading import DayReading
from bot.core.calendar.zones import clock_rule, zone_label
from bot.core.course.course import Course
from bot.core.plan.plan import Standing
from bot.study.home import Home, Membership
from bot.views.buttons import MAX_URL, button, link, option, select
from bot.views.drill import drill_button
from bot.views.forms import form, radio_field, select_field, text_field
from bot.views.layout import (
    Component,
    Part,
    Row,
    State,
    duration,
    escape,
    escape_typed,
    hyperlink,
    message_view,
    plural,
    truncate,
    written_day,
)
from bot.views.notes import note_text
from bot.views.overview import retirement

MAX_COURSES = 25


def home(home: Home, picture: Part = None, note: str = "") -> ui.LayoutView:
    """Render the panel. ``note`` confirms a change."""
    course, node = home.course, home.next
    lines = [note, f"### {escape(course.code)} · {escape(truncate(course.title, 80))}"]
    if node:
        above = course.ancestors(node)
        lines.append(f"**Next:** {hyperlink(truncate(node.title, 120), node.link)}{_length(node.length)}")
        if above:
            lines.append(f"-# {escape(truncate(above[-1].title, 100))}")
    else:
        lines.append("🎉 **You've completed everything.** Keep it fresh with reviews.")
    rows: list[Row] = [
        [
            button("Done", "done", node.key, style=ButtonStyle.success, emoji="✅") if node else None,
            link("Open", node.link) if node and node.link and len(node.link) <= MAX_URL else None,
            button(f"Review ({home.due})" if home.due else "Review", "review", course.id,
                   style=ButtonStyle.primary if home.due else ButtonStyle.secondary),
        ],
        [
            drill_button(course, home.mistakes),
            button("Plan", "plan", course.id),
            button("Readiness", "readiness", course.id) if course.exam else None,
            button("More", "more", course.id),
        ],
    ]  # fmt: skip
    return message_view(
        State.DONE if node is None else State.PROGRESS,
        picture or "",
        "\n".join(filter(None, lines)),
        note_text(home.note),
        "\n".join([f"-# {summary(home)}", *_certification(home)]),
        *_asides(home),
        rows=[*rows, _group_buttons(home)],
    )


def summary(home: Home) -> str:
    """Describe where the learner stands in one line: questions due, exam, streak."""
    facts = [f"{plural(home.due, 'question')} due" if home.due else "No questions due"]
    if home.exam_in is not None:
        when = "Exam today" if home.exam_in == 0 else f"Exam in {plural(home.exam_in, 'day')}"
        facts.append(when + _standing(home))
    if home.streak.days:
        facts.append(f"🔥 {home.streak.days}-day streak")
    elif home.streak.weeks:
        facts.append(f"🔥 {home.streak.weeks}-week streak")
    return " · ".join(facts)


def _certification(home: Home) -> list[str]:
    if home.valid_until is None:
        return []
    name = escape(home.course.certification or home.course.code)
    over = home.valid_until < home.today
    return [f"-# 🎓 {name}: {'expired on' if over else 'valid until'} {written(home.valid_until)}"]


def _standing(home: Home) -> str:
    plan = home.plan.plan if home.plan else None
    if plan is None or plan.standing not in (Standing.SHORT, Standing.ON_TRACK):
        return ""
    return ", on track" if plan.standing is Standing.ON_TRACK else ", behind"


def _length(minutes: int) -> str:
    return f" · {duration(minutes)}" if minutes else ""


def _asides(home: Home) -> Sequence[str]:
    """The exam's end if it is near, and the line about the study group, while the learner hasn't decided."""
    lines = [retirement(home.course, home.today)] if home.retires_soon else []
    if home.membership is Membership.UNDECIDED:
        lines.append(
            "👥 Members of this server's study group see each other's progress. Yours is private until you choose:"
        )
    return lines


def _group_buttons(home: Home) -> Row:
    if home.membership is not Membership.UNDECIDED:
        return []
    return [
        button("Visible", "join", home.course.id, "visible", emoji="👁️"),
        button("Hidden", "join", home.course.id, "hidden", emoji="🙈"),
    ]


def welcome(home: Home) -> ui.LayoutView:
    """Greet a newcomer: what Waymark does, who sees what, and one button that sets everything up."""
    course = home.course
    seen = (
        "🔒 Only you see your progress until you choose otherwise."
        if home.membership is not Membership.NO_GROUP
        else "🔒 Only you see your progress here."
    )
    return message_view(
        State.PROGRESS,
        f"### Welcome to Waymark\nStudy **{escape(course.code)} · {escape(truncate(course.title, 80))}** one unit at "
        "a time. I show you what's next, ask you questions before you forget, and keep you on track for the exam.",
        retirement(course, home.today) if home.retires_soon else "",
        f"-# {seen}",
        rows=[
            [
                button("Get started", "begin", course.id, style=ButtonStyle.primary),
                button("Skip", "start", course.id, "skip"),
                button("About the course", "about", course.id),
            ]
        ],
    )


def welcome_form(courses: Sequence[Course], home: Home) -> ui.Modal:
    """Ask for the course, the exam date and the time zone; all optional. In a server also for visibility."""
    offered = [
        option(truncate(f"{course.code} {course.title}", 100), course.id, default=course.id == home.course.id)
        for course in courses[:MAX_COURSES]
    ]
    fields = [
        select_field("Course", "course", offered),
        text_field("Exam date (optional)", "exam", hint="Leave it empty if you haven't booked it yet.",
                   example="Dec 18, or in 6 weeks", required=False),
        text_field("Time zone (optional)", "zone", hint="So that your day ends at your midnight.",
                   example="Berlin, India, PST or UTC+2", required=False),
    ]  # fmt: skip
    if home.membership is Membership.UNDECIDED:
        choices = [
            option("Visible", "visible", "Members of this study group see your progress, and you see theirs."),
            option("Hidden", "hidden", "Nobody else sees your progress.", default=True),
        ]
        fields.append(radio_field("Your progress in this server", "group", choices))
    return form("Get started", "begin", home.course.id, fields=fields)


def more(course: Course, *, server: bool) -> ui.LayoutView:
    """Render everything else a learner can open."""
    study: list[Component | None] = [
        button("Learning paths", "paths", course.id),
        button("My progress", "mine", course.id),
        button("About the course", "about", course.id),
        button("Study calendar", "studycalendar", course.id),
    ]
    practice: list[Component | None] = [
        button("Mock exam", "mockexam", course.id),
        button("Reminders", "remindlist"),
        button("Days off", "daysoff"),
    ]
    settings: list[Component | None] = [
        button("Switch course", "switch") if not server else None,
        button("Time zone", "zone"),
        button("Privacy", "kept"),
        button("Help", "help"),
        button("Back", "start", course.id),
    ]
    return message_view(
        State.PLAIN,
        f"### {escape(course.code)}: more",
        "What would you like to open?",
        rows=[study, practice, settings],
    )


def choose_course(courses: Sequence[Course], current: Course) -> ui.LayoutView:
    """Ask for the course to study outside of servers."""
    offered = [
        option(truncate(f"{course.code} {course.title}", 100), course.id, default=course.id == current.id)
        for course in courses[:MAX_COURSES]
    ]
    return message_view(
        State.PLAIN,
        "### Switch course\nThis is the course you study in direct messages. Your progress in every course is kept.",
        rows=[[select("Choose a course", offered, "switch")], [button("Back", "start")]],
    )


def calendar(home: Home, picture: Part) -> ui.LayoutView:
    """Render the study calendar."""
    streak = home.streak
    current = f"🔥 **{streak.days}-day streak**" if streak.days else "**No current streak**"
    return message_view(
        State.PROGRESS,
        "### Your study calendar",
        picture or "",
        f"{current} · best {plural(streak.longest, 'day')}\n"
        f"-# {plural(len(home.days), 'study day')} in the last 26 weeks",
        rows=[[button("Back", "more", home.course.id)]],
    )


def exam_understood(reading: DayReading) -> str:
    """Say how an exam date was understood."""
    doubt = f" If you meant {written_day(reading.other)}, change it in your plan." if reading.other else ""
    return f"✅ Exam date: {written_day(reading.day)}.{doubt}"


def zone_understood(zone: ZoneInfo) -> str:
    """Say how a time zone was understood."""
    return f"✅ Time zone: {escape_typed(zone_label(zone.key))}, {clock_rule(zone.key)}."
