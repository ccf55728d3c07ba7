"""The pictures, decoded and measured, and their alt texts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.client.pictures import SUBJECTS
from bot.core.course.badge import Badge, BadgeColor, Glyph
from bot.core.course.course import Course
from bot.core.course.progress import Progress, Tick
from bot.core.plan.burndown import Burndown, burndown
from bot.core.plan.plan import plan
from bot.core.plan.readiness import readiness
from bot.core.plan.study_days import EVERY_DAY, Goal
from bot.views.pictures.calendar import StudyCalendar
from bot.views.pictures.canvas import BACKGROUND, BLUE, DONE, GREEN, ORANGE, TILE, TRACK, Canvas, Color, DrawingCache
from bot.views.pictures.completed import CompletionCard
from bot.views.pictures.home import HomeCard
from bot.views.pictures.podium import PlacedPlayer, Podium
from bot.views.pictures.readiness import DomainBar, ReadinessCard
from tests.conftest import READER, course_text

TODAY = date(2026, 11, 20)
SCRIPTS = ("Ana Lucía", "Ελένη", "山田太郎", "عمر الفاروق", "🌸 Sakura", "Наталія", "김민준", "प्रिया", "דוד כהן", "ไทย")
ODD = "\u0000\n\u200b\u200d\u202e\ufe0f\u0301\u3164\ud800\uffff🏽🇩👩❤1A가ع 𝓐ﷺ"
ANY_NAME = st.text(st.characters(exclude_categories=())) | st.text(st.sampled_from(ODD), max_size=40)
COMMON = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

HOME = HomeCard(
    "AZ-104", 38, 800, exam_in=40, on_track=True, due=12, planned=25,
    week=(True, True, False, True, False, False, False), today=4, streak=9,
)  # fmt: skip
CALENDAR = StudyCalendar(TODAY, tuple(TODAY - timedelta(days=each) for each in range(8, -1, -1)), 9, 21, 2)
READINESS = ReadinessCard(
    "AZ-104", 41, (DomainBar("Identities", 0.25, 82), DomainBar("Storage", 0.125, 12)), "+8% in 1 h 7 min", "Machines"
)
BURNDOWN = Burndown(
    date(2026, 11, 1), TODAY, date(2027, 1, 8), 300, 800, on_track=True,
    planned=((date(2026, 10, 31), 1000), (TODAY, 750), (date(2026, 12, 28), 0)),
    actual=((date(2026, 10, 31), 1000), (TODAY, 800)), review=date(2026, 12, 29),
)  # fmt: skip
COMPLETED = CompletionCard("Bruno", "AZ-104", "Manage storage", Badge(Glyph.DATABASE, BadgeColor.TEAL), 4, 114, TODAY)
PODIUM = Podium("AZ-104 quiz", (PlacedPlayer(1, "Ada", 5), PlacedPlayer(2, "Bo", 4), PlacedPlayer(2, "Cy", 4)), 7, 5)
ALL: tuple[Any, ...] = (HOME, CALENDAR, READINESS, BURNDOWN, COMPLETED, PODIUM)
LONG = "W" * 100
SMALL = READER.read(course_text({"a": {"m": ["u1", "u2"]}, "b": {"m": ["u1"]}}), "small.yaml")


@pytest.fixture(scope="module")
def drawing() -> DrawingCache:
    return DrawingCache()


def drawn(content: Any, drawing: DrawingCache) -> Image.Image:
    """Draw and decode a picture, within the limits that all pictures have."""
    png = SUBJECTS[type(content)].draw(content, drawing)
    assert len(png) <= 60 * 1024
    Image.open(BytesIO(png)).verify()
    image = Image.open(BytesIO(png)).convert("RGB")
    assert image.width == 600
    assert image.height <= 800
    assert 0 < len(SUBJECTS[type(content)].alt_text(content)) <= 1024
    return image


def count(image: Image.Image, color: Color) -> int:
    """Return the number of pixels of exactly this color."""
    return next((number for number, each in image.getcolors(1 << 20) or [] if each == color), 0)


@pytest.mark.parametrize("content", ALL, ids=lambda content: type(content).__name__)
def test_equal_contents_give_equal_bytes(content: Any, drawing: DrawingCache) -> None:
    draw = SUBJECTS[type(content)].draw
    assert draw(content, drawing) == draw(replace(content), DrawingCache())


@pytest.mark.parametrize(
    "content",
    [
        replace(HOME, code="W" * 32, percent=100, exam_in=1095, due=99_999, planned=6000, streak=99_999),
        replace(HOME, percent=99, week=(True,) * 7, on_track=False, today=6),
        replace(HOME, percent=0, exam_in=None, on_track=None, due=0, planned=None, left=0, week=(False,) * 7, streak=0),
        replace(CALENDAR, days=tuple(TODAY - timedelta(days=each) for each in range(999, -1, -1)), streak=99_999),
        replace(CALENDAR, best=99_999),
        replace(CALENDAR, days=(), streak=0, best=0, freezes=0, today=date(2027, 1, 31)),
        ReadinessCard("W" * 32, 0, ()),
        ReadinessCard("W" * 32, 100, (DomainBar(LONG, 1.0, 100),) * 30, "+99% in 100 h", LONG),
        ReadinessCard("W" * 32, 100, (DomainBar("None", 0.0, 0),), "", ""),
        replace(BURNDOWN, planned=(), actual=((TODAY, 0),), review=None, left=0),
        replace(BURNDOWN, left=99_999, pace=3600, exam=date(2029, 9, 28), on_track=False),
        replace(BURNDOWN, exam=TODAY, review=TODAY),
        replace(BURNDOWN, start=TODAY + timedelta(days=2), planned=(), actual=((TODAY + timedelta(days=1), 800),)),
        replace(COMPLETED, name=LONG, title=LONG, minutes=0, modules=0, code="W" * 32),
        replace(COMPLETED, title=" ".join(["Wide words"] * 10)),
        Podium(LONG, (PlacedPlayer(1, LONG, 20),) * 3, 999, 20),
        Podium("Quiz", (), 0, 0),
        Podium("Quiz", (PlacedPlayer(1, "", 0),), 1, 1),
    ],
)  # fmt: skip
def test_extreme_values_fit(content: Any, drawing: DrawingCache) -> None:
    image = drawn(content, drawing)
    for edge in ((0, 0, 6, image.height), (594, 0, 600, image.height)):
        assert count(image.crop(edge), BACKGROUND) == 6 * image.height, "nothing is drawn at the edges"


@COMMON
@given(name=ANY_NAME)
def test_any_name_can_be_drawn(drawing: DrawingCache, name: str) -> None:
    drawn(replace(COMPLETED, name=name), drawing)
    drawn(replace(PODIUM, best=(PlacedPlayer(1, name, 3),)), drawing)


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_is_drawn(drawing: DrawingCache, name: str) -> None:
    unnamed = drawn(replace(COMPLETED, name=""), drawing)
    assert drawn(replace(COMPLETED, name=name), drawing).tobytes() != unnamed.tobytes()
    assert name in SUBJECTS[CompletionCard].alt_text(replace(COMPLETED, name=name))


@COMMON
@given(first=st.integers(0, 100), second=st.integers(0, 100))
def test_the_ring_grows_with_the_percentage(drawing: DrawingCache, first: int, second: int) -> None:
    less, more = sorted((first, second))
    left, right = (count(drawn(replace(HOME, percent=each), drawing), TRACK) for each in (less, more))
    assert left >= right


def test_home_shows_each_fact(drawing: DrawingCache) -> None:
    image = drawn(HOME, drawing)
    assert count(image, GREEN)
    assert not count(image, ORANGE)
    assert count(drawn(replace(HOME, on_track=False), drawing), ORANGE)
    day = count(drawn(replace(HOME, week=(True,) + (False,) * 6), drawing), DONE)
    assert day
    assert count(image, DONE) == pytest.approx(3 * day, rel=0.1)
    assert SUBJECTS[HomeCard].alt_text(HOME) == (
        "AZ-104: 38% complete. Exam in 40 days, on track. 12 questions due. 25 min planned today. Today is Friday; "
        "study days this week: Monday, Tuesday and Thursday. Streak: 9 days."
    )
    alone = replace(HOME, exam_in=1, on_track=None, planned=None, due=1, streak=1, week=(False,) * 7)
    assert SUBJECTS[HomeCard].alt_text(alone) == (
        "AZ-104: 38% complete. Exam tomorrow. 1 question due. 13 h left. Today is Friday; "
        "study days this week: none yet. Streak: 1 day."
    )


def test_the_calendar_shows_26_weeks_with_today(drawing: DrawingCache) -> None:
    none, one = (replace(CALENDAR, days=days) for days in ((), (CALENDAR.first,)))
    empty, first = (count(drawn(each, drawing), GREEN) for each in (none, one))
    assert empty == 0
    assert first > 200
    assert count(drawn(replace(CALENDAR, days=(CALENDAR.first - timedelta(days=1),)), drawing), GREEN) == 0
    assert count(drawn(CALENDAR, drawing), GREEN) == pytest.approx(9 * first, rel=0.1)
    assert count(drawn(none, drawing), TILE) > 170 * first, "days without study, but none after today"
    assert SUBJECTS[StudyCalendar].alt_text(CALENDAR) == (
        "9-day streak. Best 21 days · 2 streak freezes. 9 study days since May 25, 2026. Today is one."
    )


def test_the_length_of_a_bar_is_the_share_of_the_exam(drawing: DrawingCache) -> None:
    image = drawn(replace(READINESS, domains=tuple(replace(each, percent=0) for each in READINESS.domains)), drawing)
    long, short = (count(image.crop((32, y + 9, 300, y + 10)), TRACK) for y in (158, 206))
    assert (long, short) == (pytest.approx(216, abs=2), pytest.approx(108, abs=2))
    full = drawn(READINESS, drawing)
    assert count(full.crop((32, 167, 300, 168)), GREEN) == pytest.approx(216 * 0.82, abs=3)
    assert count(full.crop((32, 215, 300, 216)), ORANGE) == pytest.approx(18, abs=3)
    assert SUBJECTS[ReadinessCard].alt_text(READINESS) == (
        "AZ-104 readiness: 41%. Ready by domain: Identities 82% (67% of the exam); Storage 12% (33% of the exam). "
        "Biggest gain: Machines, +8% in 1 h 7 min."
    )


def test_readiness_names_domains_by_their_paths(courses: dict[str, Course]) -> None:
    one, several = (
        [domain.name for domain in ReadinessCard.of(each, readiness(Progress(each, ()))).domains]
        for each in (courses["az-104"], courses["az-400"])
    )
    assert one == ["Identities", "Storage", "Compute", "Networks", "Monitoring"]
    assert "Design and implement build and release pipelines" in several, "a domain of several paths"


def test_the_burndown_has_both_lines_review_and_exam(drawing: DrawingCache) -> None:
    image = drawn(BURNDOWN, drawing)
    assert count(image, BLUE) > 1000
    assert count(image, ORANGE) > 5 * 200
    assert count(image, (0x27, 0x31, 0x50)) > 60 * 150
    assert count(drawn(replace(BURNDOWN, review=None), drawing), (0x27, 0x31, 0x50)) == 0
    text = SUBJECTS[Burndown].alt_text(BURNDOWN)
    assert text == (
        "Exam on January 8; today is November 20, 2026. On track, 5 h a week since November 1, 2026. 13 h 20 min left. "
        "The plan has 12 h 30 min left today. Review days from December 29, 2026."
    )


def test_the_burndown_follows_what_was_completed(course: Callable[..., Course]) -> None:
    tested = course({"a": {"m": [f"u{each}" for each in range(10)]}})
    start = TODAY - timedelta(days=10)
    noon = int((TODAY - date(1970, 1, 1)).total_seconds()) + 43_200
    days_ago = (30, 9, 9, 2, 0)
    ticks = [Tick(f"a/m/u{at}", noon - 86_400 * days, noon) for at, days in enumerate(days_ago)]
    goal = Goal(exam=TODAY + timedelta(days=20), minutes_a_week=70, days=EVERY_DAY, start=start, baseline_minutes=90)
    progress = Progress(tested, ticks)
    found = burndown(progress, plan(progress, goal, TODAY))
    assert [day for day, _ in found.actual] == [start + timedelta(days=each) for each in range(-1, 11)]
    assert [left for _, left in found.actual] == [90, 90, 70, 70, 70, 70, 70, 70, 70, 60, 60, 50]
    assert found.left == 50
    assert found.planned[0] == (start - timedelta(days=1), 90)
    assert found.planned[-1][1] == 0
    lefts = [left for _, left in found.planned]
    assert lefts == sorted(lefts, reverse=True)
    assert found.review is not None
    assert found.planned[-1][0] == found.review - timedelta(days=1)


@COMMON
@given(
    ahead=st.integers(-5, 1095),
    before=st.integers(-30, 900),
    pace=st.integers(30, 3600),
    days=st.sets(st.integers(0, 6), min_size=1),
)
def test_a_burndown_of_any_plan_can_be_drawn(
    drawing: DrawingCache, ahead: int, before: int, pace: int, days: set[int]
) -> None:
    start = TODAY - timedelta(days=before)
    exam = max(start + timedelta(days=1), TODAY + timedelta(days=ahead))
    progress = Progress(SMALL, [])
    goal = Goal(exam=exam, minutes_a_week=pace, days=frozenset(days), start=start, baseline_minutes=SMALL.minutes)
    found = burndown(progress, plan(progress, goal, TODAY))
    for line in (found.planned, found.actual):
        assert 1 <= len(line) <= 123
        assert [day for day, _ in line] == sorted(day for day, _ in line)
    drawn(found, drawing)


def test_a_completed_path_has_its_badge(drawing: DrawingCache) -> None:
    image = drawn(COMPLETED, drawing)
    assert count(image, (0x17, 0xA2, 0xAB)) > 1000
    assert count(image, DONE) > 1000
    assert SUBJECTS[CompletionCard].alt_text(COMPLETED) == (
        "Bruno completed the learning path Manage storage. 1 h 54 min · November 20, 2026. Its badge has a check mark."
    )


def test_players_with_equal_scores_stand_equally_high(drawing: DrawingCache) -> None:
    def tops(*places: int) -> list[int]:
        best = tuple(PlacedPlayer(place, "", 1) for place in places)
        image = drawn(replace(PODIUM, best=best), drawing)
        return [next((y for y in range(404) if image.getpixel((x, y)) == TILE), 404) for x in (62, 244, 426)]

    second, first, third = tops(1, 2, 3)
    assert first < second < third
    assert tops(1, 1, 3) == [first, first, third]
    assert tops(1, 2, 2) == [second, first, second]
    assert tops(1) == [404, first, 404]
    assert SUBJECTS[Podium].alt_text(PODIUM) == (
        "AZ-104 quiz: 5 questions. 1. Ada, 5 of 5 correct. 2. Bo, 4 of 5 correct. 2. Cy, 4 of 5 correct. "
        "And 4 more players."
    )


def test_a_bar_shows_little_as_more_than_nothing(drawing: DrawingCache) -> None:
    def filled(*parts: tuple[Color, int]) -> tuple[int, int]:
        canvas = Canvas(60, drawing)
        canvas.bar(32, 20, 400, *parts)
        row = Image.open(BytesIO(canvas.png())).convert("RGB").crop((32, 29, 432, 30))
        return count(row, BLUE), count(row, ORANGE)

    assert filled() == (0, 0)
    assert filled((BLUE, 0)) == (0, 0)
    assert filled((BLUE, 1))[0] == pytest.approx(18, abs=2)
    assert filled((BLUE, 400))[0] == pytest.approx(400, abs=2)
    assert filled((BLUE, 100), (ORANGE, 150)) == (pytest.approx(100, abs=2), pytest.approx(50, abs=2))


def test_a_picture_has_a_limited_number_of_colors(drawing: DrawingCache) -> None:
    canvas = Canvas(10, drawing)
    for shade in range(15):
        canvas.rectangle(0, 0, 1, 1, (shade, 0, 0))
    with pytest.raises(ValueError, match="at most 16 combinations"):
        canvas.rectangle(0, 0, 1, 1, (15, 0, 0))
