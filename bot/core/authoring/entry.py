"""An entry of a table of contents: its title, address, minutes and description."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile
from urllib.parse import unquote

from bot.core.authoring.block import Block, Part, plain
from bot.core.authoring.outline import MAX_HEADING, cells_of
from bot.core.authoring.text import Notes, cut, short, tidy
from bot.core.authoring.wording import COUNT, DURATION, GENERIC_LABEL, GROUP, STATUS, minutes_of
from bot.core.course.fields import MAX_TEXT

MAX_READ = 2_000
"""Maximum number of characters of a description that are read."""
_EDGES = " -–—:：|*_,;·•→>"
_EMPTY_BRACKETS = re.compile(r"\s?[(\[][\s,;·•|–—-]{0,9}[)\]]")
_NUMBER = re.compile(r"^\d{1,2}[.)]\s+")
_ORDINAL = re.compile(r"\d{1,3}[.)]?")
_RANGE = re.compile(r"\d ?(?:-|–|to|bis|à|a) ?\d")
_UNDEFINED = re.compile(r"\[([^\[\]]+)\]")
_LAST = re.compile(
    r"(?i:[a-z]+:(?://[^/?#]*+)?+)?+(?:[^/?#]*/)*?(?P<name>[^/?#]+?)(?:/index|/readme)?(?:\.md|\.html?)?/?(?:[?#]|$)"
)
"""An address up to the last part of its path, which names its target."""
_HOST = re.compile(r"https?://([^/?#]+)", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]{0,30}:", re.IGNORECASE)
_LEVELS = ("path", "module", "unit")


@dataclass(slots=True, kw_only=True)
class Entry:
    """``id`` is that of the check box. ``inner`` is True if the entry only links to another place on the page."""

    line: int
    id: str = ""
    title: str = ""
    link: Part | None = None
    image: Part | None = None
    text: str = ""
    minutes: int = 0
    inner: bool = False
    notes: Notes = field(default_factory=list)

    @property
    def groups(self) -> bool:
        """Whether the entry only groups the entries below it."""
        return self.link is None and len(self.title) <= MAX_HEADING and GROUP.fullmatch(self.title) is not None

    def note(self, says: str) -> None:
        self.notes.append((self.line, says))


def last_part(address: str) -> str:
    """Return the last part of the path of a web or relative address, which names its target; may be empty."""
    match = None if _OTHER_SCHEME.match(address) else _LAST.match(address)
    return unquote(match["name"]) if match else ""


def _title_of(address: str) -> str:
    """Return a title made from an address: the last part of its path, else its host."""
    name = tidy(re.sub(r"[-_+\s]+", " ", last_part(address))).strip(_EDGES)
    host = _HOST.match(address)
    return name[:1].upper() + name[1:] if name else host[1] if host else ""


def is_inner(link: Part, page: str) -> bool:
    """Return whether a link points to another place on the page."""
    return link.target.startswith("#") or link.target.removeprefix("./").startswith(f"{page}#")


def entries(block: Block, page: str) -> tuple[str, list[Entry]]:
    """Return the text before a list, and its entries: one per item; in a paragraph, one per box or link."""
    plainly = not (block.sign or block.checked)
    starts, linked = [], True
    for number, part in enumerate(block.parts):
        box, badge = part.kind == "check", part.kind == "image"
        if not part.kind:
            continue
        if box or (linked and (plainly or part.image)):
            starts.append(number)
        linked = not box and not (badge and plainly) and (linked or not badge)
    if block.sign or not starts:
        starts = [0, *starts[1:]]
    spans = pairwise([*starts, len(block.parts)])
    return plain(block.parts[: starts[0]]), [_entry(block.parts[a:b], page) for a, b in spans if b > a]


def row_entries(block: Block, columns: Sequence[str], page: str) -> Iterator[tuple[int, Entry]]:
    """Yield the entries of a table row with their depths: one per column of paths, modules or units, else one."""
    cells = dict(enumerate(cells_of(block)))
    names = [*columns, *[""] * (len(cells) - len(columns))]
    levels = [names.index(level) for level in _LEVELS if level in names]
    if not levels:
        usable = [n for n, parts in cells.items() if _named(names[n], parts)]
        linked = [n for n in usable if any(part.kind == "link" and not is_vague(part) for part in cells[n])]
        levels = (linked or [n for n in usable if names[n] != "link"] or usable)[:1]
    levels = [n for n in levels if plain(cells.get(n, []))]
    depth = {n: d for d, n in enumerate(names.index(level) for level in _LEVELS if level in names)}
    row = [(depth.get(n, 0), _entry(cells[n], page)) for n in levels]
    if row:
        _complete(row[-1][1], {n: parts for n, parts in cells.items() if n not in levels}, names)
    yield from row


def is_vague(link: Part) -> bool:
    """Return whether the label of a link doesn't name its target."""
    return _is_address(link) or GENERIC_LABEL.fullmatch(link.text[:MAX_TEXT]) is not None


def _is_address(link: Part) -> bool:
    return link.text == link.target or link.text.startswith(("http://", "https://", "www."))


def _named(column: str, parts: Sequence[Part]) -> bool:
    return column in ("", "link") and re.search(r"[^\W\d_]", plain(parts)) is not None


