"""Members' names are plain text: they contain no link, mention, markup or direction control."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.layout import escape, member_name

FSI, PDI = "\u2068", "\u2069"
DIRECTIONS = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
PIECES = st.sampled_from(
    [
        "https://evil.example",
        "<@1>",
        "<t:0:R>",
        "</x:1>",
        "@everyone",
        "**",
        "[a](b)",
        "\n# ",
        *DIRECTIONS,
        "`",
        "||",
        "~~",
    ]
)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ada", "Ada"),
        ("https://evil.example", "https:\u200b//evil.example"),
        ("*Ada*", r"\*Ada\*"),
        ("<@123>", "\\<@\u200b123\\>"),
        ("A\u202eda", "Ada"),
        ("a\nb", "ab"),
        ("\u200f\u2069", "someone"),
        ("x" * 50, "x" * 39 + "…"),
        ("@everyone", "@\u200beveryone"),
    ],
)
def test_known_names(name, shown):
    assert member_name(name) == f"{FSI}{shown}{PDI}"


@given(st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=6).map("".join))
def test_no_name_escapes_its_isolate(name):
    shown = member_name(name)
    inside = shown[1:-1]
    assert shown[0] == FSI
    assert shown[-1] == PDI
    assert not set(inside) & set(DIRECTIONS)
    assert "://" not in inside
    assert not re.search(r"(?<!\\)[*_~`|<>\[\]]", re.sub(r"\\\\", "", inside))
    assert not any(unicodedata.category(char) in ("Cc", "Zl", "Zp") for char in inside)
    assert inside.strip()


@given(st.text(max_size=200))
def test_safe_text_is_one_line(text):
    assert len(escape(text).splitlines()) <= 1
