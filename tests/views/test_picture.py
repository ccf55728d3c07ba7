"""The digest's picture, decoded and measured. ``python -m tests.views.test_picture`` draws the pictures in ``docs``."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.core.cohort.digest import Digest, PathShare, Total
from bot.core.cohort.members import Person
from bot.core.cohort.week import Week
from bot.core.course.course import Course
from bot.core.course.reading import CourseReader
from bot.views.digest_texts import NBSP
from bot.views.pictures.canvas import BLUE, CONTENT_WIDTH, GREEN, MARGIN, ORANGE, RIGHT, TRACK
from bot.views.pictures.digest import MAX_PATHS, DigestPicture, alt_text, selected_shares
from bot.views.pictures.words import MAX_ALT_TEXT

ROOT = Path(__file__).parent.parent.parent
SINCE = datetime(2026, 11, 16, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def picture() -> DigestPicture:
    return DigestPicture()


@pytest.fixture(scope="module")
def az104() -> Course:
    return read("az-104")


@cache
def read(code: str) -> Course:
    return CourseReader().read((ROOT / "data/courses" / f"{code}.yaml").read_text("utf-8"), f"{code}.yaml")


def a_week(course: Course, shares: list[tuple[int, int]], people: int, minutes: int = 430, last: int | None = 310) -> Digest:  # fmt: skip  # noqa: E501
    """Build a digest. ``shares`` are (now, before) of each path, ``last`` are the minutes of the week before."""
    week = Week(
        SINCE - timedelta(days=7), SINCE, SINCE + timedelta(days=7),
        date(2026, 11, 16), date(2026, 11, 22), date(2026, 11, 23),
    )  # fmt: skip
    return Digest(
        course, week, members=people + 1,
        people=tuple(Person(number, (), (), 4, 4, 36) for number in range(people)),
        total=Total(units=4 * people, minutes=minutes),
        last_week=None if last is None else Total(units=bool(last), minutes=last),
        timed=True, highlight=None,
        shares=tuple(PathShare(path, *share) for path, share in zip(course.paths, shares, strict=False)),
        joined=(), returned=(), exams=(), away=0, focus=None, focus_members=0, suggestion=None,
    )  # fmt: skip


def busy(course: Course) -> Digest:
    return a_week(course, [(86, 71), (50, 38), (29, 20), (13, 6), (0, 0), (20, 0)], 5)


def opened(png: bytes) -> Image.Image:
    image = Image.open(BytesIO(png))
    image.verify()
    return Image.open(BytesIO(png)).convert("RGB")


def bars(png: bytes) -> list[tuple[int, int]]:
    """Return where the blue and the orange part of each bar end, in pixels from its left."""
    image = opened(png)
    found: list[list[tuple[int, int]]] = []
    last = -2
    for y in range(image.height):
        row = [image.getpixel((x, y)) for x in range(MARGIN, RIGHT)]
        middle = row[12:-12]
        edges = len(middle) - sum(map(middle.count, (BLUE, ORANGE, TRACK)))
        if edges > 16:
            continue
        found += [[]] if y != last + 1 else []
        ends = [max((x + 1 for x, color in enumerate(row) if color == wanted), default=0) for wanted in (BLUE, ORANGE)]
        found[-1].append((ends[0], max(ends)))
        last = y
    return [rows[len(rows) // 2] for rows in found if len(rows) > 8]


def test_a_busy_week_fits_a_phone(picture: DigestPicture, az104: Course) -> None:
    png = picture.draw(busy(az104))
    image = opened(png)
    assert image.width == 600
    assert 500 < image.height <= 700
    assert len(png) <= 40_000
    assert GREEN in {color for _, color in image.getcolors(1 << 20) or []}, "more than last week"


def test_the_largest_digest_has_limited_height_and_size(picture: DigestPicture) -> None:
    course = read("az-400")
    paths = tuple(replace(course.paths[0], id=f"path-{at}", title="W" * 100, modules=()) for at in range(25))
    digest = a_week(replace(course, paths=paths), [(at, at // 2) for at in range(25)], 500, 99_999_999, 1)
    png = picture.draw(digest)
    assert opened(png).height <= 700
    assert len(png) <= 100_000


def test_paths_that_changed_most_are_shown_in_course_order() -> None:
    path = read("az-900").paths[0]
    shares = [PathShare(replace(path, id=f"path-{at}"), 50 + at, 50) for at in range(20)]
    shares[3] = replace(shares[3], now=0, before=0)
    shares[5] = replace(shares[5], now=100, before=100)
    assert [share.path.id for share in selected_shares(shares)] == [f"path-{at}" for at in range(16, 20)]
    assert selected_shares(shares[2:6]) == [shares[2], shares[4]], "neither those not begun nor those long completed"
    assert len(selected_shares(shares)) == MAX_PATHS


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shares=st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99)), min_size=1, max_size=MAX_PATHS))
def test_bars_match_the_shares(picture: DigestPicture, shares: list[tuple[int, int]]) -> None:
    found = bars(picture.draw(a_week(read("az-104"), shares, 2)))
    assert len(found) == len(shares)
    for (now, before), (blue, end) in zip(shares, found, strict=True):
        if CONTENT_WIDTH * min(now, before) / 100 > 20:  # a shorter bar is as wide as high
            assert blue == pytest.approx(CONTENT_WIDTH * min(now, before) / 100, abs=2)
            assert end == pytest.approx(CONTENT_WIDTH * now / 100, abs=2)


@pytest.mark.parametrize(("minutes", "last"), [(300, 310), (310, 310), (310, None), (310, 0)])
def test_only_more_than_last_week_is_green(
    picture: DigestPicture, az104: Course, minutes: int, last: int | None
) -> None:
    image = opened(picture.draw(a_week(az104, [(86, 71)], 5, minutes, last)))
    assert GREEN not in {color for _, color in image.getcolors(1 << 20) or []}


@pytest.mark.parametrize("members", [1, 2, 500])
def test_a_quiet_week_has_a_small_picture(picture: DigestPicture, az104: Course, members: int) -> None:
    quiet = picture.draw(replace(a_week(az104, [(40, 40)] * 6, 0), members=members))
    image = opened(quiet)
    assert (image.width, image.height) == (600, 330)
    assert len(quiet) < 20_000
    assert not bars(quiet)
    assert quiet != picture.draw(replace(a_week(az104, [(40, 40)] * 6, 0), members=members + 1))


def test_one_member_and_nobody(picture: DigestPicture, az104: Course) -> None:
    one = a_week(az104, [(4, 0)] * 6, 1, 36, None)
    assert opened(picture.draw(one)).height < 700
    assert "1 person: 36 min, in its first week." in alt_text(one).replace(NBSP, " ")
    nobody = replace(a_week(az104, [(0, 0)] * 6, 0), members=0)
    assert opened(picture.draw(nobody)).height < 400
    assert alt_text(nobody) == ("AZ-104, November 16–22. No members yet. Complete your first unit to start the group.")


def test_alt_text_describes_the_picture(az104: Course) -> None:
    text = alt_text(busy(az104)).replace(NBSP, " ")
    assert text.startswith("AZ-104, November 16–22, 5 people: 7 h 10 min, 2 h more than last week. Learning paths")
    assert "Prerequisites 86% (+15)" in text
    assert "%)" not in text
    quiet = a_week(az104, [(40, 40)] * 6, 0)
    assert alt_text(quiet) == "AZ-104, November 16–22, 1 member. A quiet week. Nothing completed this week."


def test_a_share_that_fell_is_told(az104: Course, picture: DigestPicture) -> None:
    digest = a_week(az104, [(40, 50)], 2)
    assert "40% (−10)" in alt_text(digest)
    ((blue, end),) = bars(picture.draw(digest))
    assert blue == end == pytest.approx(CONTENT_WIDTH * 40 / 100, abs=2), "nothing was added"


@pytest.mark.parametrize("longest", [10, 100])
def test_alt_text_is_limited(longest: int, course: Callable[..., Course]) -> None:
    whole = course({f"p-{at}": {"m": ["u"]} for at in range(25)})
    paths = tuple(replace(path, title="W" * longest) for path in whole.paths)
    digest = a_week(replace(whole, paths=paths, title="T" * 100), [(50, 40)] * 25, 500)
    assert len(alt_text(digest)) <= MAX_ALT_TEXT
