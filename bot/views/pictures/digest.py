"""The picture of a weekly digest: where the cohort stands on each path, and who completed what."""

from collections.abc import Mapping, Sequence
from datetime import date
from threading import Lock

from bot.core.cohort.digest import NAMED, Digest, PathShare, Person
from bot.views.layout import duration, of, plural, shortened
from bot.views.pictures.canvas import Brushes, Ramp, Sheet
from bot.views.pictures.graphemes import plain
from bot.views.pictures.text import BOLD

WIDTH = 1000
MARGIN = 48
EDGE = WIDTH - MARGIN
INSIDE = EDGE - MARGIN
BAND = 144
"""Height of the head."""
TWO_LINES, ONE_LINE, ROW = 76, 48, 48
"""Heights of a path and of a person."""
AIRY, ROWS = 6, 10
"""So many paths get two lines each, and so many lines in all: where there are more, the last one counts them."""
ALT = 1024
"""Characters that Discord takes as the description of a file."""
SOMEBODY = "a member"
FADED = Ramp.TEXT.at(0.7)


class Painter:
    """Draws digests. Fonts are loaded when first needed and kept; threads take turns."""

    def __init__(self) -> None:
        self._brushes = Brushes()
        self._turn = Lock()

    def draw(self, digest: Digest, names: Mapping[int, str]) -> bytes:
        """A PNG 1000 pixels wide. ``names`` are the names to show by learner; who has none is "a member"."""
        with self._turn:
            return self._quiet(digest) if digest.quiet else self._busy(digest, names)

    def _busy(self, digest: Digest, names: Mapping[int, str]) -> bytes:
        shares = shown(digest.shares)
        airy = len(shares) <= AIRY
        pitch = TWO_LINES if airy else ONE_LINE
        paths, people = len(digest.shares) - len(shares), digest.people[:NAMED]
        others = digest.active - len(people)
        lines = pitch * len(shares) + ROW * (len(people) + bool(paths) + bool(others))
        sheet = Sheet(WIDTH, BAND + lines + 238, self._brushes)
        _band(sheet, digest)
        sheet.text(MARGIN, BAND + 62, headline(digest), 36, weight=BOLD, room=INSIDE)
        _legend(sheet, BAND + 120)
        y = BAND + 134
        for share in shares:
            (_on_two_lines if airy else _on_one_line)(sheet, y, share)
            y += pitch
        if paths:
            sheet.text(MARGIN, y + 32, f"and {plural(paths, 'more path')}", 28, fill=FADED)
            y += ROW
        sheet.text(MARGIN, y + 50, "People of the week", 28, weight=BOLD, fill=FADED)
        y += 66
        for person in people:
            _person(sheet, y, person, names.get(person.id, ""))
            y += ROW
        if others:
            sheet.block(MARGIN, y, INSIDE, 2, Ramp.LINE.at())
            sheet.text(MARGIN, y + 35, f"and {others:,} more", 28, fill=FADED)
        return sheet.png()

    def _quiet(self, digest: Digest) -> bytes:
        sheet = Sheet(WIDTH, BAND + 266, self._brushes)
        _band(sheet, digest)
        first, second = quiet_words(digest)
        sheet.text(MARGIN, BAND + 86, first, 46, weight=BOLD, room=INSIDE - 230)
        sheet.text(MARGIN, BAND + 136, second, 30, room=INSIDE - 230)
        sheet.text(EDGE, BAND + 170, "⛺\ufe0f", 160, fill=Ramp.TEXT.at(0.85), right=True)
        sheet.text(MARGIN, BAND + 222, f"Next: {following(digest)}", 30, fill=FADED, room=INSIDE)
        return sheet.png()


def shown(shares: Sequence[PathShare]) -> Sequence[PathShare]:
    """The paths that there is room for, in their order: first those that moved this week, then those under way."""
    if len(shares) <= ROWS:
        return shares
    told = sorted(shares, key=lambda share: (share.now == share.before, share.now in (0, 100)))[: ROWS - 1]
    return [share for share in shares if share in told]


