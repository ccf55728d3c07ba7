"""A plan for a retake: only what teaches the weak domains of the last attempt, also if it was completed before.

What was completed before can't be completed again. So what such a plan has for the days before today counts as studied;
what hasn't been completed stays until it is.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, tzinfo

from bot.core.course.course import Course, Node
from bot.core.course.progress import Progress, Tick
from bot.core.plan.plan import Plan, plan
from bot.core.plan.study_days import Goal


def focus_leaves(course: Course, domains: Collection[str]) -> tuple[str, ...]:
    """Return the leaves to study for some domains, in course order.

    These are the modules that teach their skills, or touch them if none does; the paths of the domains in a course
    without skills.
    """
    if not course.domain_of_skill:
        return tuple(leaf for path in course.paths if path.domain in domains for leaf in path.leaves)
    wanted = {skill for skill, domain in course.domain_of_skill.items() if domain in domains}
    modules = [module for path in course.paths for module in path.modules]
    taught = {skill for module in modules for skill in module.teaches}
    chosen: list[Node] = [
        module for module in modules if wanted.intersection(module.teaches) or (wanted - taught) & set(module.touches)
    ]
    return tuple(leaf for module in chosen for leaf in module.leaves)


def focus_minutes(course: Course, domains: Collection[str]) -> int:
    """Return how long it takes to study ``focus_leaves``."""
    return sum(course.minutes_of[leaf] for leaf in focus_leaves(course, domains))


def focus_plan(progress: Progress, goal: Goal, domains: Collection[str], today: date, zone: tzinfo = UTC,
               reserved: int = 0) -> Plan:  # fmt: skip
    """Return the plan for some domains as of ``today``.

    Without ``domains``, or if nothing in the course teaches them, it is the usual plan.
    """
    course = progress.course
    leaves = focus_leaves(course, domains)
    if not leaves:
        return plan(progress, goal, today, zone, reserved)
    others = [leaf for leaf in course.leaves if leaf not in set(leaves)]
    known = [leaf for leaf in leaves if progress.is_done(course.nodes[leaf])]
    begin = plan(_assumed(course, others), goal, goal.start, zone, reserved)
    last_day = {part.node.route: block.day for block in begin.blocks for part in block.slices}
    studied = [leaf for leaf in known if leaf in last_day and last_day[leaf] < today]
    return replace(plan(_assumed(course, [*others, *studied]), goal, today, zone, reserved), behind=0)


def _assumed(course: Course, leaves: Collection[str]) -> Progress:
    """Return a progress in which these leaves were completed long ago."""
    return Progress(course, [Tick(leaf, 0, 0) for leaf in leaves])
