"""Readiness: how much of the exam, by weight, a learner has covered and, once they review, remembers.

readiness = sum over the exam's domains of weight x covered x recalled

- weight: the middle of the domain's published range, divided by the sum of the middles of all domains.
- covered: the completed share of the domain's paths, by minutes (by leaves if minutes are unknown). A path without a
  domain, such as prerequisites, has no exam weight.
- recalled: the recalled share of the domain's reviewed questions, 0 to 1; left out of the product while the domain has
  no reviews.

Limits: it estimates preparation and doesn't predict a pass. Minutes are the publisher's. A tick says that something was
read, not that it was understood. The middle of a weight range isn't the weight in a particular exam, and questions
differ in difficulty. A domain without a path in the course keeps its weight and counts as not covered, because it is
still in the exam; ``within_reach`` is the most that the course alone can give. Readiness can fall when review of a
domain begins, because from then on forgetting counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

from bot.core.course.course import Node, Path
from bot.core.course.exam import Domain
from bot.core.course.progress import Progress, Share
from bot.errors import NotFound

MEANINGS = (
    (90, "Almost there. A practice assessment will tell you more than further reading."),
    (75, "You've covered most of the exam."),
    (50, "You've covered more than half of the exam."),
    (25, "You've covered a good part of the exam, but less than half."),
    (1, "A good start. Most of the exam is still ahead."),
    (0, "You haven't covered any exam topics yet."),
)
"""The meaning of percentages, each with the lowest one it applies to."""
UNKNOWN = "You've covered some of the exam, but haven't recalled any of it in a review yet."
"""The meaning of 0% for a learner who has begun to review, and covered more than that."""


@dataclass(frozen=True, slots=True)
class DomainReadiness:
    """A domain of the exam. ``weight`` is its share of the whole, 0 to 1.

    ``covered`` is None if the course has no path for it, ``recalled`` None if none of it was reviewed; both are 0 to 1
    otherwise. ``minutes_left`` is what is left to cover.
    """

    domain: Domain
    weight: float
    covered: float | None
    recalled: float | None
    minutes_left: int

    @property
    def ready(self) -> float:
        """The ready part of this domain, 0 to 1."""
        return (self.covered or 0.0) * (1.0 if self.recalled is None else self.recalled)


@dataclass(frozen=True, slots=True)
class Step:
    """A next step. ``node`` is what to finish, in ``minutes``; None for a review of what was covered.

    ``gain`` is the increase of the whole, 0 to 1.
    """

    domain: Domain
    node: Node | None
    minutes: int
    gain: float


@dataclass(frozen=True, slots=True)
class Readiness:
    """The domains in the exam's order, the whole, and the maximum that this course alone can give (both 0 to 1).

    ``step`` is the step that would increase the whole most; None if nothing in the course would.
    """

    domains: tuple[DomainReadiness, ...]
    whole: float
    within_reach: float
    step: Step | None

    @property
    def percent(self) -> int:
        """0 to 100: 0 only for nothing, 100 only for everything."""
        if self.whole in (0.0, 1.0):
            return round(100 * self.whole)
        return min(99, max(1, round(100 * self.whole)))

    @property
    def meaning(self) -> str:
        """The percentage in words."""
        if not self.whole and any(domain.covered for domain in self.domains):
            return UNKNOWN
        return next(words for least, words in MEANINGS if self.percent >= least)


def readiness(progress: Progress, recalled: Mapping[str, float] | None = None) -> Readiness:
    """Return a learner's readiness. ``recalled`` has a share (0 to 1) by domain ID, for domains with reviews.

    The step is the one with the greatest gain in the whole. Candidates are the first unfinished module of each path
    (the path itself if it has no modules), because later modules build on it, and the review of a domain. Gain per
    minute is not used, because it would always favor the shortest module; ``minutes`` states the cost. Ties are
    resolved by the exam's order. Raises ``NotFound`` for a course without exam domains.
    """
    course = progress.course
    domains = course.exam.domains if course.exam else ()
    middles = [sum(domain.weight) / 2 for domain in domains]
    total = fsum(middles)
    if not total:
        raise NotFound(f"The exam domains of {course.code} aren't known, so readiness can't be estimated.")
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
    """Return the sum of the shares of several paths."""
    return Share(
        sum(share.done for share in shares),
        sum(share.total for share in shares),
        sum(share.minutes for share in shares),
        sum(share.minutes_total for share in shares),
    )


def _part(share: Share) -> float:
    """Return a share as 0 to 1, by minutes; by leaves if minutes are unknown. 1 only if everything is completed."""
    if share.minutes_total and not share.complete:
        # What is left may have no minutes.
        return min(share.minutes / share.minutes_total, 1 - 1 / (share.minutes_total + 1))
    return share.done / share.total if share.total else 0.0


def _next_in(path: Path, progress: Progress, row: DomainReadiness, domain: Share) -> Step | None:
    """Return the first unfinished module of a path (or the path itself) as a step."""
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
