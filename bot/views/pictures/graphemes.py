"""Names of strangers as letters: control characters, empty names and towers of marks end here."""

from unicodedata import category, normalize

LONGEST = 120
"""Characters of a text that are looked at."""
MARKS = 3
"""Marks that one letter may carry: what Hebrew and Thai need, and less than makes a tower."""

JOINERS = "\u200c\u200d"
BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
"""Letters and marks without a shape, which some people take for a name."""
FLAGS = range(0x1F1E6, 0x1F200)
TONES = range(0x1F3FB, 0x1F400)
TAGS = range(0xE0020, 0xE0080)
PICTORIAL = frozenset({*map(chr, FLAGS), *map(chr, TONES), *map(chr, TAGS), "\u200d", "\ufe0f", "\u20e3"})
"""What makes an emoji out of the characters around it."""


def clusters(text: str) -> list[str]:
    """What a reader takes for one letter each: a base with its marks, an emoji with all its parts, a single space.

    Control characters, invisible letters, marks without a letter and those beyond ``MARKS`` are gone.
    """
    found: list[str] = []
    for char in normalize("NFC", text[:LONGEST]):
        kind = "Zs" if char.isspace() else category(char)
        last = found[-1] if found and found[-1] != " " else ""
        if kind[0] == "M" or char in JOINERS or ord(char) in TONES or ord(char) in TAGS:
            if last and char not in BLANK and (kind[0] != "M" or marks_of(last) < MARKS):
                found[-1] += char
        elif kind == "Zs":
            if last:
                found.append(" ")
        elif kind[0] == "C" or char in BLANK:
            continue
        elif last and _continues(last, char):
            found[-1] += char
        else:
            found.append(char)
    return found[:-1] if found and found[-1] == " " else found


def marks_of(cluster: str) -> int:
    return sum(category(char)[0] == "M" for char in cluster)


def _continues(last: str, char: str) -> bool:
    """``char`` belongs to the emoji before it: it is joined to it, or is the second letter of a flag."""
    if last[-1] == "\u200d":
        return category(char) == "So" and category(last[0]) == "So"
    return ord(char) in FLAGS and ord(last[0]) in FLAGS and len(last) == 1


def plain(text: str, otherwise: str) -> str:
    """``text`` in one line without what nobody can see; ``otherwise`` where nothing is left."""
    return "".join(clusters(text)).strip(JOINERS) or otherwise
