"""Plain text for course files, and pages without what a site generator or a browser would not show."""

import re
import unicodedata
from bisect import bisect_left

Notes = list[tuple[int, str]]
"""Lines, counted from 1, and what was found there."""

CHECK = re.compile(r"\{%-?\s*include\s+check[\w./-]*(?P<given>(?:\s(?:(?!\{%|%\}).)*)?)%\}", re.DOTALL)
"""The Liquid tag that draws a check box."""
_CHECK_ID = re.compile(r"\bid\s*=\s*[\"']([^\"']*)[\"']")
_UNPRINTABLE = re.compile(r"[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""Characters that YAML does not accept."""
_HIDDEN = re.compile(
    r"<!--(?:(?!<!--).)*?-->|\{::?[^{}\n]*\}|\{#[\w-]+\}|^ {0,3}\[\^[\w-]+\]:[^\n]*|\[\^[\w-]+\]|\[!(?-i:[A-Z]+)\]"
    r"|<(script|style)\b(?:(?!<\1\b).)*?</\1>",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
"""Comments, attribute lists of kramdown, footnotes, alert markers of GitHub, scripts and styles."""
_LIQUID = re.compile(
    r"\{%(?:(?!\{%).)*?%\}|\{\{(?:(?!\{\{).)*?\}\}|<pre\b(?:(?!<pre\b).)*?</pre>|<!--|\{%|\{\{",
    re.DOTALL | re.IGNORECASE,
)


def without_templates(text: str) -> tuple[str, Notes]:
    """``text`` without comments, control characters and Liquid tags; each line keeps its number."""
    notes: Notes = []
    breaks = [found.start() for found in re.finditer("\n", text)]

    def replaced(found: re.Match[str]) -> str:
        tag = found[0]
        if check := CHECK.fullmatch(tag):
            given = _CHECK_ID.search(check["given"])
            return f'<input id="{tidy(given[1]) if given else ""}"{_breaks(tag)}>'
        what = f"“{short(tag)}” was left out"
        if tag in ("<!--", "{%", "{{"):
            what = f"“{tag}” is never closed; what follows it was read as text"
        elif len(tag) == 1:
            what = f"the control character U+{ord(tag):04X} was left out"
        elif tag[0] == "<":
            what = "a block of code was left out"
        notes.append((bisect_left(breaks, found.start()) + 1, what))
        return blank(found)

    text = _UNPRINTABLE.sub(replaced, text)
    for pattern, replacement in ((_HIDDEN, blank), (_LIQUID, replaced)):
        breaks[:] = [found.start() for found in re.finditer("\n", text)]
        text = pattern.sub(replacement, text)
    return text, notes


def blank(found: re.Match[str]) -> str:
    """As many line breaks as the match has, so that the lines below it keep their numbers."""
    return _breaks(found[0])


def _breaks(text: str) -> str:
    return "\n" * text.count("\n")


def tidy(text: str) -> str:
    """``text`` in one line, with single spaces and without characters that YAML does not accept."""
    return " ".join(_UNPRINTABLE.sub("", text).split())


def slug(text: str) -> str:
    """``text`` in lower-case Latin letters and digits with single ``-``, ``_`` or ``.`` between; may be empty."""
    latin = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*", latin))[:100].rstrip("-_.")


def cut(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` characters, between words where they are not too long."""
    if len(text) <= limit:
        return text
    text = text[: limit - 1]
    return f"{text.rpartition(' ')[0] if ' ' in text[limit // 2 :] else text}".rstrip() + "…"


def short(text: str) -> str:
    """The beginning of ``text``, to quote it in one line."""
    return cut(tidy(text), 60)


def fit(text: str, limit: int, line: int, notes: Notes) -> str:
    """``text`` in at most ``limit`` characters, with a note where it had to be cut."""
    if len(text) > limit:
        notes.append((line, f"“{short(text)}” has {len(text)} characters and was cut to {limit}"))
    return cut(text, limit)
