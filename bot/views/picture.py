"""The picture of a weekly digest: where the cohort stands on each path, and who completed what."""

from collections.abc import Mapping, Sequence
from datetime import date
from threading import Lock

from bot.core.digest import NAMED, Digest, PathShare, Person
from bot.views.layout import duration, plural, shortened
from bot.views.lettering import BOLD
from bot.views.letters import plain
from bot.views.sheet import Brushes, Ramp, Sheet

WIDTH = 1000
MARGIN = 48
EDGE = WIDTH - MARGIN
INSIDE = EDGE - MARGIN
BAND = 160
TALL, ROWS = 6, 12
"""So many paths get two lines each, and so many at most are shown; the others are counted."""
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
        people = digest.people[:NAMED]
        pitch = 82 if len(digest.shares) <= TALL else 50
        hidden = len(digest.shares) - len(shares), digest.active - len(people)
        height = BAND + 196 + pitch * len(shares) + 74 + 52 * len(people) + 50 * sum(map(bool, hidden)) + 24
        sheet = Sheet(WIDTH, height, self._brushes)
        _band(sheet, digest)
        y = BAND + 66
        sheet.text(MARGIN, y, headline(digest), 38, weight=BOLD, room=INSIDE)
        y += 66
        _legend(sheet, y)
        y += 24
        for share in shares:
            (_two_lines if pitch > 50 else _one_line)(sheet, y, share)
            y += pitch
        if hidden[0]:
            sheet.text(MARGIN, y + 34, f"and {plural(hidden[0], 'more path')}", 28, fill=FADED)
            y += 50
        y += 58
        sheet.text(MARGIN, y, "People of the week", 28, weight=BOLD, fill=FADED)
        y += 16
        for person in people:
            _person(sheet, y, person, names.get(person.id, ""))
            y += 52
        if hidden[1]:
            sheet.block(MARGIN, y, INSIDE, 2, Ramp.LINE.at())
            sheet.text(MARGIN, y + 37, f"and {hidden[1]:,} more", 28, fill=FADED)
        return sheet.png()

    def _quiet(self, digest: Digest) -> bytes:
        sheet = Sheet(WIDTH, BAND + 250, self._brushes)
        _band(sheet, digest)
        room = INSIDE - 250
        first, second = quiet_words(digest)
        sheet.text(MARGIN, BAND + 92, first, 48, weight=BOLD, room=room)
        sheet.text(MARGIN, BAND + 144, second, 30, room=room)
        if digest.suggestion:
            sheet.text(MARGIN, BAND + 200, f"Next: {digest.suggestion.title}", 30, fill=FADED, room=room)
        _cairn(sheet, EDGE - 200, BAND + 24)
        return sheet.png()


def shown(shares: Sequence[PathShare]) -> list[PathShare]:
    """The paths that the picture has room for, in their order: those that moved this week before those under way, and
    these before the others.
    """
    told = sorted(shares, key=lambda share: (share.now == share.before, share.now in (0, 100)))[:ROWS]
    return [share for share in shares if share in told]


def week(first: date, last: date) -> str:
    """``9–15 November 2026``; months and years are said once where they are the same."""
    end = f"{last.day} {last:%B} {last.year}"
    if first.year != last.year:
        return f"{first.day} {first:%B} {first.year} – {end}"
    return f"{first.day} {first:%B} – {end}" if first.month != last.month else f"{first.day}–{end}"


def headline(digest: Digest) -> str:
    length = f" · {duration(digest.minutes)}" if digest.minutes else ""
    return f"{plural(digest.units, 'unit')} ticked by {plural(digest.active, 'member')}{length}"


def quiet_words(digest: Digest) -> tuple[str, str]:
    """What to say of a week without a tick."""
    if not digest.members:
        return "Nobody here yet", "The first tick starts the group."
    return "A quiet week", "Nothing was ticked. The path waits."


def alt_text(digest: Digest, names: Mapping[int, str]) -> str:
    """The picture in words, at most 1,024 characters."""
    course = digest.course
    start = f"{course.code} {course.title}, {week(digest.first, digest.last)}, {plural(digest.members, 'member')}."
    if digest.quiet:
        end = f" Next: {digest.suggestion.title}." if digest.suggestion else ""
        return f"{start} {'. '.join(quiet_words(digest))}{end}"
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
    sheet.block(0, 0, WIDTH, BAND, Ramp.BAND.at(0))
    soft = Ramp.BAND.at(0.85)
    dates = sheet.text(EDGE, 72, week(digest.first, digest.last), 30, fill=soft, right=True)
    sheet.text(MARGIN, 72, digest.course.code, 56, weight=BOLD, fill=Ramp.BAND.at(), room=INSIDE - dates - 32)
    members = sheet.text(EDGE, 126, plural(digest.members, "member"), 30, fill=soft, right=True)
    sheet.text(MARGIN, 126, digest.course.title, 30, fill=soft, room=INSIDE - members - 32)


