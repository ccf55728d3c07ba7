"""The buttons of the question of the day, and the number of answers in its posts."""

import asyncio
from collections.abc import Sequence

from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.daily_question_posts import DailyQuestionPosts
from bot.client.keyed_tasks import repeat
from bot.client.responses import Interaction, server_of, show
from bot.views import daily_question as views
from bot.views.buttons import parse_day, require_parts

REFRESH_SECONDS = 60


class DailyQuestionCog(commands.Cog):
    """Answers are private; the post shows only how many there are."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.questions = bot.study.daily_questions
        self.posts = DailyQuestionPosts(bot, bot.study, bot.references)
        self._loop: asyncio.Task[None] | None = None
        bot.on_component(views.VERB, self.handle_answer)
        bot.on_component("dailyguess", self.handle_guess)

    async def cog_load(self) -> None:
        self._loop = asyncio.create_task(self._run())

    async def cog_unload(self) -> None:
        if self._loop:
            self._loop.cancel()
        self.posts.close()

    async def _run(self) -> None:
        await self.bot.wait_until_ready()  # servers are not known before
        await repeat(REFRESH_SECONDS, self.posts.refresh)

    async def handle_answer(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        letter, slot = require_parts(state, 2)
        server, day = server_of(interaction) or 0, parse_day(slot).isoformat()
        found = await self.questions.answer(interaction.user.id, server, day, letter)
        await show(interaction, views.answered(found))
        if found.answer.fresh and not found.answer.late:
            self.posts.changed((server, day))

    async def handle_guess(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        (slot,) = require_parts(state, 1)
        server, day = server_of(interaction) or 0, parse_day(slot).isoformat()
        await show(interaction, views.answered(await self.questions.guess(interaction.user.id, server, day)))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(DailyQuestionCog(bot))
