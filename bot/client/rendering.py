"""Render the content of deliveries as Discord messages. Pictures are drawn in a thread."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any

import discord

from bot.study.daily_question_delivery import DailyQuestionNotice
from bot.study.daily_questions import DailyQuestionContent
from bot.study.delivery_kind import BuildError, Content
from bot.study.digest_content import DigestContent
from bot.study.digest_delivery import DigestNotice
from bot.study.exam_questions import OutcomeQuestion
from bot.study.reminders import ReminderContent
from bot.study.renewals import RenewalContent
from bot.study.retention import RetentionWarning
from bot.views import daily_question as daily_question_views
from bot.views import digest as digest_views
from bot.views import outcome as outcome_views
from bot.views import reminder as reminder_views
from bot.views import retention as retention_views
from bot.views.pictures.digest import DigestPicture, alt_text

log = logging.getLogger("waymark")

Message = tuple[discord.ui.LayoutView, discord.File | None]


class Renderer:
    """Renders each type of content. ``add`` registers another type."""

    def __init__(self) -> None:
        self._digest_picture = DigestPicture()
        self._draw_lock = asyncio.Lock()
        self._types: dict[type, Callable[[Any], Awaitable[Message]]] = {
            DigestContent: self._digest,
            ReminderContent: self._reminder,
            RetentionWarning: self._retention,
            DailyQuestionContent: self._daily_question,
            OutcomeQuestion: self._outcome,
            RenewalContent: self._renewal,
        }

    def add(self, content: type, render: Callable[[Any], Awaitable[Message]]) -> None:
        """Register the renderer of a content type."""
        self._types[content] = render

    async def render(self, content: Content) -> Message:
        """Render a content as a message. Raises ``BuildError`` on any failure."""
        try:
            return await self._types[type(content)](content)
        except Exception as error:
            # Libraries may raise anything for unusual names; only this message must fail.
            log.exception("a message could not be rendered")
            raise BuildError(f"it couldn't be drawn ({type(error).__name__})") from error

    async def _digest(self, content: DigestContent) -> Message:
        try:
            async with self._draw_lock:
                picture = await asyncio.to_thread(self._digest_picture.draw, content.digest)
        except Exception:
            # The text has the same content, so post the digest without its picture.
            log.exception("the picture of a digest could not be drawn")
            return digest_views.digest(content), None
        alt = alt_text(content.digest)
        file = discord.File(BytesIO(picture), filename=digest_views.PICTURE, description=alt[:1024])
        return digest_views.digest(content, alt), file

    async def _reminder(self, content: ReminderContent) -> Message:
        return reminder_views.reminder(content), None

    async def _daily_question(self, content: DailyQuestionContent) -> Message:
        return daily_question_views.post(content), None

    async def _retention(self, content: RetentionWarning) -> Message:
        return retention_views.warning(content), None

    async def _outcome(self, content: OutcomeQuestion) -> Message:
        return outcome_views.asked(content), None

    async def _renewal(self, content: RenewalContent) -> Message:
        return outcome_views.renewal(content), None


def mentions_of(content: Content) -> discord.AllowedMentions:
    """Return whom a message may notify: only the role that a manager chose for the question of the day."""
    role = content.role if isinstance(content, DailyQuestionContent) else None
    return discord.AllowedMentions(
        everyone=False, users=False, replied_user=False, roles=[discord.Object(role)] if role else False
    )


def render_notice(notice: object, server: str) -> tuple[discord.ui.LayoutView, str]:
    """Return a notice to a manager of the named ``server``, and a text that is the same for the same notice."""
    match notice:
        case DigestNotice():
            mark = f"{notice.course.id}:{notice.suspended}:{notice.reason}"
            return digest_views.not_posted(notice, server), mark
        case DailyQuestionNotice():
            return daily_question_views.stopped(notice, server), f"daily:{notice.state}:{notice.reason}"
        case _:
            raise TypeError(f"unknown notice: {notice!r}")
