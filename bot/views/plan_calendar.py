"""Write a plan as a calendar file (RFC 5545), and render the message with the file.

Each study day is an event. Its UID is derived from the learner, the course and the date, so that importing a file twice
doesn't duplicate events and a later file replaces an earlier one. Times are UTC instants, computed from the learner's
zone for each day, so that they are right before and after a change to summer time.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from io import BytesIO
from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.core.calendar.slots import instant
from bot.core.plan.plan import Block
from bot.core.plan.study_days import Calendar
from bot.study.plans import CoursePlan
from bot.views.buttons import button
from bot.views.layout import State, duration, escape, message_view, plural
from bot.views.plan import modules

if TYPE_CHECKING:
    import icalendar

NAME = "waymark-{course}.ics"
UNMEASURED = 15
"""Minutes of a study day whose parts have no known duration."""
_COUNTED_FROM = datetime(2020, 1, 1, tzinfo=UTC)


def write_calendar(course_plan: CoursePlan, learner: int, minute: int, now: datetime) -> bytes:
    """Return the file: study and review blocks that begin ``minute`` minutes after midnight, and the exam as an all-day
    event.

    Call this in a thread: the import is slow, and a plan of three years has a thousand events.
    """
    import icalendar  # noqa: PLC0415  # takes 10 MB and 0.1 s, and few processes need it

    calendar = icalendar.Calendar()
    for name, value in (
        ("prodid", "-//Waymark//Study plan//EN"),
        ("version", "2.0"),
        ("calscale", "GREGORIAN"),
        ("method", "PUBLISH"),
        ("x-wr-calname", f"{course_plan.course.code} study plan"),
    ):
        calendar.add(name, value)
    for key, start, end, title, text, url in _events(course_plan, minute):
        event = icalendar.Event()
        event.add("uid", _uid(learner, course_plan.course.id, key))
        event.add("summary", title)
        event.add("dtstart", start)
        event.add("dtend", end)
        _stamp(event, now)
        if text:
            event.add("description", text)
        if url:
            event.add("url", url)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _stamp(event: "icalendar.Event", now: datetime) -> None:
    """Set the version of an event: calendar programs keep the newest event with a UID."""
    timestamp = now.astimezone(UTC).replace(microsecond=0)
    event.add("dtstamp", timestamp)
    event.add("last-modified", timestamp)
    event.add("sequence", int((timestamp - _COUNTED_FROM).total_seconds()))


def _uid(learner: int, course: str, key: str) -> str:
    """Return the same UID for the same learner, course and day. It doesn't reveal the learner."""
    return f"{blake2b(f'{learner}/{course}/{key}'.encode(), digest_size=16).hexdigest()}@waymark"


_Event = tuple[str, date, date, str, str, str | None]
"""Key of the UID, start and end (instants or days), title, text and link."""


def _events(course_plan: CoursePlan, minute: int) -> Iterator[_Event]:
    code = course_plan.course.code
    if course_plan.plan:
        for block in course_plan.plan.blocks:
            titles = list(_module_details(course_plan, block))
            more = f" and {len(titles) - 1} more" if len(titles) > 1 else ""
            text = "\n".join(f"{title}, {duration(minutes)}\n{url or ''}".strip() for title, minutes, url in titles)
            start, end = _block_times(course_plan, block.day, minute, block.minutes or UNMEASURED)
            yield str(block.day), start, end, f"{code}: {titles[0][0]}{more}", text, titles[0][2]
        goal = course_plan.plan.goal
        minutes = Calendar.of(goal.days, goal.minutes_a_week, goal.away)
        for day in course_plan.plan.review:
            start, end = _block_times(course_plan, day, minute, minutes.on(day.toordinal()))
            yield str(day), start, end, f"{code}: review", "Go over what you studied before the exam.", None
    link = course_plan.course.links.study_guide or course_plan.course.links.certification
    yield "exam", course_plan.exam, course_plan.exam + timedelta(days=1), f"{code} exam", course_plan.course.title, link


def _block_times(course_plan: CoursePlan, day: date, minute: int, minutes: int) -> tuple[datetime, datetime]:
    start = instant(day, time(minute // 60, minute % 60), course_plan.zone)
    return start, start + timedelta(minutes=minutes)


def _module_details(course_plan: CoursePlan, block: Block) -> Iterator[tuple[str, int, str | None]]:
    """Yield title, minutes and link of each module of a day."""
    for part in modules(block.slices, course_plan.course):
        yield part.node.title, part.minutes, part.node.link


def file(course_plan: CoursePlan, content: bytes) -> discord.File:
    """Return the calendar file as an attachment."""
    name = NAME.format(course=course_plan.course.id)
    return discord.File(
        BytesIO(content), filename=name, description=f"{course_plan.course.code} study plan as a calendar"
    )


def message(course_plan: CoursePlan, minute: int) -> ui.LayoutView:
    """Render the message with the file, which explains how to import it."""
    days = len(course_plan.plan.blocks) + len(course_plan.plan.review) if course_plan.plan else 0
    content_summary = f"{plural(days, 'study day')} and the exam" if days else "The exam"
    clock = course_plan.zone.key.replace("_", " ")
    when = f" · each at {minute // 60:02}:{minute % 60:02} ({clock})" if days else ""
    return message_view(
        State.PLAIN,
        f"### {escape(course_plan.course.code)} calendar\n**{content_summary}**{when}",
        "Open the file to add it to your calendar. Google Calendar: on a computer, Settings › Import & export.",
        "-# Plan changed? Import the new file: events are updated, not duplicated. Tip: use a separate calendar, so "
        "that it's easy to remove.",
        rows=[
            [
                button("Change time", "calendar", course_plan.course.id) if days else None,
                button("Set time zone", "zone") if days and not course_plan.zone_known else None,
                button("Plan", "plan", course_plan.course.id),
            ]
        ],
        file=NAME.format(course=course_plan.course.id),
    )