def week(first: date, last: date) -> str:
    """``9–15 November 2026``, ``30 Nov – 6 Dec 2026``: months and years are said once where they are the same."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {last:%B} {last.year}"
    start = f"{first.day} {first:%b}" if first.year == last.year else f"{first.day} {first:%b} {first.year}"
    return f"{start} – {last.day} {last:%b} {last.year}"


def headline(digest: Digest) -> str:
    """What was ticked, by how many, and how long it takes."""
    units, minutes = plural(digest.units, "unit"), digest.minutes
    who = f" by {of(digest.active, digest.members, 'member')}" if digest.members > 1 else ""
    length = duration(minutes) if minutes < 600 else f"{round(minutes / 60):,} h"
    return f"{units} ticked{who}{f' · {length}' if minutes else ''}"


def quiet_words(digest: Digest) -> tuple[str, str]:
    """What to say of a week without a tick."""
    if not digest.members:
        return "Nobody here yet", "The first tick starts the group."
    return "A quiet week", "Nothing was ticked. The path waits."


def following(digest: Digest) -> str:
    """What the group can do next: a unit with its module, whose name says more than "Introduction"."""
    node, course = digest.suggestion, digest.course
    if node is None:
        return course.title
    return " · ".join(above.title for above in (*course.ancestors(node)[1:], node))


def alt_text(digest: Digest, names: Mapping[int, str]) -> str:
    """The picture in words, at most 1,024 characters."""
    course = digest.course
    start = f"{course.code} {course.title}, {week(digest.first, digest.last)}, {plural(digest.members, 'member')}."
    if digest.quiet:
        return f"{start} {'. '.join(quiet_words(digest))} Next: {following(digest)}."
    paths = [f"{shortened(s.path.title, 50)} {s.now} % ({s.before} %)" for s in shown(digest.shares)]
    people = [f"{shortened(plain(names.get(p.id, ''), SOMEBODY), 40)}: {completed(p)}" for p in digest.people[:NAMED]]
    start = f"{start} {headline(digest)}. Paths now (a week ago): "
    start += f"{_listed(paths, len(digest.shares), (ALT - len(start)) // 2)}. People of the week: "
    return f"{start}{_listed(people, digest.active, ALT - len(start) - 1)}."


def completed(person: Person) -> str:
    """What somebody completed in the week, in words."""
    words = [path.title for path in person.paths[:2]]
    if person.paths[2:]:
        words.append(plural(len(person.paths) - 2, "more path"))
    if person.modules:
        words.append(plural(person.modules, "module"))
    return ", ".join([*words, plural(person.units, "unit")])


def _listed(parts: Sequence[str], count: int, room: int) -> str:
    """As many of ``parts`` as fit into ``room`` characters, and how many of ``count`` are left out."""
    kept: list[str] = []
    for part in parts:
        rest = count - len(kept) - 1
        more = f"; and {rest:,} more" if rest else ""
        if len("; ".join([*kept, part])) + len(more) > room:
            break
        kept.append(part)
    rest = count - len(kept)
    return "; ".join([*kept, f"and {rest:,} more"] if rest else kept)


def _band(sheet: Sheet, digest: Digest) -> None:
    """The head: course and title, week and members."""
    course, soft = digest.course, Ramp.BAND.at(0.85)
    sheet.block(0, 0, WIDTH, BAND, Ramp.BAND.at(0))
    right = f"{plural(digest.members, 'member')} · {week(digest.first, digest.last)}"
    width = sheet.text(EDGE, 68, right, 28, fill=soft, right=True)
    sheet.text(MARGIN, 68, course.code, 54, weight=BOLD, fill=Ramp.BAND.at(), room=INSIDE - width - 32)
    sheet.text(MARGIN, 116, course.title, 30, fill=soft, room=INSIDE)


def _legend(sheet: Sheet, base: int) -> None:
    """What orange and the mark mean, read from the right."""
    sheet.text(MARGIN, base, "Learning paths", 28, weight=BOLD, fill=FADED)
    x = EDGE - sheet.text(EDGE, base, "a week ago", 26, fill=FADED, right=True) - 12
    sheet.mark(x, base - 18, 16)
    x -= 32
    x -= sheet.text(x, base, "this week", 26, fill=FADED, right=True) + 12
    sheet.bar(x - 36, base - 20, 36, 20, (Ramp.ORANGE, 36))


def _on_two_lines(sheet: Sheet, top: int, share: PathShare) -> None:
    sheet.text(EDGE, top + 34, f"{share.now} %", 32, weight=BOLD, right=True)
    room = INSIDE - 132
    if share.now != share.before:
        moved = f"{share.now - share.before:+}".replace("-", "−")
        room -= 16 + sheet.text(EDGE - 126, top + 34, moved, 28, fill=FADED, right=True)
    sheet.text(MARGIN, top + 34, share.path.title, 30, room=room)
    _bar(sheet, MARGIN, top + 49, INSIDE, share)


def _on_one_line(sheet: Sheet, top: int, share: PathShare) -> None:
    sheet.text(EDGE, top + 34, f"{share.now} %", 30, weight=BOLD, right=True)
    sheet.text(MARGIN, top + 34, share.path.title, 28, room=540)
    _bar(sheet, MARGIN + 564, top + 14, INSIDE - 564 - 110, share)


def _bar(sheet: Sheet, left: int, top: int, width: int, share: PathShare) -> None:
    """Blue for what was there a week ago, orange for what came since; a mark where the share was then."""
    now, before = (round(width * percent / 100) for percent in (share.now, share.before))
    sheet.bar(left, top, width, 20, (Ramp.BLUE, min(now, before)), (Ramp.ORANGE, now), (Ramp.LINE, width))
    if before:
        sheet.mark(left + before, top, 20)


def _person(sheet: Sheet, top: int, person: Person, name: str) -> None:
    """A row: the name, and at the right finished paths, modules and units, each in its column."""
    base, edge = top + 35, EDGE
    sheet.block(MARGIN, top, INSIDE, 2, Ramp.LINE.at())
    sheet.text(edge, base, plural(person.units, "unit"), 28, fill=FADED, right=True)
    edge -= 140
    if person.modules:
        sheet.text(edge, base, plural(person.modules, "module"), 28, fill=FADED, right=True)
        edge -= 168
    room = edge - MARGIN - 24
    if not person.paths:
        sheet.text(MARGIN, base, name, 30, weight=BOLD, room=room, otherwise=SOMEBODY)
        return
    room -= sheet.text(MARGIN, base, name, 30, weight=BOLD, room=room - 200, otherwise=SOMEBODY)
    title = person.paths[0].title if len(person.paths) == 1 else plural(len(person.paths), "path")
    sheet.text(edge, base, f"✔ {title}", 28, room=room, right=True)
