"""The settings in the statistics of ``/review``: target retention and personal FSRS parameters."""

from collections.abc import Sequence

from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, asker, show
from bot.core.course.course import Course
from bot.views import review as review_views
from bot.views import review_settings as views
from bot.views.buttons import parse_number, require_parts


class ReviewSettingsCog(commands.Cog):
    """The member's own settings. They apply to all of their courses."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.settings = bot.study.review_settings
        bot.on_component("retention", self.handle_retention)
        bot.on_component("fit", self.handle_fit)
        bot.on_component("fitreset", self.handle_reset)

    async def handle_retention(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        """Set the target that was selected, or the one that Undo restores."""
        course_id, retention = require_parts([*state, *values], 2)
        wanted = parse_number(retention)
        before = await self.settings.set_retention(interaction.user.id, wanted)
        course = await self._course(interaction, course_id)
        await self._stats(interaction, course, views.target_set(wanted), None if len(state) > 1 else before)

    async def handle_fit(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Compute personal parameters; the result is a new message, because that takes minutes."""
        course = await self._course(interaction, "".join(state))
        reviews = await self.settings.reviews_to_fit(interaction.user.id, course)
        await show(interaction, views.computing(course))
        await self.settings.fit(interaction.user.id, reviews)
        await self._stats(interaction, course, views.fitted(len(reviews)))

    async def handle_reset(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Return to the default parameters, once that is confirmed."""
        course = await self._course(interaction, "".join(state[:1]))
        if state[1:] != ("yes",):
            await show(interaction, views.confirm_reset(course))
            return
        await self.settings.reset(interaction.user.id)
        await self._stats(interaction, course, views.RESET)

    async def _course(self, interaction: Interaction, course: str) -> Course:
        return await self.study.course_for(asker(interaction), course or None)

    async def _stats(self, interaction: Interaction, course: Course, note: str, before: int | None = None) -> None:
        found = await self.study.reviews.stats(interaction.user.id, course)
        await show(interaction, review_views.stats(found, self.study.now(), note, before))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(ReviewSettingsCog(bot))
