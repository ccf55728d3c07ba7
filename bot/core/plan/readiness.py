"""Readiness: how much of the exam, by weight, a learner has covered and, once they review, remembers.

readiness = sum over the exam's domains of weight x covered x recalled

- weight: the middle of the domain's published range, divided by the sum of the middles of all domains.
- covered: the completed share of what teaches the domain's skills, or of its paths (see ``coverage``). A path without
  a domain, such as prerequisites, has no exam weight.
- recalled: the recalled share of the domain's reviewed questions, 0 to 1; left out of the product while the domain has
  no reviews.

Limits: it estimates preparation and doesn't predict a pass. Minutes are the publisher's. A tick says that something was
read, not that it was understood. The middle of a weight range isn't the weight in a particular exam, and questions
differ in difficulty. A domain or skill that the course doesn't teach keeps its weight and counts as not covered,
because it is still in the exam; ``within_reach`` is the most that the course alone can give. Readiness can fall when
review of a domain begins, because from then on forgetting counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from bot.core.course.course import Node
from bot.core.course.exam import Domain, Skill
from bot.core.course.progress import Progress
from bot.core.course.skills import untaught
from bot.core.plan.coverage import Coverage, coverage_of
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

    ``covered`` is None if nothing in the course covers it, ``recalled`` None if none of it was reviewed; both are 0 to
    1 otherwise. ``minutes_left`` is what is left to cover. ``missing`` are its skills that no module teaches.
    """

    domain: Domain
    weight: float
    covered: float | None
    recalled: float | None
    minutes_left: int
    missing: tuple[Skill, ...] = ()

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


def readiness(
    progress: Progress, recalled: Mapping[str, float] | None = None, skills: Mapping[str, float] | None = None
) -> Readiness:
    """Return a learner's readiness. ``recalled`` has a share (0 to 1) by domain ID, for domains with reviews;
    ``skills`` has one by skill ID.

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
    known, coverage = recalled or {}, coverage_of(progress, skills or {})
    rows = tuple(
        DomainReadiness(
            domain,
            middle / total,
            coverage.covered(domain),
            known.get(domain.id),
            coverage.minutes_left(domain),
            untaught(course, domain.id),
        )
        for domain, middle in zip(domains, middles, strict=True)
    )
    return Readiness(
        rows,
        whole=fsum(middle * row.ready for middle, row in zip(middles, rows, strict=True)) / total,
        within_reach=fsum(row.weight * coverage.most(row.domain) for row in rows),
        step=max(_steps(progress, coverage, rows), key=lambda step: step.gain, default=None),
    )


def _steps(progress: Progress, coverage: Coverage, rows: Sequence[DomainReadiness]) -> list[Step]:
    """Return the candidates for the next step, in the order of the domains that gain most by them."""
    steps: list[Step] = []
    for path in progress.course.paths:
        node = next((node for node in path.modules or (path,) if not progress.share(node).covered), None)
        if node is None:
            continue
        gains = [_gain(coverage, row, node) for row in rows]
        best = max(range(len(rows)), key=gains.__getitem__)
        steps.append(Step(rows[best].domain, node, progress.share(node).minutes_left, fsum(gains)))
    steps += [
        Step(row.domain, None, 0, row.weight * ((row.covered or 0.0) - row.ready))
        for row in rows
        if row.recalled is not None
    ]
    order = {row.domain.id: number for number, row in enumerate(rows)}
    return sorted((step for step in steps if step.gain > 0), key=lambda step: order[step.domain.id])


def _gain(coverage: Coverage, row: DomainReadiness, node: Node) -> float:
    """Return how much a domain adds to the whole if ``node`` is completed."""
    after = coverage.covered(row.domain, node)
    if after is None or row.covered is None:
        return 0.0
    return row.weight * (after - row.covered) * (1.0 if row.recalled is None else row.recalled)
