"""Check every view of a course against Discord's limits."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from discord import ui

from bot.core.calendar.streaks import Streak
from bot.core.calendar.timestamps import seconds
from bot.core.cohort.digest import build
from bot.core.cohort.members import Learner
from bot.core.cohort.week import Week
from bot.core.course.catalogue import Catalogue, Hit
from bot.core.course.course import Course, Node
from bot.core.course.progress import Delta, Progress, Tick
from bot.core.plan.plan import Slice, plan
from bot.core.plan.readiness import readiness
from bot.core.plan.reminders import Rhythm
from bot.core.plan.study_days import EVERY_DAY, MOST_AWAY, Goal, merged
from bot.store import Applied
from bot.store.deliveries import ScheduleState
from bot.store.privacy import Membership
from bot.store.reminders import Reminder
from bot.study import CourseProgress, Ticked
from bot.study.delivery_kind import Marker
from bot.study.digest_content import DigestContent
from bot.study.digest_everyone import PAGE, Everyone
from bot.study.plans import AwayChange, CoursePlan
from bot.study.profile import Exam, Profile
from bot.study.reminder_settings import ReminderStatus
from bot.study.reminders import ReminderContent
from bot.study.retention import RetentionWarning
from bot.views import course as course_views
from bot.views import digest as digest_views
from bot.views import plan as plan_views
from bot.views import plan_away as away_views
from bot.views import plan_calendar as calendar_views
from bot.views import profile as profile_views
from bot.views import progress as progress_views
from bot.views import readiness as readiness_views
from bot.views import reminder as reminder_views
from bot.views import retention as retention_views
from bot.views.completion_form import node_form
from bot.views.digest_everyone import everyone
from bot.views.limits import form_faults, message_faults
from bot.views.pictures.digest import alt_text

_DATE = datetime(2026, 1, 1, tzinfo=UTC)
_LONG_NAME = "W" * 32
_STREAK = Streak(_DATE.date(), 999, 9999, freezes=2, missed=2, weeks=999, longest_weeks=999)
_LONG_ZONE = "America/North_Dakota/New_Salem"


def check_courses(courses: Sequence[Course]) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each view of ``courses``, and what Discord would reject."""
    yield (
        "courses",
        message_faults(
            course_views.courses([CourseProgress(course, Progress(course, ())) for course in courses]).to_components()
        ),
    )
    all_progress = tuple(CourseProgress(course, Progress(course, ())) for course in courses)
    exams = tuple(Exam(course, _DATE.date(), shared=True) for course in courses)
    cohorts = tuple(Membership(number, course.id, _DATE, None) for number in range(9) for course in courses)
    for zone in (None, _LONG_ZONE):
        profile = Profile(_DATE, zone, zone is None, _STREAK, all_progress, exams, cohorts)
        yield "me", message_faults(profile_views.profile(profile, lambda _: "W" * 100, changed=True).to_components())
    for course in courses:
        catalogue = Catalogue(courses, course.id)
        yield f"{course.code} overview", message_faults(course_views.overview(course).to_components())
        for stage, progress in _stages(course):
            for name, view in (
                ("paths", course_views.paths(progress, share=True)),
                ("shared paths", course_views.paths(progress, owner=_LONG_NAME)),
                ("progress", progress_views.progress(progress, streak=_STREAK, share=True)),
                ("next", progress_views.upcoming(progress)),
            ):
                yield f"{course.code} {name}, {stage}", message_faults(view.to_components())
            for node in course.nodes.values():
                yield from _node_views(f"{course.code} {node.route}, {stage}", progress, node)
            for name, view in _plan_views(course, progress):
                yield f"{course.code} {name}, {stage}", message_faults(view.to_components())
        for name, view in _reminder_views(course):
            yield f"{course.code} {name}", message_faults(view.to_components())
        yield from _digest_views(course)
        for node in course.nodes.values():
            hits = catalogue.search(node.title[:60], [course], 8) or [Hit(course, node, 100)]
            found = course_views.hits(node.title, hits)
            yield f"{course.code} search for {node.route}", message_faults(found.to_components())


def _plan_views(course: Course, progress: Progress) -> Iterator[tuple[str, ui.LayoutView]]:
    """Yield readiness and plans that are short, impossible and over, with as many days away as possible."""
    if course.exam and any(sum(domain.weight) for domain in course.exam.domains):
        yield "readiness", readiness_views.readiness(course, readiness(progress))
        recalled = {domain.id: 0.5 for domain in course.exam.domains}
        yield "readiness with review", readiness_views.readiness(course, readiness(progress, recalled))
    today, shared = _DATE.date(), True
    spans = merged(
        (today + timedelta(days=offset), today + timedelta(days=offset)) for offset in range(2, 2 + 3 * MOST_AWAY, 3)
    )
    for days in (-1, 0, 1, 30, 300, 3 * 365):
        for minutes, weekdays, away in ((30, {0}, spans), (3600, EVERY_DAY, ()), (300, {0, 2, 4, 6}, spans)):
            exam, start = today + timedelta(days=days), today - timedelta(days=60)
            goal = Goal(exam=exam, minutes_a_week=minutes, days=frozenset(weekdays), start=start,
                        baseline_minutes=course.minutes, away=away)  # fmt: skip
            study_plan = plan(progress, goal, today) if course.minutes else None
            course_plan = CoursePlan(course, progress, exam, shared, today, ZoneInfo(_LONG_ZONE), study_plan, away)
            name = f"plan of {minutes} min, exam in {days} days"
            yield name, plan_views.plan(course_plan, ask_zone=True)
            yield f"calendar of {name}", calendar_views.message(course_plan, 0)
            if study_plan:
                yield f"days away of {name}", away_views.away(AwayChange(away, ((course_plan, course_plan),) * 4))


