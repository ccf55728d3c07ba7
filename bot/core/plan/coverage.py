"""How much of each exam domain a learner has covered: by its skills or, for a course without skills, by its paths.

By skills: a domain is the mean of its skills. A skill is the mean of the modules that teach it, each by the share that
is completed or known. If modules only touch it, they count half. For a skill that no module teaches in full, the
recalled share of its questions counts instead if it is larger, because learners can study it elsewhere.

By paths: a domain is the completed or known share of its paths, by minutes (by leaves if minutes are unknown).
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from math import fsum
from typing import Protocol

from bot.core.course.course import Module, Node
from bot.core.course.exam import Domain, Skill
from bot.core.course.progress import Progress
from bot.core.course.share import Share

TOUCHED = 0.5
"""How much a skill counts that is taught in part only."""


class Coverage(Protocol):
    """How much of a domain is covered, 0 to 1."""

    def covered(self, domain: Domain, plus: Node | None = None) -> float | None:
        """Return the covered part, as if ``plus`` were completed too; None if nothing in the course covers it."""

    def most(self, domain: Domain) -> float:
        """Return the part that is covered once the whole course is completed."""

    def minutes_left(self, domain: Domain) -> int:
        """Return the minutes of what is left to complete for a domain."""


def coverage_of(progress: Progress, recalled: Mapping[str, float]) -> Coverage:
    """Return the coverage of the domains of a course. ``recalled`` has a share (0 to 1) by skill ID."""
    return SkillCoverage(progress, recalled) if progress.course.domain_of_skill else PathCoverage(progress)


class SkillCoverage:
    """The coverage of a course whose exam has skills."""

    def __init__(self, progress: Progress, recalled: Mapping[str, float]) -> None:
        self._progress = progress
        self._recalled = recalled

    @cached_property
    def _modules(self) -> dict[str, tuple[float, tuple[Module, ...]]]:
        """How much each skill counts at most, and the modules that teach or else touch it."""
        modules = [module for path in self._progress.course.paths for module in path.modules]
        found: dict[str, tuple[float, tuple[Module, ...]]] = {}
        for skill in self._progress.course.domain_of_skill:
            if teaching := tuple(module for module in modules if skill in module.teaches):
                found[skill] = 1.0, teaching
            elif touching := tuple(module for module in modules if skill in module.touches):
                found[skill] = TOUCHED, touching
        return found

    def covered(self, domain: Domain, plus: Node | None = None) -> float | None:
        if not any(skill.id in self._modules or skill.id in self._recalled for skill in domain.skills):
            return None
        return fsum(self._of_skill(skill, plus) for skill in domain.skills) / len(domain.skills)

    def _of_skill(self, skill: Skill, plus: Node | None) -> float:
        most, modules = self._modules.get(skill.id, (0.0, ()))
        parts = [1.0 if module is plus else part(self._progress.share(module).covering) for module in modules]
        completed = most * fsum(parts) / len(parts) if parts else 0.0
        return completed if most == 1.0 else max(completed, self._recalled.get(skill.id, 0.0))

    def most(self, domain: Domain) -> float:
        counts = [self._modules.get(skill.id, (0.0, ()))[0] for skill in domain.skills]
        return fsum(counts) / len(counts) if counts else 0.0

    def minutes_left(self, domain: Domain) -> int:
        modules = {
            module.route: module for skill in domain.skills for module in self._modules.get(skill.id, (0.0, ()))[1]
        }  # fmt: skip
        return sum(self._progress.share(module).minutes_left for module in modules.values())


class PathCoverage:
    """The coverage of a course whose exam has no skills: each path serves one domain at most."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def covered(self, domain: Domain, plus: Node | None = None) -> float | None:
        share = self._share(domain)
        if share is None or plus is None:
            return None if share is None else part(share)
        if self._progress.course.nodes[plus.route.split("/")[0]] not in self._paths(domain):
            return part(share)
        own = self._progress.share(plus).covering
        done, minutes = share.done + own.total - own.done, share.minutes + own.minutes_left
        return part(Share(done, share.total, minutes, share.minutes_total))

    def most(self, domain: Domain) -> float:
        return 1.0 if self._paths(domain) else 0.0

    def minutes_left(self, domain: Domain) -> int:
        share = self._share(domain)
        return share.minutes_left if share else 0

    def _paths(self, domain: Domain) -> Sequence[Node]:
        return [path for path in self._progress.course.paths if path.domain == domain.id]

    def _share(self, domain: Domain) -> Share | None:
        """Return the sum of the shares of the domain's paths."""
        shares = [self._progress.share(path).covering for path in self._paths(domain)]
        if not shares:
            return None
        return Share(
            sum(share.done for share in shares),
            sum(share.total for share in shares),
            sum(share.minutes for share in shares),
            sum(share.minutes_total for share in shares),
        )


def part(share: Share) -> float:
    """Return a share as 0 to 1, by minutes; by leaves if minutes are unknown. 1 only if everything is completed."""
    if share.minutes_total and not share.complete:
        # What is left may have no minutes.
        return min(share.minutes / share.minutes_total, 1 - 1 / (share.minutes_total + 1))
    return share.done / share.total if share.total else 0.0
