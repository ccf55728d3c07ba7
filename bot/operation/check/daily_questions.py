"""Check every view of the question of the day against Discord's limits."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from discord import ui

from bot.core.questions.bank import Bank
from bot.core.questions.daily_question import is_askable
from bot.store.daily_answers import DailyAnswer
from bot.store.daily_questions import DailyQuestion
from bot.store.deliveries import DueSlot, OpenDelivery, Receipt, ScheduleState
from bot.store.streaks import Studied
from bot.study.daily_question_delivery import DailyQuestionNotice
from bot.study.daily_question_setup import DailyDraft, DailyStatus
from bot.study.daily_questions import AnsweredDaily, DailyQuestionContent, PostedQuestion, Reveal, link_to, marker
from bot.views import daily_question as views
from bot.views import setup_daily_question as setup_views
from bot.views.limits import message_faults

_DATE = datetime(2026, 1, 1, tzinfo=UTC)
_ID, _SLOT = 2**63 - 1, "2026-01-01"
_LINK = link_to(_ID, _ID, _ID)
_REASON = "r" * 300


def check_daily_questions(bank: Bank) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each view of a question of the day on ``bank``, and what Discord would reject."""
    for name, view in _views(bank):
        yield f"{bank.course.code} question of the day, {name}", message_faults(view.to_components())


def _views(bank: Bank) -> Iterator[tuple[str, ui.LayoutView]]:
    askable = [PostedQuestion(_SLOT, bank, each) for each in bank.questions.values() if is_askable(each)]
    rows = [(f"2026-01-{day:02}", 0, 0, "UTC") for day in range(1, 20)]
    studied = Studied(_DATE.date(), _DATE, ZoneInfo("UTC"), rows, ask_zone=True)
    longest = max(askable, key=_length, default=None)
    for posted in askable:
        reveal = Reveal(posted, dict.fromkeys(range(6), 9999), _LINK, _LINK)
        marked = marker(_ID, _SLOT)
        for other in (posted, longest):
            content = DailyQuestionContent(marked, other or posted, 99_999, _ID, reveal, _DATE, _LINK)
            yield f"{posted.question.id} posted", views.post(content)
        for choice in range(len(posted.question.texts)):
            correct = choice in posted.question.right
            for fresh in (True, False):
                answer = DailyAnswer(choice, correct, _DATE, fresh=fresh, late=True, studied=studied, guessed=not fresh)
                yield f"{posted.question.id} answered", views.answered(AnsweredDaily(posted, answer))
    for state in ScheduleState:
        yield f"{state}, notice", views.stopped(DailyQuestionNotice(state, _REASON), "W" * 100)
        yield f"{state}, page", setup_views.settings(_page(bank, state))


def _length(posted: PostedQuestion) -> int:
    return sum(map(len, posted.question.all_texts))


def _page(bank: Bank, state: ScheduleState) -> setup_views.DailyPage:
    daily = DailyQuestion(
        _ID, _ID, thread=True, minute=1439, zone="America/Argentina/ComodRivadavia", role=_ID, state=state, due=_DATE,
        active=_DATE, reason=_REASON, thread_reason=_REASON,
    )  # fmt: skip
    slot = DueSlot(_SLOT, _DATE)
    status = DailyStatus(
        _ID, bank.course, 0, daily, Receipt(slot, sent=False, channel=_ID, message=_ID, sent_at=None, reason=_REASON),
        OpenDelivery(slot, bank.course.id, 99, _DATE, _ID, next_try=_DATE, reason=_REASON), "UTC",
    )  # fmt: skip
    undo = ("00000000", "n", "z" * 13, "t1439", daily.zone, "z" * 13)
    draft = DailyDraft(_ID - 1, thread=True, minute=1439, zone=daily.zone, role=_ID)
    advice = [f"⚠️ {_REASON}"] * 3
    return setup_views.DailyPage(
        status, draft, (), advice, channel_seen=True, now=_DATE, first=_DATE, note="Saved.", undo=undo
    )