def _legend(sheet: Sheet, base: int) -> None:
    sheet.text(MARGIN, base, "Learning paths", 28, weight=BOLD, fill=FADED)
    x = EDGE - sheet.text(EDGE, base, "a week ago", 26, fill=FADED, right=True) - 16
    sheet.mark(x, base - 18, 16)
    x -= 34
    x -= sheet.text(x, base, "this week", 26, fill=FADED, right=True) + 12
    sheet.bar(x - 36, base - 20, 36, 20, (Ramp.ORANGE, 36))
    x -= 36 + 30
    x -= sheet.text(x, base, "before", 26, fill=FADED, right=True) + 12
    sheet.bar(x - 36, base - 20, 36, 20, (Ramp.BLUE, 36))


def _two_lines(sheet: Sheet, top: int, share: PathShare) -> None:
    room = INSIDE - _percent(sheet, top + 30, share) - 24
    sheet.text(MARGIN, top + 30, share.path.title, 30, room=room)
    _bar(sheet, MARGIN, top + 44, INSIDE, share)


def _one_line(sheet: Sheet, top: int, share: PathShare) -> None:
    _percent(sheet, top + 32, share)
    sheet.text(MARGIN, top + 32, share.path.title, 28, room=400)
    _bar(sheet, MARGIN + 424, top + 12, INSIDE - 424 - 190, share)


def _percent(sheet: Sheet, base: int, share: PathShare) -> int:
    """The share in figures and how it moved, at the right edge; the width of both."""
    sheet.text(EDGE, base, f"{share.now} %", 32, weight=BOLD, right=True)
    moved = share.now - share.before
    if not moved:
        return 100
    return 112 + sheet.text(EDGE - 112, base, f"{moved:+}".replace("-", "−"), 28, fill=FADED, right=True)


def _bar(sheet: Sheet, left: int, top: int, width: int, share: PathShare) -> None:
    """Blue for what was there a week ago, orange for what came since; a mark where the share was then."""
    now, before = (round(width * percent / 100) for percent in (share.now, share.before))
    sheet.bar(left, top, width, 20, (Ramp.BLUE, min(now, before)), (Ramp.ORANGE, now), (Ramp.LINE, width))
    if before:
        sheet.mark(left + min(before, width - 2), top, 20)


def _person(sheet: Sheet, top: int, person: Person, name: str) -> None:
    """A row: the name, and at the right finished paths, modules and units, each in its column."""
    base = top + 37
    sheet.block(MARGIN, top, INSIDE, 2, Ramp.LINE.at())
    sheet.text(EDGE, base, plural(person.units, "unit"), 28, fill=FADED, right=True)
    edge = EDGE - 148
    if person.modules:
        sheet.text(edge, base, plural(person.modules, "module"), 28, fill=FADED, right=True)
        edge -= 168
    if not person.paths:
        sheet.text(MARGIN, base, name, 30, weight=BOLD, room=edge - MARGIN - 24, otherwise=SOMEBODY)
        return
    width = sheet.text(MARGIN, base, name, 30, weight=BOLD, room=edge - MARGIN - 224, otherwise=SOMEBODY)
    title = person.paths[0].title if len(person.paths) == 1 else plural(len(person.paths), "path")
    sheet.text(edge, base, f"✔ {title}", 28, room=edge - MARGIN - width - 24, right=True)


def _cairn(sheet: Sheet, left: int, top: int) -> None:
    """The stones that mark a way, with a small flag."""
    for x, y, width, height, ramp in (
        *((0, 152, 200, 56, Ramp.BLUE), (28, 104, 148, 50, Ramp.BLUE), (50, 66, 96, 40, Ramp.BLUE)),
        (92, 6, 56, 30, Ramp.ORANGE),
    ):
        sheet.bar(left + x, top + y, width, height, (ramp, width))
    sheet.block(left + 92, top, 4, 68, Ramp.TEXT.at())
