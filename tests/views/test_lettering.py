"""Lines of text in the world's scripts: no boxes, no tricks with invisible characters, cut where a letter ends."""

import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ImageFont, features

from bot.views.pictures.fonts import Face, text_faces
from bot.views.pictures.graphemes import clusters
from bot.views.pictures.text import PAD, Lettering, Strip

WORLD = {
    "Latin": "Zoë Čapek-Łuczak",
    "Vietnamese": "Nguyễn Thị Hương",
    "Greek": "Ελένη Παππά",
    "Cyrillic": "Наталія Шевченко",
    "Chinese": "王小明",
    "Japanese": "山田たろう",
    "Korean": "김민준",
    "Arabic": "عمر الفاروق",
    "Hebrew": "דוד כהן",
    "Devanagari": "प्रिया शर्मा",
    "Thai": "สมชาย น้ำใจ",
    "Tamil": "தமிழ்",
    "Georgian": "ქართული",
}
SHAPED = features.check("raqm")
ODD = "\u0000\n\u200b\u200d\u200e\u202e\ufe0f\u0301\u0489\u3164\u115f\ud800\uffff\U0010ffff\U000e0041🏽🇩👩❤1A가ع 𝓐ﷺ"
anything = st.text(st.characters(exclude_categories=())) | st.text(st.sampled_from(ODD), max_size=40)


@pytest.fixture(scope="module")
def lettering() -> Lettering:
    return Lettering()


def boxed(lettering: Lettering, text: str) -> list[str]:
    """The characters of a line that their font would draw as the box of a missing letter."""
    found = []
    for run in lettering.runs(text, 30, 400):
        box = pixels(run.font, "\U0010fffd")
        found += [char for char in run.text if char not in "\u200c\u200d\ufe0f" and pixels(run.font, char) == box]
    return found


def pixels(font: ImageFont.FreeTypeFont, char: str) -> tuple[bytes, tuple[int, int]]:
    mask = font.getmask(char)
    return bytes(mask), mask.size


def same(one: Strip, other: Strip) -> bool:
    return one.mask == other.mask


@pytest.mark.parametrize("face", text_faces(), ids=lambda face: face.file.stem)
def test_a_face_has_what_it_says_and_no_more(face: Face) -> None:
    font = face.load(20, 400, layout=ImageFont.Layout.BASIC)
    box = pixels(font, "\U0010fffd")
    for first, last in list(zip(*face._spans, strict=True))[:80]:
        assert chr(first) in face
        assert chr(last) in face
        assert pixels(font, chr(last)) != box
        if not 0xD800 <= last + 1 < 0xE000 and chr(last + 1) not in face:
            assert pixels(font, chr(last + 1)) == box


@pytest.mark.parametrize("script", WORLD)
def test_every_script_has_letters(lettering: Lettering, script: str) -> None:
    name = WORLD[script]
    assert not boxed(lettering, name)
    strip = lettering.strip(name, 30, otherwise="a member")
    assert not same(strip, lettering.strip("a member", 30))
    assert sum(len(run.text) for run in lettering.runs(name, 30, 400)) == len(name)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=anything)
def test_no_text_has_boxes(lettering: Lettering, name: str) -> None:
    assert not boxed(lettering, name)
    assert lettering.strip(name, 30, room=200, otherwise="a member").width <= 200


@pytest.mark.parametrize("name", ["", "\u200b\u202e", "ㅤ", "𐤀𐤁", "\n\t", "\u0301\u0301", "🏽", "\ud800", "\U000e0041"])
def test_who_has_no_letters_is_a_member(lettering: Lettering, name: str) -> None:
    assert same(lettering.strip(name, 30, otherwise="a member"), lettering.strip("a member", 30))


