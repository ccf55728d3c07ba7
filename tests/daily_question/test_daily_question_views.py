"""The messages of the question of the day: within Discord's limits, in plain words, without spoilers."""

from dataclasses import replace

import pytest

from bot.core.questions.daily_question import DailyQuestionWeek, KnownQuestion, is_askable
from bot.operation.check.daily_questions import check_daily_questions
from bot.store.deliveries import ScheduleState
from bot.study.daily_question_delivery import NOBODY, DailyQuestionNotice
from bot.study.daily_questions import DailyQuestionContent, PostedQuestion, Reveal, marker
from bot.study.delivery_kind import Marker
from bot.study.digest_content import DigestContent
from bot.views import daily_question as views
from bot.views import digest as digest_views
from tests.cogs.conftest import parts, text_of
from tests.digest.weeks import digest_of, member, ticks

SLOT = "2026-11-20"


@pytest.fixture
def bank(catalogue):
    return catalogue.banks["az-104"]


@pytest.fixture
def posted(bank):
    return PostedQuestion(SLOT, bank, next(each for each in bank.questions.values() if is_askable(each)))


def content(posted, **more):
    return DailyQuestionContent(marker(700, SLOT), posted, **more)


def components(view):
    return view.to_components()


def test_every_message_of_a_real_bank_is_valid(catalogue):
    faults = [(name, found) for name, found in check_daily_questions(catalogue.banks["dp-900"]) if found]
    assert faults == []


def test_the_first_lines_say_what_it_is_and_how_many_answered(posted):
    lines = text_of(components(views.post(content(posted, answers=1)))).splitlines()
    assert lines[:2] == ["### Question of the day", "**1 answer** · only you see yours"]


def test_the_first_button_ends_with_the_marker(posted):
    ids = [part["custom_id"] for part in parts(components(views.post(content(posted)))) if "custom_id" in part]
    assert ids[0].endswith(f":{marker(700, SLOT).text}")
    assert sum(each.endswith(f":{marker(700, SLOT).text}") for each in ids) == 1


def test_an_open_question_shows_nothing_of_its_answer(posted):
    text = text_of(components(views.post(content(posted, answers=37))))
    assert posted.question.explanation[:40] not in text
    assert "✅" not in text


def test_a_reveal_counts_each_option(posted):
    right = posted.question.right[0]
    reveal = Reveal(posted, {right: 23, (right + 1) % 3: 14})
    text = text_of(components(views.post(content(posted, reveal=reveal))))
    assert "23 of 37 correct" in text
    assert " · **23**" in text
    assert " · 14" in text
    assert "nobody answered" in text_of(components(views.post(content(posted, reveal=Reveal(posted, {})))))


def test_a_pause_is_no_warning_and_says_how_to_resume():
    text = text_of(components(views.stopped(DailyQuestionNotice(ScheduleState.PAUSED, NOBODY), "Azure *club*")))
    assert "⚠️" not in text
    assert "The question of the day in Azure \\*club\\* is paused" in text
    assert "Nobody has answered for 14 days." in text
    assert "Resume it with </setup>" in text


def test_the_digest_names_the_best_and_the_least_known_question(course, bank, posted):
    small = course({"a": {"m": ["u"]}})
    digest = digest_of(small, member(1, ticks("a/m/u")))
    other = [each for each in bank.questions.values() if is_askable(each)][1]
    week = DailyQuestionWeek(
        12, 61, KnownQuestion(posted.question, 11, 12, "https://example.com/1"), KnownQuestion(other, 4, 12)
    )
    text = text_of(
        components(
            digest_views.digest(DigestContent(replace(digest, daily_questions=week), {}, Marker(1, "t-1:2026-W48")))
        )
    )
    assert "❓ Question of the day: 61 answers from 12 members. Best known: [" in text
    assert "](https://example.com/1) (91%). Least known: " in text
    assert "(33%)" in text
