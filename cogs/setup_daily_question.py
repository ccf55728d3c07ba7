"""The set-up panel's page of the question of the day."""

from collections.abc import Sequence
from typing import Any, cast

import discord
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.channels import channel_advice, custom_ids
from bot.client.managers import require_manager
from bot.client.posting import own_channel
from bot.client.responses import Interaction, ask, show
from bot.client.threads import role_advice, thread_advice
from bot.core.calendar.zones import parse_time
from bot.errors import Stale
from bot.study.daily_question_setup import DailyDraft, read_daily_draft
from bot.study.delivery_kind import Destination
from bot.study.setup import OUT_OF_DATE, UndoState
from bot.views import setup_daily_question as views
from bot.views.forms import submitted, text_of
from bot.views.setup import OTHER, THREAD_TYPES


class SetupDailyQuestionCog(commands.Cog):
    """Choose where and when the question of the day is posted. Nothing changes before Save."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.study = bot.study
        self.settings = bot.study.daily_question_setup
        bot.on_component("dailyset", self.handle_page)
        bot.on_component(views.DRAFT, self.handle_draft)
        bot.on_component("dailysave", self.handle_save)
        bot.on_component("dailyundo", self.handle_undo)
        bot.on_form("dailytime", self.handle_time)

    async def handle_page(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        server = await require_manager(interaction)
        match [*state]:
            case ["check"]:
                await self._show(interaction, server, self._draft_in(interaction))
            case ["off"]:
                undo = await self.settings.turn_off(server, interaction.user.id)
                await self._show(interaction, server, note="✅ The question of the day is off.", undo=undo)
            case _:
                await self._show(interaction, server)

    async def handle_draft(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        """Change the draft in one of the selects, or ask for a time that isn't among its options."""
        server = await require_manager(interaction)
        if not state or state[0] not in views.FIELDS:
            raise Stale(OUT_OF_DATE)
        field, chosen = state[0], [*values] or ["0"]  # no role is chosen by choosing nothing
        if chosen == [OTHER]:
            await ask(interaction, views.time_form(self._draft_in(interaction).minute))
            return
        if field == "channel":
            data = cast(dict[str, Any], interaction.data or {})
            resolved = data.get("resolved", {}).get("channels", {}).get(chosen[0], {})
            chosen.append("t" if resolved.get("type") in THREAD_TYPES else "c")
        await self._show(interaction, server, self._draft_in(interaction, **{field: chosen}))

    async def handle_time(self, interaction: Interaction, _: Sequence[str], values: Sequence[str]) -> None:
        server = await require_manager(interaction)
        minute = parse_time(text_of(submitted(values), "time"))
        await self._show(interaction, server, self._draft_in(interaction, time=[str(minute)]))

    async def handle_save(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        server = await require_manager(interaction)
        draft = self._draft_in(interaction)
        if not draft.thread and draft.channel:
            own_channel(self.bot, server, draft.channel)
        undo = await self.settings.save(server, interaction.user.id, draft)
        note = "✅ **Saved.**" if undo else "Nothing to save: these are the current settings."
        await self._show(interaction, server, note=note, undo=undo)

    async def handle_undo(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        server = await require_manager(interaction)
        await self.settings.undo(server, interaction.user.id, state)
        await self._show(interaction, server, note="↩️ Undone.")

    def _draft_in(self, interaction: Interaction, **chosen: list[str]) -> DailyDraft:
        components: Any = interaction.message.components if interaction.message else ()
        return read_daily_draft({**views.draft_fields([*custom_ids(components)]), **chosen})

    async def _show(
        self, interaction: Interaction, server: int, draft: DailyDraft | None = None, *, note: str = "",
        undo: UndoState | None = None,
    ) -> None:  # fmt: skip
        locales = (str(interaction.locale), str(interaction.guild_locale or ""))
        status = await self.settings.status(server, interaction.user.id, *locales)
        here = interaction.channel
        thread = isinstance(here, discord.Thread)
        channel = here.id if here and (thread or isinstance(here, discord.TextChannel)) else 0
        draft = draft or await self.settings.draft(status, channel=channel, thread=thread)
        guild = interaction.guild
        seen = guild is not None and guild.get_channel_or_thread(draft.channel) is not None
        page = views.DailyPage(
            status, draft, self.study.learners.zones.offer(""), self._advice(server, draft), seen, self.study.now(),
            await self.settings.first(server, draft), note, undo,
        )  # fmt: skip
        await show(interaction, views.settings(page))

    def _advice(self, server: int, draft: DailyDraft) -> list[str]:
        """Say what the bot can't do with a draft, and what to do about it."""
        to = Destination(draft.channel, server, draft.thread)
        if not draft.channel:
            return ["Choose a channel for the question."]
        found = [thread_advice(self.bot, to), role_advice(self.bot, to, draft.role) if draft.role else ""]
        return [channel_advice(self.bot, to), *(f"{views.WARNING} {each}." for each in found if each)]


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(SetupDailyQuestionCog(bot))
