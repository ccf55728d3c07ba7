"""Pictures are drawn once per content, one at a time, and never keep a message from going out."""

import asyncio
from dataclasses import replace

import pytest

from bot.client.pictures import SUBJECTS, Pictures
from bot.views.pictures.podium import PlacedPlayer, Podium

PODIUM = Podium("Quiz", (PlacedPlayer(1, "Ada", 5),), 1, 5)


class Counted:
    """Draws podiums, and counts the drawings and those at the same time."""

    def __init__(self):
        self.all = self.now = self.most = 0
        self.subjects = {Podium: SUBJECTS[Podium]._replace(draw=self.draw)}

    def draw(self, content, drawing):
        self.all += 1
        self.now += 1
        self.most = max(self.most, self.now)
        png = SUBJECTS[Podium].draw(content, drawing)
        self.now -= 1
        return png


@pytest.fixture
def counted():
    return Counted()


async def test_a_picture_comes_with_its_description():
    file = await Pictures().file(PODIUM)
    assert file.filename == "podium.png"
    assert file.description == SUBJECTS[Podium].alt_text(PODIUM)
    assert file.fp.read(8) == b"\x89PNG\r\n\x1a\n"


async def test_equal_contents_are_drawn_once(counted):
    pictures = Pictures(subjects=counted.subjects)
    first, *others = [await pictures.file(replace(PODIUM)) for _ in range(3)]
    assert counted.all == 1
    assert {each.fp.read() for each in others} == {first.fp.read()}
    assert await pictures.file(replace(PODIUM, title="Another")) is not None
    assert counted.all == 2


async def test_one_picture_is_drawn_at_a_time(counted):
    pictures = Pictures(subjects=counted.subjects)
    wanted = [replace(PODIUM, title=f"Quiz {number % 5}") for number in range(20)]
    assert None not in await asyncio.gather(*map(pictures.file, wanted))
    assert (counted.all, counted.most) == (5, 1)


async def test_the_cache_is_limited_in_bytes_and_drops_the_oldest(counted):
    size = len((await Pictures().file(PODIUM)).fp.read())
    pictures = Pictures(size + size // 2, counted.subjects)
    for title in ("Quiz", "Quid", "Quid", "Quiz"):
        await pictures.file(replace(PODIUM, title=title))
    assert counted.all == 3


async def test_a_picture_larger_than_the_cache_is_drawn(counted):
    pictures = Pictures(10, counted.subjects)
    assert await pictures.file(PODIUM)
    assert await pictures.file(PODIUM)
    assert counted.all == 2


@pytest.mark.parametrize("part", ["draw", "alt_text"])
async def test_a_picture_that_fails_is_left_out(caplog, part):
    failures = iter([OSError("raster overflow")])

    def sometimes(*given):
        for failure in failures:
            raise failure
        return getattr(SUBJECTS[Podium], part)(*given)

    pictures = Pictures(subjects={Podium: SUBJECTS[Podium]._replace(**{part: sometimes})})
    assert await pictures.file(PODIUM) is None
    assert "a picture of type Podium could not be drawn" in caplog.text
    assert await pictures.file(PODIUM) is not None


async def test_an_unknown_content_has_no_picture():
    assert await Pictures().file("a text") is None


@pytest.mark.parametrize("name", ["\ud800", "W" * 5000, "\u202e" * 300])
async def test_a_hostile_name_has_a_picture(name):
    assert await Pictures().file(replace(PODIUM, best=(PlacedPlayer(1, name, 5),)))
