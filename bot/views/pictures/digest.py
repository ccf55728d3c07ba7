"""The picture of a weekly digest: the share of each path, and what each person completed."""

from collections.abc import Mapping, Sequence
from datetime import date
from threading import Lock

from bot.core.cohort.digest import NAMED, Digest, PathShare, Person
from bot.views.layout import count_of, duration, plural, truncate
from bot.views.pictures.graphemes import visible_text
from bot.views.pictures.light_canvas import Canvas, ColorRamp, DrawingCache
from bot.views.pictures.text import BOLD

WIDTH = 1000
MARGIN = 48
RIGHT = WIDTH - MARGIN
CONTENT_WIDTH = RIGHT - MARGIN
HEADER_HEIGHT = 144
TWO_LINE_HEIGHT, ONE_LINE_HEIGHT, ROW_HEIGHT = 76, 48, 48
"""Heights of a path on two lines, a path on one line, and a person."""
MAX_TWO_LINE_PATHS, MAX_PATHS = 6, 10
"""Up to the first number of paths, each gets two lines. At most the second number of paths is shown."""
MAX_ALT_TEXT = 1024
"""Discord's limit for the description of a file, in characters."""
UNNAMED = "a member"
MUTED = ColorRamp.TEXT.index(0.7)


class DigestPicture:
    """Draws digests. Loads fonts on first use and keeps them. Thread-safe."""

    def __init__(self) -> None:
        self._cache = DrawingCache()
        self._lock = Lock()

    def draw(self, digest: Digest, names: Mapping[int, str]) -> bytes:
        """Return a PNG, 1000 pixels wide. ``names`` maps learners to names; the others are drawn as "a member"."""
        with self._lock:
            return self._quiet(digest) if digest.quiet else self._busy(digest, names)

    def _busy(self, digest: Digest, names: Mapping[int, str]) -> bytes:
        shares = selected_shares(digest.shares)
        two_lines = len(shares) <= MAX_TWO_LINE_PATHS
        row_height = TWO_LINE_HEIGHT if two_lines else ONE_LINE_HEIGHT
        paths, people = len(digest.shares) - len(shares), digest.people[:NAMED]
        others = digest.active - len(people)
        lines = row_height * len(shares) + ROW_HEIGHT * (len(people) + bool(paths) + bool(others))
        canvas = Canvas(WIDTH, HEADER_HEIGHT + lines + 238, self._cache)
        _draw_header(canvas, digest)
        canvas.text(MARGIN, HEADER_HEIGHT + 62, headline(digest), 36, weight=BOLD, max_width=CONTENT_WIDTH)
        _draw_legend(canvas, HEADER_HEIGHT + 120)
        y = HEADER_HEIGHT + 134
        for share in shares:
            (_draw_path_on_two_lines if two_lines else _draw_path_on_one_line)(canvas, y, share)
            y += row_height
        if paths:
            canvas.text(MARGIN, y + 32, f"and {plural(paths, 'more path')}", 28, fill=MUTED)
            y += ROW_HEIGHT
        canvas.text(MARGIN, y + 50, "People of the week", 28, weight=BOLD, fill=MUTED)
        y += 66
        for person in people:
            _draw_person(canvas, y, person, names.get(person.id, ""))
            y += ROW_HEIGHT
        if others:
            canvas.rectangle(MARGIN, y, CONTENT_WIDTH, 2, ColorRamp.LINE.index())
            canvas.text(MARGIN, y + 35, f"and {others:,} more", 28, fill=MUTED)
        return canvas.png()

    def _quiet(self, digest: Digest) -> bytes:
        canvas = Canvas(WIDTH, HEADER_HEIGHT + 266, self._cache)
        _draw_header(canvas, digest)
        first, second = quiet_texts(digest)
        canvas.text(MARGIN, HEADER_HEIGHT + 86, first, 46, weight=BOLD, max_width=CONTENT_WIDTH - 230)
        canvas.text(MARGIN, HEADER_HEIGHT + 136, second, 30, max_width=CONTENT_WIDTH - 230)
        canvas.text(RIGHT, HEADER_HEIGHT + 170, "⛺\ufe0f", 160, fill=ColorRamp.TEXT.index(0.85), right=True)
        canvas.text(
            MARGIN, HEADER_HEIGHT + 222, f"Next: {next_suggestion(digest)}", 30, fill=MUTED, max_width=CONTENT_WIDTH
        )
        return canvas.png()


