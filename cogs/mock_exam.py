"""``/exam``: a mock exam weighted like the real one, its questions, its report."""

from collections.abc import Sequence

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, show
from bot.core.course.course import Course
from bot.core.questions.mock_exam import MAX_MINUTES, MAX_QUESTIONS, MIN_MINUTES, MIN_QUESTIONS, UNREADABLE
from bot.errors import Stale
from bot.views.buttons import parse_number
from bot.views.mock_exam import CONFIRMED, mock_exam
from cogs import options


class ExamCog(commands.Cog):
    """The member's own mock exam, visible to nobody else."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.mock_exams = bot.study.mock_exams
        bot.on_component("exam", self.handle_exam)
        bot.on_component("examgo", self.handle_start)
        bot.on_component("examat", self.handle_turn)
        bot.on_component("exampick", self.handle_answer)
        bot.on_component("examend", self.handle_finish)
        bot.on_component("examdrop", self.handle_discard)
        bot.on_component("examsee", self.handle_mistake)
        bot.on_component("examout", self.handle_report)

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

    def _parse_start(self, interaction: Interaction, state: Sequence[str]) -> tuple[Course, int, int | None]:
        """Return course, number of questions and minutes of a button. Raises ``Stale``."""
        course, number, rest = self._parse_state(interaction, state)
        minutes = parse_number("".join(rest))
        if not 1 <= number <= MAX_QUESTIONS or (minutes and not MIN_MINUTES <= minutes <= MAX_MINUTES):
            raise Stale(UNREADABLE)
        return course, number, minutes or None

    def _parse_state(self, interaction: Interaction, state: Sequence[str]) -> tuple[Course, int, list[str]]:
        """Return course, number and the rest of a button's state. Raises ``Stale`` or ``NotFound``."""
        if len(state) < 2:
            raise Stale(UNREADABLE)
        course, number, *rest = state
        return self.study.course(interaction.guild_id, course), parse_number(number), rest

    async def handle_exam(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Show the preview of a new mock exam, or the open one."""
        wanted = self._parse_start(interaction, state)
        await show(interaction, mock_exam(await self.mock_exams.open(interaction.user.id, *wanted)))

    async def handle_start(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        wanted = self._parse_start(interaction, state)
        await show(interaction, mock_exam(await self.mock_exams.begin(interaction.user.id, *wanted)))

    async def handle_turn(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course, number, rest = self._parse_state(interaction, state)
        place = parse_number("".join(rest))
        await show(interaction, mock_exam(await self.mock_exams.move_to(interaction.user.id, course, number, place)))

    async def handle_answer(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        """Store an answer: the letters of a button, or the values of a select."""
        course, number, rest = self._parse_state(interaction, state)
        place, *letters = rest or [""]
        answer = (interaction.user.id, course, number, parse_number(place), "".join(values or letters))
        await show(interaction, mock_exam(await self.mock_exams.answer(*answer)))

    async def handle_finish(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course, number, rest = self._parse_state(interaction, state)
        ended = await self.mock_exams.finish(interaction.user.id, course, number, confirmed=rest == [CONFIRMED])
        await show(interaction, mock_exam(ended))

    async def handle_discard(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course, number, rest = self._parse_state(interaction, state)
        dropped = await self.mock_exams.discard(interaction.user.id, course, number, confirmed=rest == [CONFIRMED])
        await show(interaction, mock_exam(dropped))

    async def handle_mistake(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course, number, rest = self._parse_state(interaction, state)
        place = parse_number("".join(rest))
        await show(interaction, mock_exam(await self.mock_exams.mistake(interaction.user.id, course, number, place)))

    async def handle_report(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course, number, _rest = self._parse_state(interaction, state)
        await show(interaction, mock_exam(await self.mock_exams.report(interaction.user.id, course, number)))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(ExamCog(bot))
