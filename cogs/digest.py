"""The buttons of a digest."""

import json
from collections.abc import Sequence

from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, ask, asker, defer, publish, server_of, show
from bot.errors import Stale
from bot.views import completion_form as forms
from bot.views import progress as progress_views
from bot.views.buttons import parse_number, require_parts
from bot.views.digest_everyone import everyone


class DigestCog(commands.Cog):
    """The buttons of the weekly digest."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.digests = bot.study.digests
        self.messenger = bot.messenger
        bot.on_component("some", self.handle_some)
        bot.on_form("several", self.handle_several)
        bot.on_component("mine", self.handle_mine)
        bot.on_component("everyone", self.handle_everyone)

    async def handle_some(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Open a form with the member's own next modules."""
        course = self.study.course(interaction.guild_id, "".join(state[:1]))
        progress = await self.study.progress.of(interaction.user.id, course)
        await ask(interaction, forms.next_modules_form(progress))

    async def handle_several(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        course = self.study.course(interaction.guild_id, "".join(state))
        nodes = [self.study.catalogue.by_key(key) for key in forms.chosen_keys(json.loads(values[0]))]
        if any(found.id != course.id for found, _ in nodes):
            raise Stale("This form belongs to another course; nothing was saved. Please open it again.")
        done = await self.study.progress.complete_all(asker(interaction), [node for _, node in nodes])
        await show(interaction, progress_views.ticked(done, share=interaction.guild_id is not None))
        for path in done.announce:
            await publish(interaction, progress_views.completed(asker(interaction).name, path, done.after))

    async def handle_mine(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course = self.study.course(interaction.guild_id, "".join(state))
        progress = await self.study.progress.of(interaction.user.id, course)
        streak = await self.study.learners.streak(interaction.user.id)
        await show(
            interaction, progress_views.progress(progress, streak=streak, share=interaction.guild_id is not None)
        )

    async def handle_everyone(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Show who completed what in the week of a digest."""
        page, since, until, course, slot = require_parts(state, 5)
        await defer(interaction)
        found = await self.digests.people.page(
            server_of(interaction) or 0,
            course,
            parse_number(since),
            parse_number(until),
            parse_number(page),
            self.messenger,
        )
        await show(interaction, everyone(found, slot))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(DigestCog(bot))
