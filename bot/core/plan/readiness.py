"""Readiness: how much of what the exam weighs a learner has covered and, once they review, remembers.

    readiness = sum over the exam's domains of  weight x covered x recalled

- weight: the middle of the domain's published range, over the sum of the middles of all domains.
- covered: the share of the paths that serve the domain which is done, by minutes (by leaves where no minutes are
  known). A path without a domain, such as prerequisites, carries no exam weight.
- recalled: the share of the domain's review that was remembered, 0 to 1; left out of the product while there is no
  review of the domain.

Its limits. It is an estimate of preparation and not a promise to pass: minutes are the publisher's, a tick says that
something was read and not that it was understood, the middle of a weight range isn't the weight in one's own exam, and
questions are of unequal difficulty. A domain that no path of the course serves keeps its weight and counts as not
covered, because the exam asks it all the same; ``within_reach`` says how far the course alone can lead. The number can
fall when review of a domain begins: from then on it also counts what was forgotten.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

from bot.core.course.course import Domain, Node, Path
from bot.core.course.progress import Progress, Share
from bot.errors import NotFound

MEANINGS = (
    (90, "Nearly all that the exam weighs is in hand. A practice assessment tells more now than more reading."),
    (75, "Most of what the exam weighs is in hand."),
    (50, "More than half of what the exam weighs is in hand."),
    (25, "A good part of what the exam weighs is in hand, less than half."),
    (1, "A start is made. Most of what the exam weighs is still ahead."),
    (0, "Nothing that the exam weighs is in hand yet."),
)
"""What a percentage means, from the least that has that meaning."""
UNKNOWN = "What you covered was not recalled in a review yet. A review shows how much of it is in hand."
"""What 0 % means of somebody who has begun to review, and covered more than that."""


@dataclass(frozen=True, slots=True)
class DomainReadiness:
    """A domain of the exam. ``weight`` is its part of the whole, 0 to 1.

    ``covered`` is None where the course has no path for it, ``recalled`` None where nothing of it was reviewed; both
    are 0 to 1 else. ``minutes_left`` is what is left to cover.
    """

    domain: Domain
    weight: float
    covered: float | None
    recalled: float | None
    minutes_left: int

    @property
    def ready(self) -> float:
        """The part of this domain that is in hand, 0 to 1."""
        return (self.covered or 0.0) * (1.0 if self.recalled is None else self.recalled)


@dataclass(frozen=True, slots=True)
class Step:
    """A next thing to do. ``node`` is what to finish, in ``minutes``; None for a review of what was covered.

    ``gain`` is what the whole would rise by, 0 to 1.
    """

    domain: Domain
    node: Node | None
    minutes: int
    gain: float


@dataclass(frozen=True, slots=True)
class Readiness:
    """The domains in the exam's order, the whole and the most that this course alone can lead to (both 0 to 1).

    ``step`` is the one thing that would raise the whole most; None where nothing of the course would.
    """

    domains: tuple[DomainReadiness, ...]
    whole: float
    within_reach: float
    step: Step | None

    @property
    def percent(self) -> int:
        """0 to 100: 0 only for nothing, 100 only for all."""
        if self.whole in (0.0, 1.0):
            return round(100 * self.whole)
        return min(99, max(1, round(100 * self.whole)))

    @property
    def meaning(self) -> str:
        """The percentage in words."""
        if not self.whole and any(each.covered for each in self.domains):
            return UNKNOWN
        return next(words for least, words in MEANINGS if self.percent >= least)


def readiness(progress: Progress, recalled: Mapping[str, float] | None = None) -> Readiness:
    """How ready a learner is; ``recalled`` has a share (0 to 1) for each domain id with review.

    The step is the one with the greatest gain in the whole: of each path the first module that isn't done (the first
    path of no modules itself), as later ones build on it, or the review of a domain. It isn't the gain for each minute,
    which would send everybody to the shortest module: the question is what moves the whole, and ``minutes`` says at
    what price. Of equals it is the first in the exam's order. Raises ``NotFound`` for a course without exam
    domains.
    """
    course = progress.course
    domains = course.exam.domains if course.exam else ()
    middles = [sum(domain.weight) / 2 for domain in domains]
    total = fsum(middles)
    if not total:
        raise NotFound(f"The exam domains of {course.code} aren't on record, so its readiness can't be told.")
    known = recalled or {}
    rows: list[DomainReadiness] = []
    steps: list[Step] = []
    for domain, middle in zip(domains, middles, strict=True):
        paths = [path for path in course.paths if path.domain == domain.id]
        share = _together([progress.share(path) for path in paths])
        row = DomainReadiness(
            domain, middle / total, _part(share) if paths else None, known.get(domain.id), share.minutes_left
        )
        rows.append(row)
        steps += [step for path in paths if (step := _next_in(path, progress, row, share))]
        if row.recalled is not None:
            steps.append(Step(domain, None, 0, row.weight * ((row.covered or 0.0) - row.ready)))
    return Readiness(
        tuple(rows),
        whole=fsum(middle * row.ready for middle, row in zip(middles, rows, strict=True)) / total,
        within_reach=fsum(middle for middle, row in zip(middles, rows, strict=True) if row.covered is not None) / total,
        step=max((step for step in steps if step.gain > 0), key=lambda step: step.gain, default=None),
    )


def _together(shares: list[Share]) -> Share:
    """The share of several paths in one."""
    return Share(
        sum(share.done for share in shares),
        sum(share.total for share in shares),
        sum(share.minutes for share in shares),
        sum(share.minutes_total for share in shares),
    )


def _part(share: Share) -> float:
    """0 to 1, by minutes; by leaves where no minutes are known. 1 only for all."""
    if share.minutes_total and not share.complete:
        # What has no minutes may be all that is left.
        return min(share.minutes / share.minutes_total, 1 - 1 / (share.minutes_total + 1))
    return share.done / share.total if share.total else 0.0


def _next_in(path: Path, progress: Progress, row: DomainReadiness, domain: Share) -> Step | None:
    """The first thing of a path that isn't done."""
    for node in path.modules or (path,):
        own = progress.share(node)
        if not own.complete:
            after = Share(
                domain.done + own.total - own.done,
                domain.total,
                domain.minutes + own.minutes_left,
                domain.minutes_total,
            )
            kept = 1.0 if row.recalled is None else row.recalled
            return Step(row.domain, node, own.minutes_left, row.weight * (_part(after) - _part(domain)) * kept)
    return None
