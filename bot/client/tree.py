"""The command tree: metrics, load limits and error handling."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol, cast

import discord
from discord import app_commands

from bot.client.responses import UNREACHABLE, Interaction, acknowledged, report, resolved, server_of
from bot.core.calendar.dates import MAX_TYPED
from bot.errors import StudyError
from bot.operation.metrics import InteractionMetrics, Kind
from bot.study import Study
from bot.views import course_preview, outcome, reminder

log = logging.getLogger("waymark")

MAX_PER_MEMBER = 8
"""Commands and autocompletes of one member in progress at the same time."""
MAX_IN_PROGRESS = 200
"""Commands in progress at the same time; more are refused.

They share one event loop; with more of them, all would miss Discord's deadline.
"""
MAX_REFUSALS = 16
"""Refusals sent at the same time, so that they reuse connections: opening one for each costs more than the command."""
OVERLOADED = "⚠️ I'm a bit overloaded right now, so nothing was changed. Please try again in a minute."

TOO_LONG = f"⚠️ That text is too long, so nothing was changed. Write at most {MAX_TYPED} characters."


class TrackingClient(Protocol):
    """The client that the tree needs, apart from discord.py's own methods."""

    study: Study

    def track(self, interaction: Interaction, kind: Kind) -> AbstractContextManager[InteractionMetrics]:
        """Count and time an interaction, and give its log lines a common reference."""

    async def record_use(self, interaction: Interaction) -> None:
        """Record that a member used the bot."""


class StudyTree(app_commands.CommandTree[Any]):
    """A command tree that counts interactions, limits the load and passes errors to ``report``."""

    def __init__(self, client: Any) -> None:
        super().__init__(client)
        self._client = cast(TrackingClient, client)
        self._members: Counter[int] = Counter()
        """Commands in progress by member."""
        self._in_progress: set[asyncio.Task[None]] = set()
        self._refusing: set[asyncio.Task[None]] = set()
        self._refusal_slots = asyncio.Semaphore(MAX_REFUSALS)

    def _from_interaction(self, interaction: Interaction) -> None:
        """Start to process a command, or refuse it if there are too many.

        Decided before a task starts, which is cheapest: discord.py dispatches all received interactions first.
        """
        member = interaction.user.id
        full = len(self._in_progress) + len(self._refusing) >= MAX_IN_PROGRESS
        if full or self._members[member] >= MAX_PER_MEMBER or _too_long(interaction.data):
            refusing = asyncio.create_task(self._refuse(interaction))
            self._refusing.add(refusing)
            refusing.add_done_callback(self._refusing.discard)
            return
        task = asyncio.create_task(self._call(interaction))
        self._in_progress.add(task)
        self._members[member] += 1

        def done(task: asyncio.Task[None]) -> None:
            self._in_progress.discard(task)
            self._members[member] -= 1
            if not self._members[member]:
                del self._members[member]

        task.add_done_callback(done)

    async def _refuse(self, interaction: Interaction) -> None:
        is_autocomplete = interaction.type is discord.InteractionType.autocomplete
        with self._client.track(interaction, "autocomplete" if is_autocomplete else "command") as metrics:
            metrics.outcome = "shed"
            try:
                async with self._refusal_slots:
                    if is_autocomplete:
                        await interaction.response.autocomplete([])
                    else:
                        text = TOO_LONG if _too_long(interaction.data) else OVERLOADED
                        await interaction.response.send_message(text, ephemeral=True)
            except UNREACHABLE as error:
                log.info("an error message could not be sent: %s", error)
            else:
                acknowledged(interaction)

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        await report(interaction, error)

    async def _call(self, interaction: Interaction) -> None:
        is_autocomplete = interaction.type is discord.InteractionType.autocomplete
        with self._client.track(interaction, "autocomplete" if is_autocomplete else "command") as metrics:
            try:
                own = dict(interaction.data or {}).get("name") == "start"
                with await self._client.study.scope.enter(server_of(interaction), interaction.user.id, own=own):
                    await super()._call(interaction)
            except (app_commands.AppCommandError, StudyError) as error:
                # discord.py would report it after this block, when the bot may have stopped.
                await report(interaction, error)
            if interaction.command:
                metrics.name = interaction.command.qualified_name
            if is_autocomplete and interaction.response.is_done():
                acknowledged(interaction)
            if not is_autocomplete:
                await self._client.record_use(interaction)
            if not is_autocomplete and interaction.user.id in self._client.study.reminders.news:
                await self._send_news(interaction)
            if not is_autocomplete:
                await self._send_exam_news(interaction)
            if not is_autocomplete and self._client.study.scope.in_use:
                await self._send_course_news(interaction)

    async def _send_news(self, interaction: Interaction) -> None:
        """Tell the member once, after the response, that a reminder is suspended. Doesn't raise: the command has
        succeeded.
        """
        try:
            if not interaction.response.is_done():
                return
            with await self._client.study.scope.enter(None, interaction.user.id):
                news = await self._client.study.reminders.tell(interaction.user.id)
            if news:
                await interaction.followup.send(view=resolved(interaction, reminder.suspended(news)), ephemeral=True)
        except (StudyError, *UNREACHABLE) as error:
            log.info("a notice could not be sent: %s", error)

    async def _send_course_news(self, interaction: Interaction) -> None:
        """Tell the member once, after the response, that a course they study was changed. Doesn't raise."""
        if not interaction.response.is_done():
            return
        try:
            found = await self._client.study.course_drafts.news(interaction.user.id)
            if found:
                await interaction.followup.send(view=resolved(interaction, course_preview.news(found)), ephemeral=True)
        except (StudyError, *UNREACHABLE) as error:
            log.info("a notice could not be sent: %s", error)

    async def _send_exam_news(self, interaction: Interaction) -> None:
        """Ask the member once, after the response, how their exam went, or remind them of a renewal. Doesn't raise."""
        study, learner = self._client.study, interaction.user.id
        if not interaction.response.is_done():
            return
        try:
            if learner in study.exam_questions.news:
                for question in await study.exam_questions.tell(learner):
                    await interaction.followup.send(view=resolved(interaction, outcome.asked(question)), ephemeral=True)
            if learner in study.renewals.news:
                for content in await study.renewals.tell(learner):
                    await interaction.followup.send(
                        view=resolved(interaction, outcome.renewal(content)), ephemeral=True
                    )
        except (StudyError, *UNREACHABLE) as error:
            log.info("a notice could not be sent: %s", error)


def _too_long(data: Any) -> bool:
    """Return whether an option exceeds the maximum length. Discord checks submitted commands, but not autocomplete."""
    return any(isinstance(value, str) and len(value) > MAX_TYPED for value in _option_values(data))


def _option_values(data: Any) -> Iterator[Any]:
    for option in data.get("options", ()) if isinstance(data, dict) else ():
        yield option.get("value")
        yield from _option_values(option)
