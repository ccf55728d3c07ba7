"""Messages that the demo reaches only after a day or an upload, with what the study group would have stored by then."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from discord import ui

from bot.core.course.server_course import CourseFiles
from bot.core.plan.outcome import Result
from bot.core.questions.bank import Bank
from bot.core.questions.daily_question import is_askable
from bot.operation.upload_check import problems_and_upload
from bot.store.daily_answers import DailyAnswer
from bot.store.outcomes import Outcome
from bot.study import Asker, Study
from bot.study.daily_questions import AnsweredDaily, DailyQuestionContent, PostedQuestion, Reveal, marker
from bot.study.outcomes import ExamResult
from bot.views import course_preview, outcome, server_courses
from bot.views import daily_question as daily_views

COURSE = """\
code: NAV-1
title: Coastal navigation
overview: Charts, tides and safe passages.
paths:
- id: charts
  title: Charts and positions
  modules:
  - id: reading
    title: Read a chart
    url: https://coast.example/charts/reading
    units:
    - {id: symbols, title: Symbols, kind: reading, minutes: 20}
    - {id: depths, title: Depths on a chart, kind: reading, minutes: 15}
  - {id: fixing, title: Fix a position, minutes: 45}
- id: tides
  title: Tides
  modules:
  - {id: tables, title: Tide tables, minutes: 30}
"""
LATER = COURSE.replace("{id: depths, title: Depths on a chart", "{id: soundings, title: Depths on the chart").replace(
    "- id: tides", "- {id: night, title: Lights at night, minutes: 25}\n- id: tides"
)
BROKEN = COURSE.replace("  title: Tides", "\ttitle: Tides").replace("https:", "http:")


async def samples(study: Study, bank: Bank, server: int, now: datetime) -> AsyncIterator[ui.LayoutView]:
    """Yield the messages in the order of ``SAMPLES``."""
    askable = [each for each in bank.questions.values() if is_askable(each)]
    today, yesterday = (PostedQuestion(day, bank, each) for day, each in zip(_DAYS, askable, strict=False))
    tally = dict.fromkeys(range(len(yesterday.question.texts)), 2) | {yesterday.question.right[0]: 9}
    link = f"https://discord.com/channels/{server}/1/1"
    reveal = Reveal(yesterday, tally, link, link)
    yield daily_views.post(DailyQuestionContent(marker(server, today.slot), today, 7, reveal=reveal))
    choice = today.question.right[0]
    yield daily_views.answered(AnsweredDaily(today, DailyAnswer(choice, correct=True, at=now, fresh=True, late=False)))
    exam = now.date() - timedelta(days=1)
    yield outcome.question(bank.course, exam)
    passed = Outcome(exam, Result.PASSED, now, 91, counted=False, upkeep=None, valid=exam.replace(year=exam.year + 1))
    yield outcome.passed(ExamResult(bank.course, passed, exam, {}), [(server, "Cloud study group")])
    async for view in _course(study, server):
        yield view


_DAYS = (date(2026, 11, 30).isoformat(), date(2026, 11, 29).isoformat())


async def _course(study: Study, server: int) -> AsyncIterator[ui.LayoutView]:
    """A course with problems; its preview; a new version with what it does to three learners; and its versions."""
    problems = problems_and_upload({"nav-1.yaml": BROKEN.encode()}, None).problems
    yield server_courses.problems(problems, attached=False)
    yield course_preview.preview(await study.course_drafts.add(server, 1, 1, CourseFiles(COURSE)))
    stored, _ = await study.course_drafts.publish(server, 1, 1)
    with await study.scope.enter(server, 1):
        course = study.catalogue.course(stored.id)
        for learner, parts in enumerate((["charts"], ["charts/reading"], ["charts", "tides"]), 10):
            who = Asker(learner, server, "")
            await study.progress.complete_all(who, [course.nodes[each] for each in parts])
    yield course_preview.preview(await study.course_drafts.add(server, 1, 2, CourseFiles(LATER), stored.id))
    stored, _ = await study.course_drafts.publish(server, 1, 2)
    versions = await study.server_courses.versions(server, stored.id)
    yield server_courses.versions(stored, [replace(each, published_by=None) for each in versions])
