"""Check the views of exam outcomes against Discord's limits."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from bot.core.course.course import Course
from bot.core.plan.outcome import Level, Result
from bot.store.outcome_shares import Pass
from bot.store.outcomes import Outcome
from bot.study.delivery_kind import Marker
from bot.study.exam_questions import OutcomeQuestion
from bot.study.outcomes import ExamResult
from bot.study.renewals import RenewalContent
from bot.views import outcome as views
from bot.views import outcome_retake, passes
from bot.views.limits import form_faults, message_faults

_AT = datetime(2026, 11, 28, tzinfo=UTC)
_DAY = date(2026, 11, 28)
_ID = 10**19


def check_outcomes(course: Course) -> Iterator[tuple[str, list[str]]]:
    """Yield the name and the faults of each view of an exam's outcome."""
    domains = course.exam.domains if course.exam else ()
    marker = Marker(1, f"{course.id}:{_DAY}")
    yield "exam question", _faults(views.asked(OutcomeQuestion(marker, course, _DAY)))
    yield "exam question again", _faults(views.question(course, _DAY, "✅ Undone.\n" + "x" * 600))
    won = ExamResult(course, _outcome(Result.PASSED, _DAY), _DAY, {})
    for count in (0, 1, views.MAX_GROUPS + 1):
        groups = [(_ID + number, "x" * 100) for number in range(count)]
        yield f"passed, {count} groups", _faults(views.passed(won, groups))
    for view in (views.upkeep(won, "x" * 600, _ID), views.consent(won, "x" * 200), views.counted(won), views.done(won)):
        yield "after a pass", _faults(view)
    yield "exam not taken", _faults(views.missed(course, _DAY))
    yield "exam date kept", _faults(views.kept(course))
    undo = ("0" * 8, "20261128", "1", "3600", "127", "20261128", "99999", "f")
    yield "exam date cleared", _faults(views.cleared(course, undo))
    yield "renewal", _faults(views.renewal(RenewalContent(marker, course, _DAY, _DAY)))
    yield "renewed", _faults(views.renewed(course, _DAY, _DAY))
    yield "renewal undone", _faults(views.renewal_undone(_DAY))
    for level in (None, *Level):
        levels = {domain.id: level for domain in domains} if level else {}
        lost = ExamResult(course, _outcome(Result.FAILED, None), _DAY, levels, 9, _DAY, _DAY)
        yield f"retake, {level}", _faults(outcome_retake.failed(lost, "✅ Saved."))
        for page in range(-(-len(domains) // 5)):
            yield f"score report, page {page}", form_faults(outcome_retake.rating_form(lost, page).to_dict())
        yield "retake form", form_faults(outcome_retake.retake_form(lost, 3600).to_dict())
    yield "post of a pass", _faults(passes.post("x" * 100, _ID, course))
    for count in (0, 1, 500):
        yield f"{count} passes", _faults(passes.wall(course, [Pass(_ID, _DAY, _AT)] * count))


def _outcome(result: Result, valid: date | None) -> Outcome:
    return Outcome(_DAY, result, _AT, 100, counted=False, upkeep=None, valid=valid)


def _faults(view: Any) -> list[str]:
    return message_faults(view.to_components())