def selected_shares(shares: Sequence[PathShare]) -> Sequence[PathShare]:
    """Return the paths to show, in course order. If there are too many, prefer those that changed this week, then those
    in progress.
    """
    if len(shares) <= MAX_PATHS:
        return shares
    selected = sorted(shares, key=lambda share: (share.now == share.before, share.now in (0, 100)))[: MAX_PATHS - 1]
    return [share for share in shares if share in selected]


def week(first: date, last: date) -> str:
    """Format a date range as ``9–15 November 2026`` or ``30 Nov – 6 Dec 2026``.

    A month or year that both dates share is written once.
    """
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {last:%B} {last.year}"
    start = f"{first.day} {first:%b}" if first.year == last.year else f"{first.day} {first:%b} {first.year}"
    return f"{start} – {last.day} {last:%b} {last.year}"


def headline(digest: Digest) -> str:
    """Summarize the week: units ticked, active members and study time."""
    units, minutes = plural(digest.units, "unit"), digest.minutes
    who = f" by {count_of(digest.active, digest.members, 'member')}" if digest.members > 1 else ""
    length = duration(minutes) if minutes < 600 else f"{round(minutes / 60):,} h"
    return f"{units} ticked{who}{f' · {length}' if minutes else ''}"


def quiet_texts(digest: Digest) -> tuple[str, str]:
    """Return title and text for a week without ticks."""
    if not digest.members:
        return "Nobody here yet", "The first tick starts the group."
    return "A quiet week", "Nothing was ticked. The path waits."


def next_suggestion(digest: Digest) -> str:
    """Return the suggested unit with its module, because unit titles such as "Introduction" are ambiguous."""
    node, course = digest.suggestion, digest.course
    if node is None:
        return course.title
    return " · ".join(above.title for above in (*course.ancestors(node)[1:], node))


def alt_text(digest: Digest, names: Mapping[int, str]) -> str:
    """Describe the picture in at most 1,024 characters."""
    course = digest.course
    start = f"{course.code} {course.title}, {week(digest.first, digest.last)}, {plural(digest.members, 'member')}."
    if digest.quiet:
        return f"{start} {'. '.join(quiet_texts(digest))} Next: {next_suggestion(digest)}."
    paths = [f"{truncate(s.path.title, 50)} {s.now} % ({s.before} %)" for s in selected_shares(digest.shares)]
    people = [
        f"{truncate(visible_text(names.get(p.id, ''), UNNAMED), 40)}: {completed_text(p)}"
        for p in digest.people[:NAMED]
    ]
    start = f"{start} {headline(digest)}. Paths now (a week ago): "
    start += f"{_listed(paths, len(digest.shares), (MAX_ALT_TEXT - len(start)) // 2)}. People of the week: "
    return f"{start}{_listed(people, digest.active, MAX_ALT_TEXT - len(start) - 1)}."


def completed_text(person: Person) -> str:
    """List the paths, modules and units that a person completed in the week."""
    words = [path.title for path in person.paths[:2]]
    if person.paths[2:]:
        words.append(plural(len(person.paths) - 2, "more path"))
    if person.modules:
        words.append(plural(person.modules, "module"))
    return ", ".join([*words, plural(person.units, "unit")])


def _listed(parts: Sequence[str], count: int, max_width: int) -> str:
    """Join as many ``parts`` as fit into ``room`` characters, and say how many of ``count`` are left out."""
    kept: list[str] = []
    for part in parts:
        rest = count - len(kept) - 1
        more = f"; and {rest:,} more" if rest else ""
        if len("; ".join([*kept, part])) + len(more) > max_width:
            break
        kept.append(part)
    rest = count - len(kept)
    return "; ".join([*kept, f"and {rest:,} more"] if rest else kept)