@pytest.mark.parametrize(
    ("name", "shown_as"),
    [
        ("A\u200bn\u202ea\u2066", "Ana"),
        ("Ana\n  Bo", "Ana Bo"),
        ("𝓐𝓷𝓪", "Ana"),
        ("𐤀Ana 𐤁 Bo", "Ana Bo"),
        ("Ana\ufe0f", "Ana"),
        ("A\u200dna🏽", "Ana"),
        ("e\u0301", "é"),
        ("e" + "\u0334" * 50, "e" + "\u0334" * 3),
    ],
)
def test_what_nobody_can_see_is_gone(lettering: Lettering, name: str, shown_as: str) -> None:
    assert same(lettering.strip(name, 30), lettering.strip(shown_as, 30))


@pytest.mark.skipif(not SHAPED, reason="sequences are drawn as one where FriBiDi is on the machine")
@pytest.mark.parametrize("emoji", ["👍🏽", "👨‍👩‍👧", "🇩🇪", "1️⃣", "❤️", "👩‍❤️‍💋‍👨", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏳️‍🌈"])
def test_an_emoji_is_drawn_whole(lettering: Lettering, emoji: str) -> None:
    assert clusters(emoji) == [emoji]
    assert lettering.strip(emoji, 30, otherwise="a member").width == lettering.strip("😀", 30).width


@pytest.mark.parametrize("emoji", ["👩‍🌑‍🚗", "👍‍👍"])
def test_an_emoji_that_is_none_vanishes_whole(lettering: Lettering, emoji: str) -> None:
    assert same(lettering.strip(f"Ana {emoji}", 30), lettering.strip("Ana", 30))


@pytest.mark.skipif(not SHAPED, reason="letters are joined where FriBiDi is on the machine")
def test_arabic_is_joined_and_runs_to_the_left(lettering: Lettering) -> None:
    joined, apart = lettering.strip("بب", 30), lettering.strip("ب ب", 30)
    assert joined.width < apart.width - lettering.strip("ب", 30).width / 4
    assert [run.text for run in lettering.runs("عمر Ana", 30, 400)] == ["Ana", "عمر "]
    assert [run.text for run in lettering.runs("Ana עמר דוד (x)", 30, 400)] == ["Ana ", "עמר דוד", " ", "(x)"]
    assert not same(lettering.strip("علی\u200cرضا", 30), lettering.strip("علیرضا", 30))


@pytest.mark.parametrize("script", WORLD)
def test_a_long_text_is_cut_at_a_letter(lettering: Lettering, script: str) -> None:
    text = WORLD[script] * 5
    strip, dots = lettering.strip(text, 30, room=250), lettering.strip("…", 30)
    assert 180 < strip.width <= 250
    letters = clusters(text)
    begins = [lettering.strip("".join(letters[:end]).rstrip(), 30) for end in range(1, len(letters))]
    rest = dots.width + PAD + 3
    like = [begin for begin in begins if abs(begin.width + dots.width - strip.width) <= 2]
    if script in ("Arabic", "Hebrew"):
        assert like
    else:
        ends = (PAD, 0, strip.width - rest, strip.mask.height)
        assert any(begin.mask.crop(ends) == strip.mask.crop(ends) for begin in like)


@pytest.mark.parametrize("script", WORLD)
def test_without_fribidi_there_are_still_letters(script: str) -> None:
    basic = Lettering(shaped=False)
    assert not boxed(basic, WORLD[script])
    assert basic.strip(WORLD[script], 30, room=100, otherwise="a member").width <= 100


def test_without_the_chinese_fonts_a_name_is_a_member(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "manimgx_fonts_cjk", None)
    lettering = Lettering()
    assert same(lettering.strip("王小明", 30, otherwise="a member"), lettering.strip("a member", 30))
    assert same(lettering.strip("王 Ana", 30), lettering.strip("Ana", 30))


def test_japanese_and_chinese_forms_differ(lettering: Lettering) -> None:
    assert not same(lettering.strip("直あ", 30), lettering.strip("直", 30))
    fonts = [lettering.runs(text, 30, 400)[0].font.getname()[0] for text in ("直あ", "直가", "直")]
    assert fonts == ["Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans CJK SC"]
