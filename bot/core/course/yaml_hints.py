"""Hints on how to fix a YAML syntax error, by the parser's message."""

import re
from collections.abc import Iterator

import yaml

TABS = "indent with spaces, not tabs"
_BY_PROBLEM = (
    ("mapping values are not allowed", "a text that contains `: ` needs quotes; otherwise check the indentation"),
    ("alphabetic or numeric character", "a text that starts with `*` or `&` needs quotes"),
    ("expected comment or line break", "a text that starts with `|` or `>` needs quotes"),
    (
        "block sequence entries are not allowed",
        "a text that starts with `- ` needs quotes; otherwise check indentation",
    ),
    ("unknown escape character", "a text with a backslash needs single quotes"),
    ("found unexpected end of stream", "a quotation mark is not closed"),
    ("unknown directive", "a text that starts with `%` needs quotes"),
    ("found unexpected document indicator", "a quotation mark is not closed"),
    ("expected a single document", "remove the second `---`"),
    ("found a tab character", TABS),
)


_CURLY = re.compile(r"(?:^|[:,\[{-])\s*[“”„‘’‚]")


def hints(text: str, error: yaml.MarkedYAMLError) -> Iterator[str]:
    """Yield hints about ``error``, which the parser found in ``text``."""
    problem, mark, context = str(error.problem), error.problem_mark, error.context_mark
    if mark and "cannot start any token" in problem:
        character = text[mark.index : mark.index + 1]
        yield TABS if character == "\t" else f"a text that starts with `{character}` needs quotes"
        return
    line = text.splitlines()[mark.line] if mark and mark.line < len(text.splitlines()) else ""
    if _CURLY.search(line):
        yield "curly quotes don't work here; use straight ones"
    hint = next((hint for part, hint in _BY_PROBLEM if part in problem), "check quotes, brackets and indentation")
    yield hint
    if hint == TABS or not mark or not context:
        return
    if context.line < mark.line:
        yield f"it starts in line {context.line + 1}"
    if re.search(r"[^\s#][ \t]+#", text[context.index : mark.index]):
        yield "` #` starts a comment unless the text is in quotes"
