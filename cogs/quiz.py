"""``/quiz``: a practice round in the channel, and its buttons."""

from collections.abc import Sequence

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, acknowledged, asker, show
from bot.client.running_quiz import Game
from bot.core.course.course import Course
from bot.core.questions.quiz import COUNT, COUNTS, PACE, PACES, Settings
from bot.errors import NotAllowed, Stale
from bot.study.quizzes import OVER, Quiz
from bot.views import quiz as views
from bot.views.buttons import number_in, parts_in
from bot.views.layout import State, notice
from cogs import options
from cogs.quiz_channels import quiz_channel


class QuizCog(commands.Cog):
    """A quiz for whoever is in the channel."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.quizzes = bot.study.quizzes
        self.master = bot.quizmaster
        bot.on_press("quiz", self.press_answer)
        bot.on_press("quizjoin", self.press_join)
        bot.on_press("quizstart", self.press_start)
        bot.on_press("quizstop", self.press_stop)
        bot.on_press("quizagain", self.press_again)

    @app_commands.command(description="A practice round in this channel, for whoever joins")
    @app_commands.describe(
        path="Only this learning path: its id, title or full id",
        count=f"How many questions; without it, {COUNT}",
        seconds=f"Seconds for each question; without it, {PACE}",
        course="The course; without it, this server's",
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
        channel = quiz_channel(interaction)

        async def post(quiz: Quiz) -> int:
            posted = await interaction.response.send_message(view=views.lobby(quiz, 0))
            acknowledged(interaction)
            return posted.message_id or 0

        who, master = asker(interaction), self.master
        begin = self.quizzes.begin(interaction.id, who, channel, course, settings, master.runs)
        await master.begin(interaction.id, begin, post)

    def _game(self, state: Sequence[str]) -> Game:
        """The quiz of a button. Raises ``Stale`` where it is over."""
        game = self.master.game(number_in("".join(state[:1])))
        if game is None:
            raise Stale(OVER)
        return game

    async def press_join(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        game = self._game(state)
        joined = await self.quizzes.join(game.number, interaction.user.id)
        game.players = max(game.players, joined.players)  # answers may overtake each other
        game.nap.call()
        await show(interaction, views.joined(joined))

    async def press_answer(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        _quiz, number, letter = parts_in(state, 3)
        game, question = self._game(state), number_in(number)
        given = await self.quizzes.answer(game.number, question, interaction.user.id, letter)
        if given.complete:
            game.complete = question
            game.nap.call()
        await show(interaction, views.noted(given))

    async def press_start(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        game = self._game(state)
        if interaction.user.id != await self.quizzes.host_of(game.number):
            raise NotAllowed("Only whoever began this quiz can start it early. It starts by itself in a moment.")
        if not game.players:
            raise NotAllowed("Nobody has joined yet. Press Join first, if you play too.")
        game.started = True
        game.nap.call()
        await show(interaction, notice("The first question comes.", State.DONE))

    async def press_stop(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        game, given = self._game(state), interaction.permissions
        moderator = given.manage_messages or given.manage_guild
        if not moderator and interaction.user.id != await self.quizzes.host_of(game.number):
            raise NotAllowed("Only whoever began this quiz, or somebody with Manage Messages, can stop it.")
        game.stopped = True
        game.nap.call()
        await show(interaction, notice("The quiz ends here.", State.DONE))

    async def press_again(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        code, key, count, seconds = parts_in(state, 4)
        course, route = self.study.course(interaction.guild_id, code), None
        if key != "-":
            course, node = self.study.catalogue.by_key(key)
            route = node.route
        await self._begin(interaction, course, Settings(route, number_in(count), number_in(seconds)))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(QuizCog(bot))
