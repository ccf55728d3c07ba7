"""Phrases of the weekly digest that its message and its picture share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.cohort.digest import Digest, PathShare, Total
from bot.core.cohort.members import Person
from bot.views.layout import plural, truncate
from bot.views.pictures.words import about

MAX_TITLE = 60
NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Change:
    """How a week compares with the one before; ``direction`` is 1 for more, -1 for less, otherwise 0."""

    text: str
    direction: int = 0


def spent(minutes: int) -> str:
    """Format minutes as ``7 h 10 min``, and from ten hours on as ``12 h``. Spaces don't break."""
    return about(minutes).replace(" ", NBSP)


def amount(digest: Digest) -> str:
    """The number of the week: its time, or its units if the time is unknown."""
    return spent(digest.total.minutes) if digest.timed else counted(digest, digest.total.units)


def counted(digest: Digest, units: int) -> str:
    """Format a number of the smallest parts of the course."""
    return plural(units, leaf_word(digest))


def leaf_word(digest: Digest) -> str:
    """What the smallest parts of the course are called."""
    words = {digest.course.nodes[leaf].word for leaf in digest.course.leaves}
    return words.pop() if len(words) == 1 else "unit"


def change(digest: Digest) -> Change:
    """Compare the week with the one before."""
    last = digest.last_week
    if last is None:
        return Change("in its first week")
    if not last.units:
        return Change("after a quiet week")
    more = _measure(digest, digest.total) - _measure(digest, last)
    if not more:
        return Change("the same as last week")
    if digest.timed:
        return Change(f"{spent(abs(more))} {'more' if more > 0 else 'less'} than last week", 1 if more > 0 else -1)
    return Change(f"{abs(more):,} {'more' if more > 0 else 'fewer'} than last week", 1 if more > 0 else -1)


def _measure(digest: Digest, total: Total) -> int:
    return total.minutes if digest.timed else total.units


def headline(digest: Digest) -> str:
    """The week in a sentence without its end: ``studied 7 h 10 min, 2 h more than last week``."""
    compared = change(digest)
    comma = "" if digest.last_week is None or not digest.last_week.units else ","
    return f"{'studied' if digest.timed else 'completed'} {amount(digest)}{comma} {compared.text}"


def week_dates(digest: Digest, *, short: bool = False) -> str:
    """The dates of the week: ``November 16–22`` or ``November 30 – December 6``. ``short`` abbreviates months."""
    first, last = digest.week.first, digest.week.last
    if first.month == last.month:
        return f"{_day(first, short)}–{last.day}"
    return f"{_day(first, short)} – {_day(last, short)}"


def day_of_year(on: date) -> str:
    """Format a date of the coming weeks as ``November 30``."""
    return _day(on, short=False)


def _day(on: date, short: bool) -> str:
    return f"{on:%b} {on.day}" if short else f"{on:%B} {on.day}"


def achievement(person: Person) -> str:
    """Return the title of the most important path or module a person completed, and how many more. Not escaped."""
    nodes = person.paths or person.modules
    title, more = truncate(nodes[0].title, MAX_TITLE), len(nodes) - 1
    return f"{title} and {plural(more, f'more {nodes[0].word}')}" if more else title


def completed(person: Person, most: int) -> str:
    """What a person completed: at most ``most`` titles of paths and modules, and how much more. Not escaped."""
    titles = [truncate(node.title, MAX_TITLE) for node in (*person.paths, *person.modules)]
    parts, hidden = titles[:most], len(titles) - most
    if hidden > 0:
        parts.append(f"{hidden} more" if len(person.paths) > most else plural(hidden, "more module"))
    if person.rest:
        parts.append(plural(person.rest, "more unit" if titles else "unit"))
    return " · ".join(parts)


def share_changes(shares: Sequence[PathShare]) -> list[str]:
    """Each path with its share and by how much it grew: ``Storage 29% (+9)``."""
    return [f"{truncate(s.path.name, MAX_TITLE)} {s.now}%{points(s, ' ({})')}" for s in shares]


def points(share: PathShare, form: str = "{}") -> str:
    """By how many points a share changed, with its sign; empty if it didn't."""
    moved = share.now - share.before
    return form.format(f"{moved:+}".replace("-", "−")) if moved else ""


def quiet_texts(digest: Digest) -> tuple[str, str]:
    """Title and text of a week in which nothing was completed."""
    if not digest.members:
        return "No members yet", "Complete your first unit to start the group."
    return "A quiet week", "Nothing completed this week."


def count_people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"
