"""Course codes such as AZ-104, SY0-701 or CS50, in titles and in front matter."""

import re
from collections.abc import Sequence

from bot.core.authoring.text import tidy

_CODE = re.compile(r"(?=.{1,32}$)[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*")
_WORD = r"[A-Z0-9]{1,16}(?:[-_.][A-Z0-9]{1,16})*"
_START, _END = r"(?<![\w.-])", r"(?![\w-]|\.\w)"
_CODES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\((?P<code>(?=[A-Z0-9._-]{{0,31}}\d)(?=[0-9._]{{0,31}}[A-Z-]){_WORD})\)",
        rf"{_START}(?P<code>(?=[A-Z0-9-]{{0,31}}\d)\d{{0,3}}[A-Z][A-Z0-9]{{0,15}}(?:-[A-Z0-9]{{1,16}})+){_END}",
        rf"{_START}(?P<code>\d{{3}}-\d{{3,4}}|[A-Z]{{2,8}}\d{{2,5}}[A-Z]?|[a-z]{{2,4}}-\d{{3}}){_END}",
        r"[(\[](?P<code>[A-Z]{3,8})[)\]]",
    )
)
"""Patterns of course codes, most reliable first."""
_EDITION = re.compile(r"(?<=\d)T\d\d(?:-[A-Z])?$")
"""The suffix of Microsoft's course numbers after the exam code, as in AZ-104T00-A."""


def choose_code(code: str, number: str, title: str, named: Sequence[str]) -> str:
    """Return the course code: the given one, else one in brackets in the title, else the number's, else a named one.

    Return an empty text if none of them can be used.
    """
    bracketed = [found["code"] for found in _CODES[0].finditer(title)]
    places = (code, *bracketed, _EDITION.sub("", number), *named)
    return next((place for place in places if _CODE.fullmatch(place)), "")


def codes_in(text: str) -> list[str]:
    """Return the course codes in a title, most reliable first, without duplicates."""
    codes = [match["code"] for pattern in _CODES for match in pattern.finditer(text)]
    return [code for code in dict.fromkeys(codes) if _CODE.fullmatch(code)]


def without_code(title: str, code: str) -> str:
    """Return ``title`` without a code in brackets or at one end."""
    code = re.escape(code)
    title = re.sub(rf"\s*[(\[]{code}[)\]]", "", title)
    title = re.sub(rf"^(?P<before>\W*){code}(?:\s*[:|–—]|\s+-)?\s+", r"\g<before>", title)
    return tidy(re.sub(rf"(?:\s*[:|–—]|\s+-)?\s+{code}$", "", title))
