"""The command tree: what is counted, what is refused when too much comes at once, and where errors go."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol, cast

import discord
from discord import app_commands

from bot.client.responses import UNREACHABLE, Interaction, acknowledged, report
from bot.core.calendar.dates import MAX_TYPED
from bot.errors import StudyError
from bot.operation.metrics import Kind, Visit
from bot.study import Study
from bot.views import reminder

log = logging.getLogger("waymark")

MOST_OF_ONE = 8
"""Commands and autocompletes of one member at a time: more than anyone needs, too few to delay the others."""
MOST_AT_ONCE = 200
"""So many commands are worked on at once; who comes on top is asked to try again. All of them share one event loop, so
with many more each would be too late for Discord.
"""
REFUSALS_AT_ONCE = 16
"""Over so many connections, used again and again: to open one for each costs more than the command would."""
TOO_MUCH = "⚠️ I have too much to do at this moment; nothing was changed. Please try again in a minute."

TOO_LONG = f"⚠️ That text is too long, so nothing was changed. Write at most {MAX_TYPED} characters."


class Measured(Protocol):
    """What the tree needs of the client besides discord.py's own."""

    study: Study

    def visit(self, interaction: Interaction, kind: Kind) -> AbstractContextManager[Visit]:
        """Count an interaction, and mark its lines in the log."""

    async def record_use(self, interaction: Interaction) -> None:
        """Record that a member used the bot."""


class StudyTree(app_commands.CommandTree[Any]):
    """The command tree. Its errors go to ``report``, and what it does is counted."""

    def __init__(self, client: Any) -> None:
        super().__init__(client)
        self._client = cast(Measured, client)
        self._members: Counter[int] = Counter()
        """How many commands of each member are being worked on."""
        self._at_work: set[asyncio.Task[None]] = set()
        self._refusing: set[asyncio.Task[None]] = set()
        self._line = asyncio.Semaphore(REFUSALS_AT_ONCE)

    def _from_interaction(self, interaction: Interaction) -> None:
        """Begin to act on a command at once, or to refuse it while there are too many.

        Decided here because here it costs least: the library hands over all that has come in before any of it begins.
        """
        member = interaction.user.id
        full = len(self._at_work) + len(self._refusing) >= MOST_AT_ONCE
        if full or self._members[member] >= MOST_OF_ONE or _too_long(interaction.data):
            refusing = asyncio.create_task(self._refuse(interaction))
            self._refusing.add(refusing)
            refusing.add_done_callback(self._refusing.discard)
            return
        task = asyncio.create_task(self._call(interaction))
        self._at_work.add(task)
        self._members[member] += 1

        def done(task: asyncio.Task[None]) -> None:
            self._at_work.discard(task)
            self._members[member] -= 1
            if not self._members[member]:
                del self._members[member]

        task.add_done_callback(done)

    async def _refuse(self, interaction: Interaction) -> None:
        typing = interaction.type is discord.InteractionType.autocomplete
        with self._client.visit(interaction, "autocomplete" if typing else "command") as visit:
            visit.outcome = "shed"
            try:
                async with self._line:
                    if typing:
                        await interaction.response.autocomplete([])
                    else:
                        text = TOO_LONG if _too_long(interaction.data) else TOO_MUCH
                        await interaction.response.send_message(text, ephemeral=True)
            except UNREACHABLE as error:
                log.info("a refusal could not be shown: %s", error)
            else:
                acknowledged(interaction)

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        await report(interaction, error)

    async def _call(self, interaction: Interaction) -> None:
        typing = interaction.type is discord.InteractionType.autocomplete
        with self._client.visit(interaction, "autocomplete" if typing else "command") as visit:
            try:
                await super()._call(interaction)
            except app_commands.AppCommandError as error:
                # The library would report it behind this call, when the bot may have stopped.
                await self.on_error(interaction, error)
            if interaction.command:
                visit.name = interaction.command.qualified_name
            if typing and interaction.response.is_done():
                acknowledged(interaction)
            if not typing:
                await self._client.record_use(interaction)
            if not typing and interaction.user.id in self._client.study.reminders.news:
                await self._tell_news(interaction)

    async def _tell_news(self, interaction: Interaction) -> None:
        """Say behind the answer, once, that a reminder is suspended. The answer has been given: nothing is raised."""
        try:
            if interaction.response.is_done() and (
                told := await self._client.study.reminders.tell(interaction.user.id)
            ):
                await interaction.followup.send(view=reminder.suspended(told), ephemeral=True)
        except (StudyError, *UNREACHABLE) as error:
            log.info("news could not be told: %s", error)


def _too_long(data: Any) -> bool:
    """Whether an option has more text than any option takes. Discord checks commands, but not what is being typed."""
    return any(isinstance(value, str) and len(value) > MAX_TYPED for value in _values(data))


def _values(data: Any) -> Iterator[Any]:
    for option in data.get("options", ()) if isinstance(data, dict) else ():
        yield option.get("value")
        yield from _values(option)
