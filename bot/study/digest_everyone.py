"""Who completed what in the week of a digest, page by page, from what is stored now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.timestamps import from_seconds
from bot.core.cohort.digest import Digest
from bot.core.cohort.members import Person
from bot.core.cohort.week import Week
from bot.core.course.catalogue import Catalogue
from bot.errors import Busy, Stale
from bot.store import Store
from bot.study.delivery_kind import Messenger, Unavailable
from bot.study.digest_content import DigestBuilder

PAGE = 8
"""People on a page."""
MOST_EXAMS = 5
LONGEST = timedelta(days=15)
"""The longest time that a digest can be about."""
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Everyone:
    """A page of the people of a week, of ``pages``. ``names`` are those of the people and exams on it.

    ``reviews`` questions were reviewed by ``reviewers`` members. ``past`` is True if the week ended more than a day
    ago: something may have been undone or hidden since then.
    """

    digest: Digest
    people: tuple[Person, ...]
    page: int
    pages: int
    names: Mapping[int, str]
    gone: frozenset[int]
    reviews: int
    reviewers: int
    past: bool


class DigestPeople:
    """Lists who completed what in the week of a digest."""

    def __init__(self, store: Store, catalogue: Catalogue, builder: DigestBuilder, *, now: Callable[[], datetime]) -> None:  # fmt: skip  # noqa: E501
        self._cohorts = store.cohorts
        self._members = store.digests
        self._catalogue = catalogue
        self._builder = builder
        self._now = now

    async def page(self, server: int, course: str, since: int, until: int, page: int, messenger: Messenger) -> Everyone:
        """Return a page of the week from ``since`` to ``until`` (seconds since 1970).

        Raises ``Stale`` if the week can't be listed, and ``Busy`` if the server isn't available from Discord.
        """
        if course not in self._catalogue.courses:
            raise Stale("I no longer have the course of this digest, so I can't list who completed what.")
        if not 0 < until - since <= LONGEST.total_seconds() or from_seconds(until) > self._now() + _WEEK:
            raise Stale("I can't tell which week this digest is about. Try the latest digest.")
        cohort = await self._cohorts.one(server, course)
        start = from_seconds(since)
        zone = zone_named(cohort.schedule.zone if cohort else "UTC")
        week = Week.ending(from_seconds(until), start, start - _WEEK, zone)
        digest = await self._builder.digest(server, course, week)
        reviews, reviewers = await self._members.reviews(server, course, week)
        pages = max(1, -(-len(digest.people) // PAGE))
        page = min(page, pages - 1)
        people = digest.people[page * PAGE : (page + 1) * PAGE]
        asked = [person.id for person in people] + [learner for learner, _ in digest.exams[:MOST_EXAMS]]
        try:
            found = await messenger.names(server, list(dict.fromkeys(asked))) if asked else {}
        except Unavailable as error:
            raise Busy(f"I can't look up the members right now: {error}. Please try again in a minute.") from error
        names = {learner: name for learner, name in found.items() if name is not None}
        past = self._now() - week.until > timedelta(days=1)
        return Everyone(digest, people, page, pages, names, frozenset(found) - names.keys(), reviews, reviewers, past)