def _reminder_views(course: Course) -> Iterator[tuple[str, ui.LayoutView]]:
    """Yield a reminder of each unit and of none, and the list with as many reminders as possible."""
    rhythm = Rhythm(frozenset((0, 2, 4, 6)), 1439)
    progress, marker = Progress(course, ()), Marker(1, f"{course.id}:test:{10**19}")
    week = tuple(Slice(course.nodes[leaf], 9999) for leaf in list(course.leaves)[:9])
    for node in (*(course.nodes[leaf] for leaf in course.leaves), None):
        for due in (0, 999):
            first = ReminderContent(progress, node, marker, rhythm, _LONG_ZONE, first=_DATE, week=week, due=due)
            yield f"reminder of {node.route if node else 'nothing'}, {due} due", reminder_views.reminder(first)
    statuses = [
        ReminderStatus("X" * 20, Reminder(1, f"x-{state}", rhythm, state, _DATE, _DATE, 1, "r" * 400), None, next=_DATE)
        for state in ScheduleState
    ]
    yield "reminders", reminder_views.reminder_list(statuses)
    yield "reminder set", reminder_views.reminder_set(statuses[0], statuses)
    warning = RetentionWarning(Marker(1, "retention:2026-01-01"), _DATE.date(), _DATE.date(), 240)
    yield "retention warning", retention_views.warning(warning)
    yield "reminders suspended", reminder_views.suspended([(course.code, "r" * 400)] * 4)


def _digest_views(course: Course) -> Iterator[tuple[str, list[str]]]:
    """Yield the digest of a quiet week, and of one in which eleven people completed the whole course."""
    leaves, exam_on = tuple(course.leaves), _DATE.date()
    crowd = [Learner(number, _DATE, this_week=leaves, exam_on=exam_on) for number in range(1, 12)]
    names = {learner.id: _LONG_NAME for learner in crowd}
    week = Week.ending(_DATE + timedelta(days=1), _DATE, _DATE - timedelta(days=7), ZoneInfo("UTC"))
    for name, learners in (("a quiet week", []), ("a full week", crowd)):
        content = DigestContent(build(course, learners, week), names, Marker(1, f"{course.id}:2026-W01"), _DATE)
        view = digest_views.digest(content, alt_text(content.digest))
        yield f"{course.code} digest, {name}", message_faults(view.to_components())
        people = content.digest.people[:PAGE]
        found = Everyone(content.digest, people, 0, 9, names, frozenset(), 9999, 99, past=True)
        for page in (0, 1):
            view = everyone(replace(found, page=page), "2026-W01")
            yield f"{course.code} digest, everyone in {name}", message_faults(view.to_components())


def _node_views(name: str, progress: Progress, node: Node) -> Iterator[tuple[str, list[str]]]:
    if node.children:
        for page in range(len(node.children) // 2 + 1):
            view = course_views.node(progress, node, page, share=True, note="✅ Saved: 99 units ticked.")
            yield f"{name}, page {page + 1}", message_faults(view.to_components())
        shared = course_views.node(progress, node, owner=_LONG_NAME)
        yield f"{name}, shared", message_faults(shared.to_components())
    if node.children or node.word != "unit":
        yield f"{name}, form", form_faults(node_form(progress, node).to_dict())
    ticks = tuple(Tick(leaf, seconds(_DATE), seconds(_DATE), 1, 10**15) for leaf in node.leaves)
    applied = Applied((), ticks, Delta(add=node.leaves), 10**15, joined=True)
    done = Ticked(progress.course, (node,), on=True, applied=applied)
    yield f"{name}, ticked", message_faults(progress_views.ticked(done, share=True).to_components())
    yield f"{name}, done", message_faults(progress_views.upcoming(done.after, result=done).to_components())


def _stages(course: Course) -> Iterator[tuple[str, Progress]]:
    leaves = list(course.leaves)
    for stage, count in (("nothing ticked", 0), ("half ticked", len(leaves) // 2), ("all ticked", len(leaves))):
        yield stage, Progress(course, [Tick(leaf, seconds(_DATE), seconds(_DATE)) for leaf in leaves[:count]])
