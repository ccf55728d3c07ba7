"""Text in many scripts: no missing-glyph boxes, no invisible characters, truncated between letters."""

import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ImageFont, features

from bot.views.pictures.fonts import FontFile, text_fonts
from bot.views.pictures.graphemes import grapheme_clusters
from bot.views.pictures.text import PADDING, RenderedLine, TextRenderer

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
def renderer() -> TextRenderer:
    return TextRenderer()


def boxed(renderer: TextRenderer, text: str) -> list[str]:
    """Return the characters of a line that their font would draw as a missing-glyph box."""
    found = []
    for run in renderer.runs(text, 30, 400):
        box = pixels(run.font, "\U0010fffd")
        found += [char for char in run.text if char not in "\u200c\u200d\ufe0f" and pixels(run.font, char) == box]
    return found


def pixels(font: ImageFont.FreeTypeFont, char: str) -> tuple[bytes, tuple[int, int]]:
    mask = font.getmask(char)
    return bytes(mask), mask.size


def same(one: RenderedLine, other: RenderedLine) -> bool:
    return one.mask == other.mask


@pytest.mark.parametrize("font_file", text_fonts(), ids=lambda font_file: font_file.file.stem)
def test_a_font_contains_exactly_its_code_points(font_file: FontFile) -> None:
    font = font_file.load(20, 400, layout=ImageFont.Layout.BASIC)
    box = pixels(font, "\U0010fffd")
    for first, last in list(zip(*font_file._code_point_ranges, strict=True))[:80]:
        assert chr(first) in font_file
        assert chr(last) in font_file
        assert pixels(font, chr(last)) != box
        if not 0xD800 <= last + 1 < 0xE000 and chr(last + 1) not in font_file:
            assert pixels(font, chr(last + 1)) == box


@pytest.mark.parametrize("script", WORLD)
def test_every_script_is_rendered(renderer: TextRenderer, script: str) -> None:
    name = WORLD[script]
    assert not boxed(renderer, name)
    line = renderer.render(name, 30, fallback="a member")
    assert not same(line, renderer.render("a member", 30))
    assert sum(len(run.text) for run in renderer.runs(name, 30, 400)) == len(name)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=anything)
def test_no_text_is_rendered_with_boxes(renderer: TextRenderer, name: str) -> None:
    assert not boxed(renderer, name)
    assert renderer.render(name, 30, max_width=200, fallback="a member").width <= 200


@pytest.mark.parametrize("name", ["", "\u200b\u202e", "ㅤ", "𐤀𐤁", "\n\t", "\u0301\u0301", "🏽", "\ud800", "\U000e0041"])
def test_a_name_without_letters_is_replaced(renderer: TextRenderer, name: str) -> None:
    assert same(renderer.render(name, 30, fallback="a member"), renderer.render("a member", 30))


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
def test_invisible_characters_are_removed(renderer: TextRenderer, name: str, shown_as: str) -> None:
    assert same(renderer.render(name, 30), renderer.render(shown_as, 30))


@pytest.mark.skipif(not SHAPED, reason="sequences are drawn as one where FriBiDi is on the machine")
@pytest.mark.parametrize("emoji", ["👍🏽", "👨‍👩‍👧", "🇩🇪", "1️⃣", "❤️", "👩‍❤️‍💋‍👨", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏳️‍🌈"])
def test_an_emoji_sequence_is_one_glyph(renderer: TextRenderer, emoji: str) -> None:
    assert grapheme_clusters(emoji) == [emoji]
    assert renderer.render(emoji, 30, fallback="a member").width == renderer.render("😀", 30).width


@pytest.mark.parametrize("emoji", ["👩‍🌑‍🚗", "👍‍👍"])
def test_an_invalid_emoji_sequence_is_removed(renderer: TextRenderer, emoji: str) -> None:
    assert same(renderer.render(f"Ana {emoji}", 30), renderer.render("Ana", 30))


@pytest.mark.skipif(not SHAPED, reason="letters are joined where FriBiDi is on the machine")
def test_arabic_is_joined_and_runs_from_right_to_left(renderer: TextRenderer) -> None:
    uses_joiners, apart = renderer.render("بب", 30), renderer.render("ب ب", 30)
    assert uses_joiners.width < apart.width - renderer.render("ب", 30).width / 4
    assert [run.text for run in renderer.runs("عمر Ana", 30, 400)] == ["Ana", "عمر "]
    assert [run.text for run in renderer.runs("Ana עמר דוד (x)", 30, 400)] == ["Ana ", "עמר דוד", " ", "(x)"]
    assert not same(renderer.render("علی\u200cرضا", 30), renderer.render("علیرضا", 30))


@pytest.mark.parametrize("script", WORLD)
def test_a_long_text_is_truncated_between_letters(renderer: TextRenderer, script: str) -> None:
    text = WORLD[script] * 5
    line, dots = renderer.render(text, 30, max_width=250), renderer.render("…", 30)
    assert 180 < line.width <= 250
    letters = grapheme_clusters(text)
    begins = [renderer.render("".join(letters[:end]).rstrip(), 30) for end in range(1, len(letters))]
    rest = dots.width + PADDING + 3
    like = [begin for begin in begins if abs(begin.width + dots.width - line.width) <= 2]
    if script in ("Arabic", "Hebrew"):
        assert like
    else:
        ends = (PADDING, 0, line.width - rest, line.mask.height)
        assert any(begin.mask.crop(ends) == line.mask.crop(ends) for begin in like)


@pytest.mark.parametrize("script", WORLD)
def test_text_is_rendered_without_fribidi(script: str) -> None:
    basic = TextRenderer(use_raqm=False)
    assert not boxed(basic, WORLD[script])
    assert basic.render(WORLD[script], 30, max_width=100, fallback="a member").width <= 100


def test_a_chinese_name_is_replaced_without_the_cjk_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "manimgx_fonts_cjk", None)
    renderer = TextRenderer()
    assert same(renderer.render("王小明", 30, fallback="a member"), renderer.render("a member", 30))
    assert same(renderer.render("王 Ana", 30), renderer.render("Ana", 30))


def test_japanese_and_chinese_forms_differ(renderer: TextRenderer) -> None:
    assert not same(renderer.render("直あ", 30), renderer.render("直", 30))
    fonts = [renderer.runs(text, 30, 400)[0].font.getname()[0] for text in ("直あ", "直가", "直")]
    assert fonts == ["Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans CJK SC"]
