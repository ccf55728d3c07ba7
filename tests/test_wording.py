"""Texts that members, managers and operators read follow the glossary."""

import ast
import re
from calendar import month_name
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NOT_READ = ("bot/store/", "bot/core/authoring/wording.py")
"""Code whose strings nobody reads: names of queries and columns, and the words of other people's pages."""

BANNED = {
    r"\btick(s|ed|ing)?\b": "complete, Done",
    r"\d %|[}] %|^ %": "22% without a space",
    r"\bany more\b": "no longer",
    r"\bsomebody\b": "someone",
    r"\bcohorts?\b": "study group",
    r"\bcards?\b": "question",
    r"`/[a-z]": "a mention such as </plan>",
    r"\bin hand\b": "left",
    r"\bgoes on\b|\bgo on\b": "continue",
    r"\bmend(ed|s)?\b": "fix",
    r"\bon course\b": "on track",
    r"\bfreezes? in\b": "streak freeze",
    r"\bhits?\b": "result",
    r"\bput off\b": "snooze",
    rf"\b\d{{1,2}} ({'|'.join(month_name[1:])})\b": "December 18",
    r"\bshall\b": "must, will",
}


def strings(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the texts of a module with their lines: strings of several words, without docstrings and log messages."""
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    skipped = {id(inner) for node in nodes if _is_unread(node) for inner in ast.walk(node)}
    for node in nodes:
        text = node.value if isinstance(node, ast.Constant) and id(node) not in skipped else None
        if isinstance(text, str) and (" " in text.strip() or re.search(r"[%`]", text)):
            yield node.lineno, text


def _is_unread(node: ast.AST) -> bool:
    """Whether a node is a docstring, the text below a constant, or a log message."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "log"


FILES = [
    file
    for folder in ("bot", "cogs")
    for file in sorted((ROOT / folder).rglob("*.py"))
    if not str(file.relative_to(ROOT)).startswith(NOT_READ)
]


@pytest.mark.parametrize("pattern", BANNED)
def test_texts_use_the_words_of_the_glossary(pattern):
    wrong = [
        f"{file.relative_to(ROOT)}:{line}: {text[:80]!r} ({BANNED[pattern]})"
        for file in FILES
        for line, text in strings(file)
        if re.search(pattern, text, re.IGNORECASE if pattern.islower() else 0)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("pattern", [r"\bany more\b", r"\bsomebody\b", r"\d %", r"\bshall\b", r"\btick(s|ed)? off\b"])
@pytest.mark.parametrize(
    "name", ["README.md", "CHANGELOG.md", "SECURITY.md", "docs/members.md", "docs/operating.md", "docs/courses.md"]
)
def test_documents_use_the_words_of_the_glossary(name, pattern):
    assert not re.findall(rf".*{pattern}.*", (ROOT / name).read_text("utf-8"))
