"""A plan as a calendar file (RFC 5545), and the message that carries it.

Each study day has an event of its own, whose UID follows from the learner, the course and the date: imported twice, it
is there once, and a later file takes the place of an earlier one. Times are instants in UTC, worked out by the
learner's clock on each day, so that they are right on both sides of a change to summer time in every program.
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
from bot.views.layout import State, card, duration, plural, safe
from bot.views.plan import modules

if TYPE_CHECKING:
    import icalendar

NAME = "waymark-{course}.ics"
UNMEASURED = 15
"""Minutes in the calendar of a study day whose parts have no known minutes."""
_COUNTED_FROM = datetime(2020, 1, 1, tzinfo=UTC)


def written(at: CoursePlan, learner: int, minute: int, now: datetime) -> bytes:
    """The file: study blocks and review that begin ``minute`` minutes after midnight, and the exam all day.

    For a thread: the library takes a while to be loaded, and a plan of three years has a thousand events.
    """
    import icalendar  # noqa: PLC0415  # 10 MB and a tenth of a second, for who never asks for a calendar

    calendar = icalendar.Calendar()
    for name, value in (
        ("prodid", "-//Waymark//Study plan//EN"),
        ("version", "2.0"),
        ("calscale", "GREGORIAN"),
        ("method", "PUBLISH"),
        ("x-wr-calname", f"{at.course.code} study plan"),
    ):
        calendar.add(name, value)
    for key, begin, end, title, text, url in _events(at, minute):
        event = icalendar.Event()
        event.add("uid", _uid(learner, at.course.id, key))
        event.add("summary", title)
        event.add("dtstart", begin)
        event.add("dtend", end)
        _stamp(event, now)
        if text:
            event.add("description", text)
        if url:
            event.add("url", url)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _stamp(event: "icalendar.Event", now: datetime) -> None:
    """When this version was made: programs keep the newest of a UID."""
    made = now.astimezone(UTC).replace(microsecond=0)
    event.add("dtstamp", made)
    event.add("last-modified", made)
    event.add("sequence", int((made - _COUNTED_FROM).total_seconds()))


def _uid(learner: int, course: str, key: str) -> str:
    """The same for the same learner, course and day in every file; nobody reads the learner from it."""
    return f"{blake2b(f'{learner}/{course}/{key}'.encode(), digest_size=16).hexdigest()}@waymark"


_Event = tuple[str, date, date, str, str, str | None]
"""What the UID is made of, begin and end (instants or days), title, text and link."""


def _events(at: CoursePlan, minute: int) -> Iterator[_Event]:
    code = at.course.code
    if at.plan:
        for block in at.plan.blocks:
            titles = list(_lines(at, block))
            more = f" and {len(titles) - 1} more" if len(titles) > 1 else ""
            text = "\n".join(f"{title}, {duration(minutes)}\n{url or ''}".strip() for title, minutes, url in titles)
            begin, end = _times(at, block.day, minute, block.minutes or UNMEASURED)
            yield str(block.day), begin, end, f"{code}: {titles[0][0]}{more}", text, titles[0][2]
        goal = at.plan.goal
        minutes = Calendar.of(goal.days, goal.minutes_a_week, goal.away)
        for day in at.plan.review:
            begin, end = _times(at, day, minute, minutes.on(day.toordinal()))
            yield str(day), begin, end, f"{code}: review", "Go over what you studied before the exam.", None
    link = at.course.links.study_guide or at.course.links.certification
    yield "exam", at.exam, at.exam + timedelta(days=1), f"{code} exam", at.course.title, link


def _times(at: CoursePlan, day: date, minute: int, minutes: int) -> tuple[datetime, datetime]:
    begin = instant(day, time(minute // 60, minute % 60), at.zone)
    return begin, begin + timedelta(minutes=minutes)


def _lines(at: CoursePlan, block: Block) -> Iterator[tuple[str, int, str | None]]:
    """Title, minutes and link of each module of a day."""
    for part in modules(block.slices, at.course):
        yield part.node.title, part.minutes, part.node.link


def file(at: CoursePlan, made: bytes) -> discord.File:
    """The calendar file as an attachment."""
    name = NAME.format(course=at.course.id)
    return discord.File(BytesIO(made), filename=name, description=f"{at.course.code} study plan as a calendar")


def message(at: CoursePlan, minute: int) -> ui.LayoutView:
    """What is in the file, and how it gets into a calendar."""
    days = len(at.plan.blocks) + len(at.plan.review) if at.plan else 0
    what = f"{plural(days, 'study day')} and the exam" if days else "The exam"
    clock = "UTC: `/me timezone:` sets your clock" if at.zone.key == "UTC" else at.zone.key.replace("_", " ")
    when = f" · each at {minute // 60:02}:{minute % 60:02}, {clock}" if days else ""
    view = card(
        State.PLAIN,
        f"### {safe(at.course.code)} calendar\n**{what}**{when}",
        "Open the file to add it to your calendar app; for Google, choose Settings, Import on a computer.",
        "-# Has the plan changed? Import a new file: days are updated, not doubled. In a calendar of its own, "
        "old days are easy to clear first.",
    )
    view.add_item(ui.File(f"attachment://{NAME.format(course=at.course.id)}"))
    return view
