"""The picture of a weekly digest: how much the group studied, how that compares, and how far it is on each path."""

from collections.abc import Sequence
from threading import Lock

from bot.core.cohort.digest import Digest, PathShare
from bot.views.digest_texts import (
    Change,
    amount,
    change,
    count_people,
    points,
    quiet_texts,
    share_changes,
    week_dates,
)
from bot.views.layout import plural
from bot.views.pictures.canvas import (
    BAR_HEIGHT,
    BLUE,
    CONTENT_WIDTH,
    GREEN,
    HERO,
    LABEL,
    MARGIN,
    MUTED,
    NUMBER,
    ORANGE,
    RIGHT,
    TITLE,
    Canvas,
    DrawingCache,
)
from bot.views.pictures.text import BOLD
from bot.views.pictures.words import MAX_ALT_TEXT

MAX_PATHS = 4
HEADER_BASE, HERO_BASE, CHANGE_BASE, FIRST_PATH_BASE, PATH_HEIGHT = 58, 146, 190, 262, 71
QUIET_HEIGHT = 330
ARROWS = {1: "▲ ", 0: "", -1: "▼ "}


class DigestPicture:
    """Draws digests. Loads fonts on first use and keeps them. Thread-safe."""

    def __init__(self) -> None:
        self._cache = DrawingCache()
        self._lock = Lock()

    def draw(self, digest: Digest) -> bytes:
        """Return a PNG, 600 pixels wide. It shows no names."""
        with self._lock:
            return self._quiet(digest) if digest.quiet else self._busy(digest)

    def _busy(self, digest: Digest) -> bytes:
        shares = selected_shares(digest.shares)
        legend = FIRST_PATH_BASE + PATH_HEIGHT * (len(shares) - 1) + 77
        canvas = Canvas((legend if shares else CHANGE_BASE) + 40, self._cache)
        _draw_header(canvas, digest, count_people(len(digest.people)))
        _draw_amount(canvas, amount(digest))
        compared = change(digest)
        canvas.text(
            MARGIN, CHANGE_BASE, _compared(compared), weight=BOLD, color=GREEN if compared.direction > 0 else MUTED,
            max_width=CONTENT_WIDTH,
        )  # fmt: skip
        for number, share in enumerate(shares):
            _draw_path(canvas, FIRST_PATH_BASE + PATH_HEIGHT * number, share)
        if shares:
            x = MARGIN
            for color, text in ((BLUE, "before"), (ORANGE, "this week")):
                canvas.tile(x, legend - BAR_HEIGHT, BAR_HEIGHT, BAR_HEIGHT, color, radius=2)
                x += 52 + canvas.text(x + 28, legend, text, color=MUTED)
        return canvas.png()

    def _quiet(self, digest: Digest) -> bytes:
        canvas = Canvas(QUIET_HEIGHT, self._cache)
        _draw_header(canvas, digest, plural(digest.members, "member") if digest.members else "")
        title, text = quiet_texts(digest)
        canvas.text(MARGIN, 148, title, NUMBER, weight=BOLD, max_width=CONTENT_WIDTH)
        for number, line in enumerate(canvas.lines_of(text, LABEL, width=350)):
            canvas.text(MARGIN, 196 + 34 * number, line, color=MUTED)
        canvas.text(RIGHT, 292, "⛺\ufe0f" if digest.members else "🌱", 150, color=MUTED, align=1)
        return canvas.png()


def selected_shares(shares: Sequence[PathShare]) -> Sequence[PathShare]:
    """Return the paths to show, in course order: at most ``MAX_PATHS`` of those that changed or are in progress.

    Those that changed most are preferred.
    """
    worth = [share for share in shares if share.now != share.before or 0 < share.now < 100]
    chosen = sorted(worth, key=lambda share: -abs(share.now - share.before))[:MAX_PATHS]
    return [share for share in worth if share in chosen]


def alt_text(digest: Digest) -> str:
    """Describe the picture in at most 1,024 characters."""
    start = f"{digest.course.code}, {week_dates(digest)}"
    if digest.quiet:
        members = f", {plural(digest.members, 'member')}" if digest.members else ""
        return f"{start}{members}. {'. '.join(quiet_texts(digest)).rstrip('.')}."
    start += f", {count_people(len(digest.people))}: {amount(digest)}, {change(digest).text}."
    paths = share_changes(selected_shares(digest.shares))
    while paths and len(text := f"{start} Learning paths, with this week's change: {', '.join(paths)}.") > MAX_ALT_TEXT:
        paths.pop()
    return text if paths else start


def _compared(compared: Change) -> str:
    return ARROWS[compared.direction] + compared.text


def _draw_header(canvas: Canvas, digest: Digest, right: str) -> None:
    """Draw the course, the week and who it is about."""
    width = canvas.text(RIGHT, HEADER_BASE, right, color=MUTED, align=1) if right else 0
    left = f"{digest.course.code} · {week_dates(digest, short=True)}"
    canvas.text(MARGIN, HEADER_BASE, left, color=MUTED, max_width=CONTENT_WIDTH - width - LABEL)


def _draw_amount(canvas: Canvas, text: str) -> None:
    """Draw the number of the week, with its units of measure smaller."""
    x = MARGIN
    for word in text.split():
        if word[0].isdigit():
            x += canvas.text(x, HERO_BASE, word, HERO, weight=BOLD) + 8
        else:
            x += canvas.text(x, HERO_BASE, word, TITLE, weight=BOLD, color=MUTED) + 12


def _draw_path(canvas: Canvas, base: int, share: PathShare) -> None:
    """Draw a path: its name, its change and share, and a bar of what was done before and this week."""
    width = 12 + canvas.text(RIGHT, base, f"{share.now}%", weight=BOLD, align=1)
    if moved := points(share):
        color = ORANGE if share.now > share.before else MUTED
        width += 12 + canvas.text(RIGHT - width, base, moved, color=color, align=1)
    canvas.text(MARGIN, base, share.path.name, max_width=CONTENT_WIDTH - width - 12)
    now, before = (round(CONTENT_WIDTH * percent / 100) for percent in (share.now, share.before))
    canvas.bar(MARGIN, base + 13, CONTENT_WIDTH, (BLUE, min(now, before)), (ORANGE, now))
