"""The digest's picture, decoded and measured. ``python -m tests.views.test_picture`` draws the pictures in ``docs``."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.core.cohort.digest import Digest, PathShare, Person
from bot.core.course.course import Course
from bot.core.course.reading import CourseReader
from bot.views.pictures.digest import MARGIN, MAX_PATHS, RIGHT, DigestPicture, alt_text, selected_shares, week
from bot.views.pictures.light_canvas import ColorRamp

ROOT = Path(__file__).parent.parent.parent
NAMES = (
    *(
        "Ana Lucía",
        "Ελένη Παππά",
        "山田太郎",
        "عمر الفاروق",
        "🌸 Sakura",
        "Zoë Čapek",
        "Наталія",
        "김민준",
        "प्रिया शर्मा",
    ),
    "דוד כהן",
)
ODD = "\u0000\n\u200b\u200d\u202e\ufe0f\u0301\u3164\ud800\uffff🏽🇩👩❤1A가ع 𝓐ﷺ"
ANY_NAME = st.text(st.characters(exclude_categories=())) | st.text(st.sampled_from(ODD), max_size=40)


@pytest.fixture(scope="module")
def picture() -> DigestPicture:
    return DigestPicture()


@pytest.fixture(scope="module")
def az104() -> Course:
    return read("az-104")


@cache
def read(code: str) -> Course:
    return CourseReader().read((ROOT / "data/courses" / f"{code}.yaml").read_text("utf-8"), f"{code}.yaml")


def a_week(course: Course, shares: list[tuple[int, int]], people: list[tuple[int, int, int]], members: int) -> Digest:
    """Build a digest. ``shares`` are (now, before) of each path; ``people`` are (paths, modules, units) completed by
    each.
    """
    since = datetime(2026, 11, 9, tzinfo=UTC)
    who = tuple(Person(at, course.paths[:p], m, u, 9 * u) for at, (p, m, u) in enumerate(people, 1))
    units = sum(person.units for person in who)
    return Digest(
        course, since, since + timedelta(days=7), date(2026, 11, 9), date(2026, 11, 15),
        members=members, people=who, active=len(who), units=units, minutes=9 * units,
        shares=tuple(PathShare(path, *share) for path, share in zip(course.paths, shares, strict=False)),
        joined=(), returned=(), exams=(), away=0, focus=None, focus_members=0,
        suggestion=course.nodes[next(iter(course.leaves))],
    )  # fmt: skip


def busy(course: Course) -> Digest:
    shares = [(95, 87), (61, 52), (40, 33), (27, 29), (12, 12), (3, 0)]
    people = [(0, 2, 15), (1, 3, 22), (0, 0, 3), (0, 1, 11), (0, 1, 8), (2, 4, 31), (0, 0, 1), (0, 2, 9), (0, 1, 7)]
    return a_week(course, shares, [*people, (0, 1, 6), (0, 0, 2), (0, 0, 4)], 23)


def named(names: Iterable[str]) -> dict[int, str]:
    return dict(enumerate(names, 1))


def opened(png: bytes) -> Image.Image:
    image = Image.open(BytesIO(png))
    image.verify()
    return Image.open(BytesIO(png)).convert("RGB")


def bars(png: bytes) -> list[tuple[int, int]]:
    """Return the end of the filled part and of the marker (0 without) of each wide bar, in pixels from its left."""
    image = Image.open(BytesIO(png))
    blue, orange, line, ink = (
        ramp.index() for ramp in (ColorRamp.BLUE, ColorRamp.ORANGE, ColorRamp.LINE, ColorRamp.TEXT)
    )
    found: list[list[tuple[int, int]]] = []
    last = -2
    for y in range(image.height):
        row = image.crop((MARGIN, y, RIGHT, y + 1)).tobytes()
        inner = row[12:-12]
        colors = sum(map(inner.count, (blue, orange, line)))
        if colors > 850 and colors + inner.count(ink) + inner.count(ColorRamp.TEXT.index(0)) == len(inner):
            found += [[]] if y != last + 1 else []
            found[-1].append((max(row.rfind(blue), row.rfind(orange)) + 1, row.rfind(ink) + 1))
            last = y
    return [rows[len(rows) // 2] for rows in found if len(rows) > 2]  # a thinner one is a line between people


def test_a_busy_week_has_limited_height_and_size(picture: DigestPicture, az104: Course) -> None:
    png = picture.draw(busy(az104), named(NAMES))
    image = opened(png)
    assert (image.format, image.width) == (None, 1000)
    assert 1000 < image.height <= 1400
    assert len(png) <= 64_000


def test_the_largest_digest_has_limited_height_and_size(picture: DigestPicture) -> None:
    course = read("az-400")
    paths = tuple(replace(course.paths[0], id=f"path-{at}", title="W" * 100, modules=()) for at in range(25))
    digest = a_week(replace(course, paths=paths), [(at, at // 2) for at in range(25)], [(3, 20, 999)] * 500, 500)
    png = picture.draw(digest, named(["W" * 32] * 500))
    assert opened(png).height <= 1400
    assert len(png) <= 200_000


def test_changed_paths_are_preferred_when_there_are_too_many() -> None:
    path = read("az-900").paths[0]
    shares = [PathShare(replace(path, id=f"path-{at}"), 5, 5) for at in range(20)]
    shares[3], shares[19] = replace(shares[3], now=0, before=0), replace(shares[19], now=6)
    chosen = selected_shares(shares)
    assert len(chosen) == MAX_PATHS - 1
    assert shares[19] in chosen
    assert shares[3] not in chosen
    assert selected_shares(shares[:MAX_PATHS]) == shares[:MAX_PATHS]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shares=st.lists(st.tuples(*[st.integers(0, 100)] * 2), min_size=1, max_size=6))
def test_bar_lengths_and_markers_match_the_shares(picture: DigestPicture, shares: list[tuple[int, int]]) -> None:
    found = bars(picture.draw(a_week(read("az-104"), shares, [(0, 1, 1)], 2), {}))
    assert len(found) == len(shares)
    whole = RIGHT - MARGIN
    for (now, before), (filled, mark) in zip(shares, found, strict=True):
        end, marked = round(whole * now / 100), round(whole * before / 100)
        assert mark == marked
        hidden = marked and marked - 7 < end <= marked  # by the marker and the gap before it
        assert marked - 7 <= filled <= end if hidden else filled == pytest.approx(end, abs=2)


@pytest.mark.parametrize("members", [1, 2, 500])
def test_a_quiet_week_has_a_small_picture(picture: DigestPicture, az104: Course, members: int) -> None:
    quiet = picture.draw(a_week(az104, [(40, 40)] * 6, [], members), {})
    image = opened(quiet)
    assert (image.width, image.height) < (1000, 500)
    assert len(quiet) < 20_000
    assert not bars(quiet)
    assert quiet != picture.draw(a_week(az104, [(40, 40)] * 6, [], members + 1), {})


def test_one_member_and_nobody(picture: DigestPicture, az104: Course) -> None:
    one = a_week(az104, [(4, 0)] * 6, [(0, 1, 4)], 1)
    assert opened(picture.draw(one, {1: "Ana"})).height < 900
    assert "1 member. 4 units ticked · 36 min." in alt_text(one, {1: "Ana"})
    nobody = a_week(az104, [(0, 0)] * 6, [], 0)
    assert opened(picture.draw(nobody, {})).height < 500
    assert "Nobody here yet" in alt_text(nobody, {})


def test_a_name_changes_only_its_row(picture: DigestPicture, az104: Course) -> None:
    names = named(NAMES)
    before = opened(picture.draw(busy(az104), names))
    after = opened(picture.draw(busy(az104), {**names, 3: "Somebody else"}))
    rows = [y for y in range(before.height) if before.crop((0, y, 1000, y + 1)) != after.crop((0, y, 1000, y + 1))]
    assert 10 < max(rows) - min(rows) < 48


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=ANY_NAME)
def test_any_name_can_be_drawn(picture: DigestPicture, name: str) -> None:
    digest = a_week(read("az-104"), [(4, 0)], [(1, 1, 4)], 1)
    assert opened(picture.draw(digest, {1: name})).width == 1000
    assert len(alt_text(digest, {1: name})) <= 1024


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 11, 9), date(2026, 11, 15), "9–15 November 2026"),
        (date(2026, 11, 30), date(2026, 12, 6), "30 Nov – 6 Dec 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 Dec 2026 – 3 Jan 2027"),
    ],
)
def test_week_format(first: date, last: date, words: str) -> None:
    assert week(first, last) == words


def test_alt_text_describes_the_picture(az104: Course) -> None:
    text = alt_text(busy(az104), {1: "Ana", 2: "\u202eBo\n", 3: "🌸"})
    assert text.startswith("AZ-104 Microsoft Azure Administrator, 9–15 November 2026, 23 members.")
    assert "119 units ticked by 12 of 23 members" in text
    assert "Prerequisites for Azure administrators 95 % (87 %)" in text
    assert (
        "Ana: 2 modules, 15 units; Bo: Prerequisites for Azure administrators, 3 modules, 22 units; 🌸: 3 units" in text
    )
    assert "a member: 1 module, 11 units" in text
    assert text.endswith("; and 2 more.")


@pytest.mark.parametrize("longest", [10, 100])
def test_alt_text_is_limited(longest: int, course: Callable[..., Course]) -> None:
    whole = course({f"p-{at}": {"m": ["u"]} for at in range(25)})
    paths = tuple(replace(path, title="W" * longest) for path in whole.paths)
    digest = a_week(replace(whole, paths=paths, title="T" * 100), [(50, 40)] * 25, [(3, 20, 999)] * 500, 500)
    text = alt_text(digest, named(["N" * 32] * 500))
    assert 900 < len(text) <= 1024
    assert "; and 1" in text.split("People")[0]
    assert f"; and {500 - text.count('N' * 32)} more." in text


if __name__ == "__main__":
    AZ104 = read("az-104")
    (ROOT / "docs/digest-busy.png").write_bytes(DigestPicture().draw(busy(AZ104), named(NAMES)))
    quiet_week = replace(a_week(AZ104, [], [], 23), suggestion=AZ104.paths[2].modules[1].units[2])
    (ROOT / "docs/digest-quiet.png").write_bytes(DigestPicture().draw(quiet_week, {}))
