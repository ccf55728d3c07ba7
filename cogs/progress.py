"""``/progress`` and the member command Progress: a member's progress, and who sees it here."""

from collections.abc import Sequence

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, asker, server_of, show
from bot.core.course.course import Course
from bot.errors import NotAllowed, Stale
from bot.views import completion as completion_views
from bot.views import progress as views
from bot.views.buttons import UNREADABLE
from cogs import options


class ProgressCog(commands.Cog):
    """The member's own progress, or that of another member of the study group."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self._tree = bot.tree
        self._menu = app_commands.ContextMenu(
            name="Progress",
            callback=self.progress_of,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        )
        bot.tree.add_command(self._menu)
        bot.on_component("mine", self.handle_mine)
        bot.on_component("join", self.handle_join)

    async def cog_unload(self) -> None:
        self._tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command(description="See your progress, or another member's")
    @app_commands.describe(
        member="A member of your study group (default: you)", course="Course (default: this server's course)"
    )
    @app_commands.autocomplete(course=options.course)
    async def progress(
        self, interaction: Interaction, member: discord.User | None = None, course: options.Text | None = None
    ) -> None:
        await self._show(interaction, member, await self.study.course_for(asker(interaction), course))

    async def progress_of(self, interaction: Interaction, member: discord.Member) -> None:
        """Show the progress of the member whose menu was opened."""
        await self._show(interaction, member, await self.study.course_for(asker(interaction)))

    async def _show(
        self, interaction: Interaction, member: discord.User | discord.Member | None, course: Course
    ) -> None:
        requester = asker(interaction)
        if member is None or member.id == requester.learner:
            await self._show_own(interaction, course)
            return
        if member.bot:
            raise NotAllowed(f"{member.mention} is a bot, so it doesn't study.")
        # Read the streak before the visibility check, so that a member who hides in between stays hidden.
        streak = await self.study.learners.streak(member.id)
        progress = await self.study.progress.of_member(requester, member.id, course)
        await show(interaction, views.progress(progress, streak=streak, owner=member.display_name, own=False))

    async def _show_own(self, interaction: Interaction, course: Course) -> None:
        progress = await self.study.progress.of(interaction.user.id, course)
        streak, zone = await self.study.learners.streak_and_zone(interaction.user.id)
        in_server, kept = server_of(interaction) is not None, await self.study.progress.kept(progress)
        view = views.progress(progress, streak=streak, utc=zone is None, share=in_server, kept=kept)
        await show(interaction, view)

    async def handle_mine(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        await self._show_own(interaction, await self.study.course_for(asker(interaction), "".join(state[:1]) or None))

    async def handle_join(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Record whether this server's study group may see the member's progress."""
        course_id, choice, *_rest = [*state, "", ""]
        if choice not in ("visible", "hidden"):
            raise Stale(UNREADABLE)
        course, visible = await self.study.course_for(asker(interaction), course_id), choice == "visible"
        hidden = await self.study.progress.join(asker(interaction), course, visible=visible)
        await show(interaction, completion_views.joined(course, visible=visible, hidden_everywhere=hidden))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(ProgressCog(bot))