def _draw_header(canvas: Canvas, digest: Digest) -> None:
    """Draw course, title, week and number of members."""
    course, soft = digest.course, ColorRamp.HEADER.index(0.85)
    canvas.rectangle(0, 0, WIDTH, HEADER_HEIGHT, ColorRamp.HEADER.index(0))
    right = f"{plural(digest.members, 'member')} · {week(digest.first, digest.last)}"
    width = canvas.text(RIGHT, 68, right, 28, fill=soft, right=True)
    canvas.text(
        MARGIN, 68, course.code, 54, weight=BOLD, fill=ColorRamp.HEADER.index(), max_width=CONTENT_WIDTH - width - 32
    )
    canvas.text(MARGIN, 116, course.title, 30, fill=soft, max_width=CONTENT_WIDTH)


def _draw_legend(canvas: Canvas, base: int) -> None:
    """Explain the orange part and the marker. Placed from right to left."""
    canvas.text(MARGIN, base, "Learning paths", 28, weight=BOLD, fill=MUTED)
    x = RIGHT - canvas.text(RIGHT, base, "a week ago", 26, fill=MUTED, right=True) - 12
    canvas.marker(x, base - 18, 16)
    x -= 32
    x -= canvas.text(x, base, "this week", 26, fill=MUTED, right=True) + 12
    canvas.bar(x - 36, base - 20, 36, 20, (ColorRamp.ORANGE, 36))


def _draw_path_on_two_lines(canvas: Canvas, top: int, share: PathShare) -> None:
    canvas.text(RIGHT, top + 34, f"{share.now} %", 32, weight=BOLD, right=True)
    max_width = CONTENT_WIDTH - 132
    if share.now != share.before:
        moved = f"{share.now - share.before:+}".replace("-", "−")
        max_width -= 16 + canvas.text(RIGHT - 126, top + 34, moved, 28, fill=MUTED, right=True)
    canvas.text(MARGIN, top + 34, share.path.title, 30, max_width=max_width)
    _draw_bar(canvas, MARGIN, top + 49, CONTENT_WIDTH, share)


def _draw_path_on_one_line(canvas: Canvas, top: int, share: PathShare) -> None:
    canvas.text(RIGHT, top + 34, f"{share.now} %", 30, weight=BOLD, right=True)
    canvas.text(MARGIN, top + 34, share.path.title, 28, max_width=540)
    _draw_bar(canvas, MARGIN + 564, top + 14, CONTENT_WIDTH - 564 - 110, share)


def _draw_bar(canvas: Canvas, left: int, top: int, width: int, share: PathShare) -> None:
    """Draw last week's share in blue and this week's gain in orange, with a marker at last week's share."""
    now, before = (round(width * percent / 100) for percent in (share.now, share.before))
    canvas.bar(
        left, top, width, 20, (ColorRamp.BLUE, min(now, before)), (ColorRamp.ORANGE, now), (ColorRamp.LINE, width)
    )
    if before:
        canvas.marker(left + before, top, 20)


def _draw_person(canvas: Canvas, top: int, person: Person, name: str) -> None:
    """Draw a row: the name, and completed paths, modules and units in right-aligned columns."""
    base, right_edge = top + 35, RIGHT
    canvas.rectangle(MARGIN, top, CONTENT_WIDTH, 2, ColorRamp.LINE.index())
    canvas.text(right_edge, base, plural(person.units, "unit"), 28, fill=MUTED, right=True)
    right_edge -= 140
    if person.modules:
        canvas.text(right_edge, base, plural(person.modules, "module"), 28, fill=MUTED, right=True)
        right_edge -= 168
    max_width = right_edge - MARGIN - 24
    if not person.paths:
        canvas.text(MARGIN, base, name, 30, weight=BOLD, max_width=max_width, fallback=UNNAMED)
        return
    max_width -= canvas.text(MARGIN, base, name, 30, weight=BOLD, max_width=max_width - 200, fallback=UNNAMED)
    title = person.paths[0].title if len(person.paths) == 1 else plural(len(person.paths), "path")
    canvas.text(right_edge, base, f"✔ {title}", 28, max_width=max_width, right=True)
