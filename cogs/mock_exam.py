"""``/exam``: a mock exam weighted like the real one, its questions, its report."""

from collections.abc import Sequence

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, show
from bot.core.course.course import Course
from bot.core.questions.mock_exam import MAX_MINUTES, MAX_QUESTIONS, MIN_MINUTES, MIN_QUESTIONS, UNREADABLE
from bot.errors import Stale
from bot.views.buttons import number_in
from bot.views.mock_exam import CONFIRMED, mock_exam
from cogs import options


class ExamCog(commands.Cog):
    """A member's own mock exam; nobody else sees it."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.mock_exams = bot.study.mock_exams
        bot.on_press("exam", self.press_exam)
        bot.on_press("examgo", self.press_start)
        bot.on_press("examat", self.press_turn)
        bot.on_press("exampick", self.press_pick)
        bot.on_press("examend", self.press_end)
        bot.on_press("examdrop", self.press_drop)
        bot.on_press("examsee", self.press_mistake)
        bot.on_press("examout", self.press_report)

    @app_commands.command(description="A mock exam weighted like the real one, or on with the one that is open")
    @app_commands.describe(
        count="How many questions; 20 if you don't say",
        minutes="How long you have; untimed if you don't say",
        course="The course; without it, this server's",
    )
    @app_commands.autocomplete(minutes=options.exam_minutes)
    @app_commands.autocomplete(course=options.course)
    async def exam(
        self,
        interaction: Interaction,
        count: app_commands.Range[int, MIN_QUESTIONS, MAX_QUESTIONS] | None = None,
        minutes: app_commands.Range[int, MIN_MINUTES, MAX_MINUTES] | None = None,
        course: options.Text | None = None,
    ) -> None:
        found = self.study.course(interaction.guild_id, course)
        await show(interaction, mock_exam(await self.mock_exams.open(interaction.user.id, found, count, minutes)))

    def _wanted(self, interaction: Interaction, state: Sequence[str]) -> tuple[Course, int, int | None]:
        """Course, questions and minutes of a button. Raises ``Stale``."""
        course, number, rest = self._at(interaction, state)
        minutes = number_in("".join(rest))
        if not 1 <= number <= MAX_QUESTIONS or (minutes and not MIN_MINUTES <= minutes <= MAX_MINUTES):
            raise Stale(UNREADABLE)
        return course, number, minutes or None

    def _at(self, interaction: Interaction, state: Sequence[str]) -> tuple[Course, int, list[str]]:
        """Course and number of a button, and what else it says. Raises ``Stale``, ``NotFound``."""
        if len(state) < 2:
            raise Stale(UNREADABLE)
        course, number, *rest = state
        return self.study.course(interaction.guild_id, course), number_in(number), rest

    async def press_exam(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """What a new mock exam would be, or the open one."""
        wanted = self._wanted(interaction, state)
        await show(interaction, mock_exam(await self.mock_exams.open(interaction.user.id, *wanted)))

    async def press_start(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        wanted = self._wanted(interaction, state)
        await show(interaction, mock_exam(await self.mock_exams.begin(interaction.user.id, *wanted)))

    async def press_turn(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course, number, rest = self._at(interaction, state)
        place = number_in("".join(rest))
        await show(interaction, mock_exam(await self.mock_exams.move_to(interaction.user.id, course, number, place)))

    async def press_pick(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        """An answer: the letters of a button, or those chosen in a select."""
        course, number, rest = self._at(interaction, state)
        place, *letters = rest or [""]
        answer = (interaction.user.id, course, number, number_in(place), "".join(values or letters))
        await show(interaction, mock_exam(await self.mock_exams.answer(*answer)))

    async def press_end(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course, number, rest = self._at(interaction, state)
        ended = await self.mock_exams.finish(interaction.user.id, course, number, confirmed=rest == [CONFIRMED])
        await show(interaction, mock_exam(ended))

    async def press_drop(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course, number, rest = self._at(interaction, state)
        dropped = await self.mock_exams.discard(interaction.user.id, course, number, confirmed=rest == [CONFIRMED])
        await show(interaction, mock_exam(dropped))

    async def press_mistake(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course, number, rest = self._at(interaction, state)
        place = number_in("".join(rest))
        await show(interaction, mock_exam(await self.mock_exams.mistake(interaction.user.id, course, number, place)))

    async def press_report(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course, number, _rest = self._at(interaction, state)
        await show(interaction, mock_exam(await self.mock_exams.report(interaction.user.id, course, number)))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(ExamCog(bot))
