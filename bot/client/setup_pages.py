"""Show the pages of the set-up panel: gather what they need from the store, the cached channels and the message."""

import logging
from typing import Any

import discord

from bot.client.channels import channel_advice, custom_ids
from bot.client.messenger import FAILURES
from bot.client.responses import Interaction, resolved, show
from bot.core.calendar.locales import zone_of
from bot.study import Study
from bot.study.delivery_kind import Destination
from bot.study.digest_delivery import destination
from bot.study.digests import DigestStatus
from bot.study.setup import Draft, SetupStatus, UndoState, read_draft
from bot.views import setup as views
from bot.views import setup_checklist as checklist_views
from bot.views import welcome as welcome_views

log = logging.getLogger("waymark")


class SetupPages:
    """The pages of the set-up panel. Each is shown privately, in place of the previous one."""

    def __init__(self, client: discord.Client, study: Study) -> None:
        self._client = client
        self._study = study

    def draft_in(self, interaction: Interaction, **chosen: list[str]) -> Draft:
        """Return the draft in the panel's selects, with what was chosen just now. Raises ``Stale``."""
        components: Any = interaction.message.components if interaction.message else ()
        fields = views.draft_fields([*custom_ids(components)])
        return read_draft(self._study.catalogue, {**fields, **chosen})

    def advice(self, server: int, draft: Draft) -> str:
        """Say whether the bot can post digests in the draft's channel."""
        if not draft.channel:
            return "Choose a channel for the digest."
        return channel_advice(self._client, Destination(draft.channel, server, draft.thread))

    async def settings(
        self, interaction: Interaction, server: int, base: str = "", draft: Draft | None = None, *,
        note: str = "", undo: UndoState | None = None, asking: bool = False, zones: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """Show the settings of the digest of the course ``base``, otherwise of the first one. ``zones`` are offered."""
        study = self._study
        status = await study.setup.status(server)
        digest = status.digest_of(base) or next(iter(status.digests), None)
        locales = [str(interaction.locale), str(interaction.guild_locale or "")]
        draft = draft or await self._first_draft(interaction, status, digest, locales)
        common = study.learners.zones.offer("")
        page = views.SettingsPage(
            status, digest, draft, [*study.catalogue.courses.values()],
            [*zones, zone_of(*locales), *common], self.advice(server, draft),
            interaction.guild is not None and interaction.guild.get_channel_or_thread(draft.channel) is not None,
            study.now(),
            await study.digests.first_slot(server, draft.course, draft.schedule), note, undo, asking,
        )  # fmt: skip
        await _show(interaction, views.settings(page))

    async def _first_draft(
        self, interaction: Interaction, status: SetupStatus, digest: DigestStatus | None, locales: list[str]
    ) -> Draft:
        here = interaction.channel
        if not isinstance(here, discord.TextChannel | discord.Thread):
            here = interaction.guild.system_channel if interaction.guild else None
        thread = isinstance(here, discord.Thread)
        return await self._study.setup.draft(
            status, digest, interaction.user.id, channel=here.id if here else 0, thread=thread, locales=locales
        )

    async def checklist(
        self, interaction: Interaction, server: int, *, note: str = "", undo: UndoState | None = None
    ) -> None:
        """Show the checklist."""
        status = await self._study.setup.status(server)
        advice = [channel_advice(self._client, destination(digest.cohort)) for digest in status.digests]
        await _show(interaction, checklist_views.checklist(status, advice, note=note, undo=undo))

    async def managers(
        self, interaction: Interaction, server: int, *, note: str = "", undo: UndoState | None = None
    ) -> None:
        """Show who may manage the bot."""
        status = await self._study.setup.status(server)
        await _show(interaction, checklist_views.managers(status, note=note, undo=undo))

    async def panel_channel(self, interaction: Interaction, server: int, channel: int = 0) -> None:
        """Show where the study panel would be posted: in ``channel``, by default here."""
        status = await self._study.setup.status(server)
        if not channel:
            here = interaction.channel
            channel = here.id if isinstance(here, discord.TextChannel) else status.settings.panel_channel or 0
        advice = channel_advice(self._client, Destination(channel, server)) if channel else "Choose a channel."
        replaces = status.settings.panel_message is not None
        await _show(interaction, checklist_views.panel_channel(channel, status.course.code, advice, replaces=replaces))

    async def refresh_study_panel(self, server: int) -> None:
        """Let the buttons of the study panel be about the server's current course. Errors are only logged."""
        status = await self._study.setup.status(server)
        channel, message = status.settings.panel_channel, status.settings.panel_message
        guild = self._client.get_guild(server)
        found = guild.get_channel_or_thread(channel) if guild and channel else None
        if message and isinstance(found, discord.TextChannel):
            view = welcome_views.study_panel(status.course.code, status.course.id)
            try:
                await found.get_partial_message(message).edit(view=view)
            except FAILURES as error:
                log.info("server %s: the study panel could not be edited: %s", server, error)


async def _show(interaction: Interaction, view: discord.ui.LayoutView) -> None:
    """Show a page in place of the one whose component was used, also after the interaction was deferred."""
    if interaction.response.is_done():
        await interaction.edit_original_response(view=resolved(interaction, view))
    else:
        await show(interaction, view)
