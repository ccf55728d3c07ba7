"""``/setup``: the panel on which managers choose course, channel and time. Nothing changes before Save."""

from collections.abc import Sequence
from typing import Any, cast

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.managers import require_manager
from bot.client.posting import own_channel
from bot.client.responses import Interaction, ask
from bot.client.setup_pages import SetupPages
from bot.core.calendar.zones import clock_rule, parse_time
from bot.errors import Stale
from bot.study.setup import OUT_OF_DATE
from bot.views import setup as views
from bot.views import setup_checklist as checklist_views
from bot.views.forms import submitted, text_of


class SetupCog(commands.Cog):
    """The settings page of the set-up panel, and the way to the others."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.bot = bot
        self.pages = SetupPages(bot, bot.study)
        bot.on_component("setup", self.handle_page)
        bot.on_component("setupshow", self.handle_show)
        bot.on_component("setupdraft", self.handle_draft)
        bot.on_component("setupsave", self.handle_save)
        bot.on_form("setupzone", self.handle_zone)
        bot.on_form("setuptime", self.handle_time)

    @app_commands.command(description="Set up Waymark here: course, weekly digest, question of the day, study panel")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def setup(self, interaction: Interaction) -> None:
        await self.pages.settings(interaction, await require_manager(interaction))

    async def handle_page(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        server = await require_manager(interaction)
        match [*state]:
            case ["checklist"]:
                await self.pages.checklist(interaction, server)
            case ["managers"]:
                await self.pages.managers(interaction, server)
            case ["panel"]:
                await self.pages.panel_channel(interaction, server)
            case _:
                await self.pages.settings(interaction, server)

    async def handle_show(self, interaction: Interaction, _: Sequence[str], values: Sequence[str]) -> None:
        """Show another digest. What wasn't saved of this one is dropped."""
        await self.pages.settings(interaction, await require_manager(interaction), "".join(values))

    async def handle_draft(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        """Change the draft in one of the selects, or ask for a value that isn't among its options."""
        server = await require_manager(interaction)
        if len(state) < 3 or len(values) != 1 or state[0] not in views.FIELDS:
            raise Stale(OUT_OF_DATE)
        field, base, chosen = state[0], state[-1], [*values]
        if chosen == [views.OTHER]:
            schedule = self.pages.draft_in(interaction).schedule
            make = checklist_views.zone_form if field == "zone" else checklist_views.time_form
            await ask(interaction, make(base, schedule))
            return
        if field == "channel":
            data = cast(dict[str, Any], interaction.data or {})
            resolved = data.get("resolved", {}).get("channels", {}).get(values[0], {})
            chosen.append("t" if resolved.get("type") in views.THREAD_TYPES else "c")
        draft = self.pages.draft_in(interaction, **{field: chosen})
        await self.pages.settings(interaction, server, base, draft)

    async def handle_zone(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        server = await require_manager(interaction)
        match = self.study.learners.zones.find(text_of(submitted(values), "zone"))
        draft = self.pages.draft_in(interaction, zone=[match.zone])
        note = f"🕘 **{views.clock(match.zone)}**: {clock_rule(match.zone)}."
        if not match.sure:
            note += " That name can mean other time zones too. They're in the list."
        zones = (match.zone, *match.others)
        await self.pages.settings(interaction, server, "".join(state), draft, note=note, zones=zones)

    async def handle_time(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        server = await require_manager(interaction)
        minute = parse_time(text_of(submitted(values), "time"))
        draft = self.pages.draft_in(interaction, time=[str(minute)])
        await self.pages.settings(interaction, server, "".join(state), draft)

    async def handle_save(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        server = await require_manager(interaction)
        if len(state) != 2:
            raise Stale(OUT_OF_DATE)
        how, base = state
        draft = self.pages.draft_in(interaction)
        before = await self.study.setup.status(server)
        if how == "ask" and before.digests and not before.digest_of(draft.course.id):
            await self.pages.settings(interaction, server, base, draft, asking=True)
            return
        if not draft.thread and draft.channel:
            own_channel(self.bot, server, draft.channel)
        undo = await self.study.setup.save(server, interaction.user.id, draft, base, replace=how == "replace")
        if self.study.course(server) is not before.course:
            await self.pages.refresh_study_panel(server)
        note = "✅ **Saved.**" if undo else "Nothing to save: these are the current settings."
        if base:
            await self.pages.settings(interaction, server, draft.course.id, note=note, undo=undo)
        else:
            await self.pages.checklist(interaction, server, note=f"{note} Here's what else you can do.", undo=undo)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(SetupCog(bot))
