"""Plain text for course files: remove what a site generator or a browser would not show."""

import re
import unicodedata
from bisect import bisect_left

Notes = list[tuple[int, str]]
"""Line numbers, from 1, and a note on each line."""

CHECK = re.compile(r"\{%-?\s*include\s+check[\w./-]*(?P<given>(?:\s(?:(?!\{%|%\}).)*)?)%\}", re.DOTALL)
"""The Liquid tag for a check box."""
_CHECK_ID = re.compile(r"\bid\s*=\s*[\"']([^\"']*)[\"']")
_UNPRINTABLE = re.compile(r"[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""Characters that YAML doesn't allow."""
_HIDDEN = re.compile(
    r"<!--(?:(?!<!--).)*?-->|\{::?[^{}\n]*\}|\{#[\w-]+\}|^ {0,3}\[\^[\w-]+\]:[^\n]*|\[\^[\w-]+\]|\[!(?-i:[A-Z]+)\]"
    r"|<(script|style)\b(?:(?!<\1\b).)*?</\1>",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
"""Comments, kramdown attribute lists, footnotes, GitHub alert markers, scripts and styles."""
_LIQUID = re.compile(
    r"\{%(?:(?!\{%).)*?%\}|\{\{(?:(?!\{\{).)*?\}\}|<pre\b(?:(?!<pre\b).)*?</pre>|<!--|\{%|\{\{",
    re.DOTALL | re.IGNORECASE,
)


def without_templates(text: str) -> tuple[str, Notes]:
    """Return ``text`` without comments, control characters and Liquid tags, and notes. Line numbers don't change."""
    notes: Notes = []
    breaks = [match.start() for match in re.finditer("\n", text)]

    def replaced(match: re.Match[str]) -> str:
        tag = match[0]
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
        notes.append((bisect_left(breaks, match.start()) + 1, what))
        return blank(match)

    text = _UNPRINTABLE.sub(replaced, text)
    for pattern, replacement in ((_HIDDEN, blank), (_LIQUID, replaced)):
        breaks[:] = [match.start() for match in re.finditer("\n", text)]
        text = pattern.sub(replacement, text)
    return text, notes


def blank(match: re.Match[str]) -> str:
    """Return as many line breaks as the match has, so that line numbers below don't change."""
    return _breaks(match[0])


def _breaks(text: str) -> str:
    return "\n" * text.count("\n")


def tidy(text: str) -> str:
    """Return ``text`` in one line, with single spaces and without characters that YAML doesn't allow."""
    return " ".join(_UNPRINTABLE.sub("", text).split())


def slug(text: str) -> str:
    """Return ``text`` as lower-case Latin letters and digits with single ``-``, ``_`` or ``.`` between, or ""."""
    latin = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*", latin))[:100].rstrip("-_.")


def cut(text: str, limit: int) -> str:
    """Return ``text`` cut to at most ``limit`` characters, between words unless they are too long."""
    if len(text) <= limit:
        return text
    text = text[: limit - 1]
    return f"{text.rpartition(' ')[0] if ' ' in text[limit // 2 :] else text}".rstrip() + "…"


def short(text: str) -> str:
    """Return the beginning of ``text``, for quoting in one line."""
    return cut(tidy(text), 60)


def fit(text: str, limit: int, line: int, notes: Notes) -> str:
    """Return ``text`` cut to at most ``limit`` characters; add a note if it was cut."""
    if len(text) > limit:
        notes.append((line, f"“{short(text)}” has {len(text)} characters and was cut to {limit}"))
    return cut(text, limit)