def _complete(entry: Entry, cells: dict[int, list[Part]], names: Sequence[str]) -> None:
    """Fill an entry with the contents of the other cells in its row."""
    texts = [entry.text] if entry.text else []
    for number, parts in cells.items():
        says, column = _said(parts), names[number]
        entry.link = entry.link or next((part for part in parts if part.kind == "link"), None)
        entry.image = entry.image or next((part for part in parts if part.kind == "image"), None)
        match = DURATION.search(says[:MAX_READ])
        if column in ("minutes", "hours", "duration") and re.fullmatch(r"\d{1,4}(?:[.,]\d{1,2})?", says):
            amount = float(says.replace(",", ".")) * (60 if column == "hours" else 1)
            entry.minutes = entry.minutes or round(amount)
        elif match and not entry.minutes:
            entry.minutes = minutes_of(match)
        elif column == "" and (text := described(says, entry.line, entry.notes)) and re.search(r"[^\W\d_]", text):
            texts += [] if text.startswith(("http", "www.")) else [text]
    entry.text = "; ".join(texts)


def _entry(parts: Sequence[Part], page: str) -> Entry:
    box = next((part for part in parts if part.kind == "check" and part.target), None)
    number = next((n for n, part in enumerate(parts) if part.kind == "link"), None)
    link = parts[number] if number is not None else None
    images = [image for part in parts if (image := part if part.kind == "image" else part.image)]
    entry = Entry(line=parts[0].line, id=box.target if box else "", link=link, image=images[0] if images else None)
    before = _said(parts[:number] if number is not None else parts)
    after = _said(parts[number + 1 :]) if number is not None else ""
    label = link.text if link else ""
    vague = link is not None and is_vague(link) and re.search(r"\w", before + after) is not None
    if link and is_inner(link, page) and re.search(r"\w", before):
        vague = not GROUP.fullmatch(before.strip(_EDGES)[:MAX_HEADING])
    if link and label and not _is_address(link) and not vague:
        entry.title = label
        named = before.strip(_EDGES)
        entry.text = after if GROUP.fullmatch(named[:MAX_HEADING]) else f"{before} {after}"
    elif link and (label or not link.image):
        says_little = not re.search(r"\w", before) or GENERIC_LABEL.fullmatch(before[:MAX_TEXT])
        entry.title, entry.text = (after, "") if says_little else (before, after)
    else:
        entry.title, entry.text = ("", f"{before} {after}") if link else _strong_title(parts) or (before, "")
    entry.inner = link is not None and is_inner(link, page) and entry.title == label
    _find_minutes(entry)
    entry.text = described(entry.text, entry.line, entry.notes)
    entry.title = _title(entry)
    if not entry.title and images and not entry.minutes:
        entry.title = images[0].text
    if not entry.title and link and not entry.inner and (title := _title_of(link.target)):
        entry.title = title
        entry.note(f"took “{short(title)}” from the address as the title")
    return entry


def _strong_title(parts: Sequence[Part]) -> tuple[str, str] | None:
    """Return the title and description of an entry such as “**Title**: description”."""
    said = [part for part in parts if part.text and part.kind not in ("image", "check")]
    strong = list(takewhile(lambda part: part.strong, said))
    title, rest = _said(strong), _said(said[len(strong) :])
    separated = title.endswith((":", "：")) or rest.startswith(("-", "–", "—", ":", "：", "("))
    return (title, rest) if title and separated else None


def _said(parts: Sequence[Part]) -> str:
    return tidy(plain([part for part in parts if part.kind not in ("image", "check")]))


def _find_minutes(entry: Entry) -> None:
    """Move a duration from the title or the text to the minutes."""
    for name in ("title", "text"):
        says: str = tidy(cut(getattr(entry, name), MAX_READ))
        says = COUNT.sub("", says) if name == "text" else says
        match = None if entry.minutes else DURATION.search(says)
        if match:
            entry.minutes = minutes_of(match)
            if _RANGE.search(match[0]):
                entry.note(f"took {entry.minutes} minutes from “{short(match[0])}”")
            says = says[: match.start()] + says[match.end() :]
        setattr(entry, name, says)


def described(says: str, line: int, notes: Notes) -> str:
    """Return a description without statuses, counts and empty brackets."""

    def gone(found: re.Match[str]) -> str:
        if re.search(r"\w", found[0]):
            notes.append((line, f"“{short(found[0])}” was left out: it tells how far the author has come"))
        return " "

    says = COUNT.sub("", tidy(cut(says, MAX_READ)))
    says = STATUS.sub(gone, STATUS.sub(gone, says).strip(_EDGES))
    says = tidy(_EMPTY_BRACKETS.sub("", says)).strip(_EDGES)
    says = says.rstrip(")") if says.count("(") < says.count(")") else says
    means_little = _ORDINAL.fullmatch(says) or GENERIC_LABEL.fullmatch(says[:MAX_TEXT])
    return says if re.search(r"\w", says) and not means_little else ""


def _title(entry: Entry) -> str:
    title = STATUS.sub("", _NUMBER.sub("", entry.title))
    title = tidy(_EMPTY_BRACKETS.sub("", title)).strip(" -–—:：|*_,;·•→")
    if alone := _UNDEFINED.fullmatch(title):
        entry.note(f"the link of “{short(alone[1])}” is not defined on the page")
        return alone[1]
    title = title.rstrip(" ([") if title.count("(") > title.count(")") else title
    title = title or ("" if entry.minutes else entry.title)
    return title if re.search(r"\w", title) else ""
