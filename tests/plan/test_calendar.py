"""The calendar file, read with another library (vobject) and with icalendar."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views import plan_calendar as views
from tests.cogs.conftest import current_values

NOW = datetime(2026, 11, 20, 9, 30, 12, 345_678, tzinfo=UTC)
EVENING = 19 * 60
BERLIN = ZoneInfo("Europe/Berlin")
EXAM = date(2027, 4, 16)
LETTERS = st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" ")


def read(made):
    """Return events by UID, parsed by vobject."""
    events = vobject.readOne(made.decode()).vevent_list
    found = {event.uid.value: event for event in events}
    assert len(found) == len(events), "a UID of its own for each event"
    return found


def write_calendar(at, *, learner=1, minute=EVENING, now=NOW):
    return views.write_calendar(at, learner, minute, now)


def span(event):
    return event.dtstart.value, event.dtend.value


@pytest.fixture
def az104(courses):
    return courses["az-104"]


def test_another_library_reads_blocks_review_and_exam(planned, az104):
    at = planned(az104, EXAM, days=(0, 3), minutes=100)
    events = list(read(write_calendar(at)).values())
    studied, review, exam = events[: len(at.plan.blocks)], events[len(at.plan.blocks) : -1], events[-1]
    assert len(review) == len(at.plan.review) > 0
    assert (exam.summary.value, *span(exam)) == ("AZ-104 exam", EXAM, EXAM + timedelta(days=1))
    for event, block in zip(studied, at.plan.blocks, strict=True):
        begin, end = span(event)
        assert begin == datetime(*block.day.timetuple()[:3], 19, tzinfo=BERLIN)
        assert end - begin == timedelta(minutes=block.minutes)
        assert event.summary.value.startswith("AZ-104: ")
        for node in {at.course.ancestors(part.node)[-1] for part in block.slices}:
            assert node.title in event.description.value
            assert node.link in event.description.value
        assert event.url.value in event.description.value
    for event, day in zip(review, at.plan.review, strict=True):
        begin, end = span(event)
        assert begin.astimezone(BERLIN).date() == day
        assert event.summary.value == "AZ-104: review"
    assert sum((span(event)[1] - span(event)[0]).seconds for event in review) == 60 * at.plan.review_minutes


def test_icalendar_reads_the_same(planned, az104):
    made = write_calendar(planned(az104, EXAM))
    theirs = {str(event["uid"]): event for event in icalendar.Calendar.from_ical(made).walk("VEVENT")}
    ours = read(made)
    assert theirs.keys() == ours.keys()
    for uid, event in theirs.items():
        assert (event.decoded("dtstart"), event.decoded("dtend")) == span(ours[uid])
        assert str(event["summary"]) == ours[uid].summary.value


def test_the_file_conforms_to_the_format(planned, az104):
    made = write_calendar(planned(az104, EXAM))
    lines = made.split(b"\r\n")
    assert lines.pop() == b""
    assert not [line for line in lines if b"\n" in line or b"\r" in line or len(line) > 75]
    text = made.decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert "\r\nVERSION:2.0\r\n" in text
    assert text.count("BEGIN:VEVENT") == text.count("\r\nDTSTAMP:20261120T093012Z\r\n") > 1


def test_summer_time_changes_the_instant_and_not_the_clock(planned, az104):
    """In Berlin clocks go forward on 28 March 2027."""
    at = planned(az104, EXAM, minutes=40, days=range(7))
    events = list(read(write_calendar(at)).values())
    begins = {event.dtstart.value.astimezone(BERLIN) for event in events[:-1]}
    assert {begin.hour for begin in begins} == {19}
    assert {begin.astimezone(UTC).hour for begin in begins} == {18, 17}


def test_a_nonexistent_local_time_is_moved_forward(planned, az104):
    at = planned(az104, EXAM, minutes=40, today=date(2027, 3, 28), start=date(2027, 3, 28))
    first = next(iter(read(write_calendar(at, minute=150)).values()))
    assert first.dtstart.value == datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "03:00 instead of 02:30"


def test_a_block_may_run_past_midnight(planned, az104):
    begin, end = span(
        next(iter(read(write_calendar(planned(az104, EXAM, minutes=600, days=(5,)), minute=1439)).values()))
    )
    assert end - begin == timedelta(hours=10)


def imported(*files):
    """Return a calendar after importing files: the newest version of each UID (RFC 5546)."""
    kept = {}
    for file in files:
        for uid, event in read(file).items():
            if uid not in kept or int(event.sequence.value) >= int(kept[uid].sequence.value):
                kept[uid] = event
    return kept


@pytest.mark.parametrize("shift", [7, -7])
def test_a_second_import_replaces_events(planned, az104, shift):
    """Two days later something is done and the exam date has changed: events are moved, not duplicated."""
    first = planned(az104, EXAM)
    assert imported(write_calendar(first), write_calendar(first)).keys() == read(write_calendar(first)).keys()
    moved = EXAM + timedelta(days=shift)
    later = planned(az104, moved, done=20, today=date(2026, 11, 22))
    new = write_calendar(later, now=NOW + timedelta(days=2), minute=8 * 60)
    for order in ((write_calendar(first), new), (new, write_calendar(first))):
        kept = imported(*order)
        exams = [event for event in kept.values() if event.summary.value == "AZ-104 exam"]
        assert [exam.dtstart.value for exam in exams] == [moved]
        for uid, event in read(new).items():
            assert span(kept[uid]) == span(event)
        days = [event.dtstart.value.astimezone(BERLIN).date() for event in kept.values() if event not in exams]
        assert len(set(days)) == len(days), "no day twice"
    assert all(event.last_modified.value > NOW for event in read(new).values())


def test_a_uid_depends_on_learner_course_and_day(planned, courses):
    learner = 123456789012345678
    files = [
        write_calendar(planned(courses[course], EXAM), learner=who)
        for course in ("az-104", "dp-900")
        for who in (learner, learner + 1)
    ]
    uids = [uid for file in files for uid in read(file)]
    assert len(set(uids)) == len(uids)
    assert not [file for file in files if str(learner)[:-1].encode() in file.replace(b"\r\n ", b"")]


@settings(max_examples=60, deadline=None)
@given(
    title=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=100)
)
def test_any_title_round_trips(planned, course, title):
    title = " ".join(title.split()) or "x"
    paths = [{"id": "a", "title": title, "minutes": 60, "url": "https://e.example/a"}]
    at = planned(course({"a": {}}, paths=paths), date(2026, 12, 18))
    event = next(iter(read(write_calendar(at)).values()))
    assert event.summary.value == f"T-1: {title}"
    assert event.description.value.startswith(f"{title}, ")


def test_parts_without_minutes_have_a_quarter_of_an_hour(planned, course):
    paths = [{"id": "a", "title": "A", "minutes": 30}, {"id": "b", "title": "B"}]
    at = planned(course({"a": {}}, paths=paths), date(2026, 12, 18), done=1)
    begin, end = span(next(iter(read(write_calendar(at)).values())))
    assert end - begin == timedelta(minutes=15)


async def test_the_command_sends_it_privately_with_how_to_import_it(sim):
    await sim.study.learners.set_zone(sim.ada.id, "New York")
    panel = await sim.set_plan(sim.ada, exam="2026-12-18", hours="5", days=["0", "2", "5"])
    form = await sim.click(sim.ada, panel, "Calendar")
    assert current_values(form.modal) == {"time": "19:00"}
    reply = await sim.fill(sim.ada, form, time="6:30pm")
    assert reply.private
    assert "**12 study days and the exam** · each at 18:30 (America/New York)" in reply.text
    assert "Open the file to add it to your calendar." in reply.text
    assert reply.buttons == ["Change time", "Plan"]
    (attachment,) = reply.message.attachments
    assert attachment.filename == "waymark-az-104.ics"
    events = read(sim.env.backend.cdn.get(attachment.url))
    assert len(events) == 13
    assert next(iter(events.values())).dtstart.value == datetime(2026, 11, 21, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize("restart", [False, True])
async def test_the_time_is_remembered(sim, restart):
    panel = await sim.set_plan(sim.ada, exam="2026-12-18", hours="5")
    sent = await sim.fill(sim.ada, await sim.click(sim.ada, panel, "Calendar"), time="7:15")
    assert "each at 07:15 (UTC)" in sent.text
    assert sent.buttons == ["Change time", "Set time zone", "Plan"]
    await sim.set_plan(sim.ada, hours="6")
    if restart:
        await sim.restart()
    form = await sim.click(sim.ada, sent, "Change time")
    assert current_values(form.modal) == {"time": "07:15"}
    assert BytesIO(sim.env.backend.cdn.get(sent.message.attachments[0].url)).readline() == b"BEGIN:VCALENDAR\r\n"


async def test_an_exam_alone_needs_no_time(sim):
    panel = await sim.set_plan(sim.ada, exam="2026-12-18")
    reply = await sim.click(sim.ada, panel, "Calendar")
    assert reply.text.startswith("### AZ-104 calendar\n**The exam**\n")
    assert len(read(sim.env.backend.cdn.get(reply.message.attachments[0].url))) == 1


async def test_a_forged_or_outdated_calendar_button_is_refused(sim, clock):
    panel = await sim.set_plan(sim.ada, exam="2026-12-18", hours="5")
    assert (
        "haven't set an exam date for AZ-104" in (await sim.press(sim.bruno, "wm1:calendar:az-104", panel.message)).text
    )
    clock.move(days=40)
    assert (
        "Your AZ-104 exam was on December 18. Open </plan:"
        in (await sim.press(sim.ada, "wm1:calendar:az-104", panel.message)).text
    )


async def test_an_invalid_time_is_refused(sim):
    panel = await sim.set_plan(sim.ada, exam="2026-12-18", hours="5")
    form = await sim.click(sim.ada, panel, "Calendar")
    assert "“noon” isn't a time of day" in (await sim.fill(sim.ada, form, time="noon")).text
