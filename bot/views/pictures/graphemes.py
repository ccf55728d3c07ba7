"""Split text into grapheme clusters, and remove control characters, invisible letters and stacked marks."""

from unicodedata import category, normalize

MAX_CHARACTERS = 120
"""Characters of a text that are processed."""
MAX_MARKS = 3
"""Combining marks kept per letter: enough for Hebrew and Thai, too few for stacked ("zalgo") text."""

JOINERS = "\u200c\u200d"
INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
"""Letters and marks without a visible shape."""
FLAGS = range(0x1F1E6, 0x1F200)
TONES = range(0x1F3FB, 0x1F400)
TAGS = range(0xE0020, 0xE0080)
EMOJI_MODIFIERS = frozenset({*map(chr, FLAGS), *map(chr, TONES), *map(chr, TAGS), "\u200d", "\ufe0f", "\u20e3"})
"""Characters that turn the characters around them into an emoji."""


def grapheme_clusters(text: str) -> list[str]:
    """Return the user-perceived characters: a base with its marks, a whole emoji sequence, or one space.

    Control characters, invisible letters, marks without a base and marks beyond ``MAX_MARKS`` are removed.
    """
    found: list[str] = []
    for char in normalize("NFC", text[:MAX_CHARACTERS]):
        kind = "Zs" if char.isspace() else category(char)
        last = found[-1] if found and found[-1] != " " else ""
        if kind[0] == "M" or char in JOINERS or ord(char) in TONES or ord(char) in TAGS:
            if last and char not in INVISIBLE and (kind[0] != "M" or count_marks(last) < MAX_MARKS):
                found[-1] += char
        elif kind == "Zs":
            if last:
                found.append(" ")
        elif kind[0] == "C" or char in INVISIBLE:
            continue
        elif last and _joins(last, char):
            found[-1] += char
        else:
            found.append(char)
    return found[:-1] if found and found[-1] == " " else found


def count_marks(cluster: str) -> int:
    return sum(category(char)[0] == "M" for char in cluster)


def _joins(last: str, char: str) -> bool:
    """Return whether ``char`` continues the emoji ``last``: joined by U+200D, or the second letter of a flag."""
    if last[-1] == "\u200d":
        return category(char) == "So" and category(last[0]) == "So"
    return ord(char) in FLAGS and ord(last[0]) in FLAGS and len(last) == 1


def visible_text(text: str, fallback: str) -> str:
    """Return ``text`` on one line without invisible characters, or ``fallback`` if nothing is left."""
    return "".join(grapheme_clusters(text)).strip(JOINERS) or fallback
