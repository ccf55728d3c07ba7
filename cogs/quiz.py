"""``/quiz``: a quiz in the channel, and its buttons."""

from collections.abc import Sequence
from functools import partial

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, acknowledged, asker, defer, resolved, server_of, show
from bot.client.running_quiz import RunningQuiz
from bot.core.course.course import Course
from bot.core.questions.quiz import COUNT, COUNTS, PACE, PACES, Settings
from bot.errors import NotAllowed, Stale
from bot.study.quizzes import OVER, Quiz
from bot.views import quiz as views
from bot.views.buttons import parse_number, require_parts
from bot.views.layout import State, notice
from cogs import options
from cogs.quiz_channels import quiz_channel


class QuizCog(commands.Cog):
    """A quiz for everyone in the channel."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.quizzes = bot.study.quizzes
        self.runner = bot.quiz_runner
        bot.on_component("quiz", self.handle_answer)
        bot.on_component("quizjoin", self.handle_join)
        bot.on_component("quizstart", self.handle_start)
        bot.on_component("quizstop", self.handle_stop)
        bot.on_component("quizagain", self.handle_again)

    @app_commands.command(description="Start a quiz in this channel that anyone can join")
    @app_commands.describe(
        path="Only questions from this learning path",
        count=f"Number of questions, {COUNTS[0]} to {COUNTS[1]} (default {COUNT})",
        seconds=f"Seconds per question (default {PACE})",
        course="Course (default: this server's course)",
    )
    @app_commands.autocomplete(path=options.path, course=options.course)
    async def quiz(
        self,
        interaction: Interaction,
        path: options.Text | None = None,
        count: app_commands.Range[int, COUNTS[0], COUNTS[1]] = COUNT,
        seconds: app_commands.Range[int, PACES[0], PACES[1]] = PACE,
        course: options.Text | None = None,
    ) -> None:
        found = self.study.course(interaction.guild_id, course)
        route = self.study.catalogue.node(found, path).route if path else None
        await self._begin(interaction, found, Settings(route, count, seconds))

    async def _begin(self, interaction: Interaction, course: Course, settings: Settings) -> None:
        if server_of(interaction) is None:
            return await show(interaction, views.server_only(course))
        channel = quiz_channel(interaction)

        async def post(quiz: Quiz) -> int:
            posted = await interaction.response.send_message(view=resolved(interaction, views.lobby(quiz, 1)))
            acknowledged(interaction)
            return posted.message_id or 0

        requester, runner = asker(interaction), self.runner
        begin = self.quizzes.begin(interaction.id, requester, channel, course, settings, runner.is_running)
        return await runner.begin(interaction.id, begin, post)

    def _running_quiz(self, state: Sequence[str]) -> RunningQuiz:
        """Return the quiz of a button. Raises ``Stale`` if it has ended."""
        running = self.runner.find(parse_number("".join(state[:1])))
        if running is None:
            raise Stale(OVER)
        return running

    async def handle_join(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        running, player = self._running_quiz(state), interaction.user.id
        async with running.replies.turn(player):
            joined = await self.quizzes.join(running.number, player)
            running.count(joined.players)
            await running.replies.show(interaction, partial(views.joined, joined))

    async def handle_answer(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        _quiz, number, letters = require_parts([*state, "".join(values)] if values else state, 3)
        running, question, player = self._running_quiz(state), parse_number(number), interaction.user.id
        async with running.replies.turn(player):
            stored = await self.quizzes.answer(running.number, question, player, letters)
            running.count(stored.joined.players, question, stored.answered)
            await running.replies.show(interaction, partial(views.answer_stored, stored))

    async def handle_start(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        running = self._running_quiz(state)
        if interaction.user.id != await self.quizzes.host_of(running.number):
            raise NotAllowed("Only the host can start early. The quiz starts automatically in a moment.")
        running.started = True
        running.timer.wake()
        await defer(interaction)  # the first question appears in the channel

    async def handle_stop(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        running, permissions = self._running_quiz(state), interaction.permissions
        moderator = permissions.manage_messages or permissions.manage_guild
        if not moderator and interaction.user.id != await self.quizzes.host_of(running.number):
            raise NotAllowed("Only the host or a moderator (Manage Messages) can stop the quiz.")
        running.stopped = True
        running.timer.wake()
        await show(interaction, notice("Quiz stopped.", State.DONE))

    async def handle_again(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        code, key, count, seconds = require_parts(state, 4)
        course, route = self.study.course(interaction.guild_id, code), None
        if key != "-":
            course, node = self.study.catalogue.by_key(key)
            route = node.route
        await self._begin(interaction, course, Settings(route, parse_number(count), parse_number(seconds)))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(QuizCog(bot))
