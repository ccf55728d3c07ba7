"""Read the front matter of a page, in YAML (between ``---``) or TOML (between ``+++``)."""

import re
import tomllib

import yaml

from bot.core.authoring.text import Notes, blank, tidy

MAX_FRONT_MATTER = 10_000
"""Maximum number of characters that are read. Typical front matter has 200."""

_FRONT = re.compile(
    r"\A\s*(?P<mark>---|\+\+\+)[ \t]*\n(?P<text>.*?)^(?:(?P=mark)|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE | re.DOTALL
)
_TOML_LINE = re.compile(r"line (\d+)")


def front_matter(text: str) -> tuple[dict[str, tuple[int, str]], str, Notes]:
    """Return the keys with their lines and values (empty if not text), ``text`` without the front matter, and notes."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    match = _FRONT.match(text)
    if not match:
        return {}, text, []
    first = text.count("\n", 0, match.start("text")) + 1
    rest = blank(match) + text[match.end() :]
    if len(match["text"]) > MAX_FRONT_MATTER:
        return {}, rest, [(first, f"the front matter has more than {MAX_FRONT_MATTER:,} characters; it was left out")]
    kind, read = ("YAML", _yaml) if match["mark"] == "---" else ("TOML", _toml)
    try:
        pairs = read(match["text"])
    except (yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        at = _TOML_LINE.search(str(error))
        line = mark.line if mark else int(at[1]) - 1 if at else 0
        says = problem or ("nested too deeply" if isinstance(error, RecursionError) else str(error))
        return {}, rest, [(first + line, f"the front matter is not {kind} ({says}); it was left out")]
    if pairs is None:
        return {}, rest, [(first, "the front matter has no keys; it was left out")]
    return {key: (first + line, tidy(value)) for key, line, value in pairs}, rest, []


def _yaml(text: str) -> list[tuple[str, int, str]] | None:
    root = yaml.compose(text, yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        return None if root else []
    return [(_scalar(key) or "?", key.start_mark.line, _scalar(value)) for key, value in root.value]


def _scalar(node: yaml.Node) -> str:
    said = node.value if isinstance(node, yaml.ScalarNode) else ""
    return "" if said in ("~", "null") else said


def _toml(text: str) -> list[tuple[str, int, str]]:
    lines = text.split("\n")

    def line_of(key: str) -> int:
        start = re.compile(rf"\s*\[*\s*[\"']?{re.escape(key)}[\"']?\s*[].=]")
        return next((number for number, line in enumerate(lines) if start.match(line)), 0)

    pairs = tomllib.loads(text).items()
    return [(key, line_of(key), "" if isinstance(value, dict | list) else str(value)) for key, value in pairs]
