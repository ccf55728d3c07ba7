"""``/mock-exam``: a mock exam weighted like the real one, its questions, its overview and its report."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, asker, show
from bot.core.questions.mock_exam import MAX_MINUTES, MAX_QUESTIONS, MIN_MINUTES, MIN_QUESTIONS, UNREADABLE
from bot.errors import Stale
from bot.study.mock_exam_results import MockExamResult, Screen
from bot.views.buttons import parse_number, require_parts
from bot.views.mock_exam import mock_exam
from bot.views.question_controls import part_of, read_letters
from cogs import options
from cogs.mock_exam_press import Press, parse_press, parse_start

Step = Callable[[Press], Awaitable[MockExamResult]]


class MockExamCog(commands.Cog):
    """The member's own mock exam, visible to nobody else."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.mock_exams = bot.study.mock_exams
        bot.on_component("mockexam", self.handle_open)
        bot.on_component("mockexamstart", self.handle_start)
        exams = self.mock_exams
        steps: dict[str, Step] = {
            "mockexamgo": lambda press: exams.move_to(*press.key, press.place),
            "mockexampick": self.answer,
            "mockexamflag": self.flag,
            "mockexamshow": self.show,
            "mockexamend": lambda press: exams.finish(*press.key, confirmed=press.confirmed),
            "mockexamdrop": lambda press: exams.discard(*press.key, confirmed=press.confirmed),
            "mockexammistake": lambda press: exams.mistake(*press.key, press.place),
            "mockexamreport": lambda press: exams.report(*press.key),
        }
        for verb, step in steps.items():
            bot.on_component(verb, partial(self.handle_step, step))

    @app_commands.command(name="mock-exam", description="Start or continue a practice exam weighted like the real one")
    @app_commands.describe(
        count=f"Number of questions, {MIN_QUESTIONS} to {MAX_QUESTIONS} (default 20)",
        minutes="Time limit in minutes (default: none)",
        course="Course (default: this server's course)",
    )
    @app_commands.autocomplete(minutes=options.exam_minutes)
    @app_commands.autocomplete(course=options.course)
    async def mock_exam(
        self,
        interaction: Interaction,
        count: app_commands.Range[int, MIN_QUESTIONS, MAX_QUESTIONS] | None = None,
        minutes: app_commands.Range[int, MIN_MINUTES, MAX_MINUTES] | None = None,
        course: options.Text | None = None,
    ) -> None:
        found = await self.study.course_for(asker(interaction), course)
        await show(interaction, mock_exam(await self.mock_exams.open(interaction.user.id, found, count, minutes)))

    async def handle_open(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Show the open mock exam, or the preview of a new one."""
        if len(state) > 1:
            found = self.mock_exams.open(interaction.user.id, *parse_start(self.study, interaction, state))
        else:
            course = await self.study.course_for(asker(interaction), "".join(state) or None)
            found = self.mock_exams.open(interaction.user.id, course)
        await show(interaction, mock_exam(await found))

    async def handle_start(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        wanted = parse_start(self.study, interaction, state)
        await show(interaction, mock_exam(await self.mock_exams.begin(interaction.user.id, *wanted)))

    async def handle_step(
        self, step: Step, interaction: Interaction, state: Sequence[str], values: Sequence[str]
    ) -> None:
        await show(interaction, mock_exam(await step(parse_press(self.study, interaction, state, values))))

    def answer(self, press: Press) -> Awaitable[MockExamResult]:
        """Store an answer, or the choice of a part."""
        place, *rest = press.rest or [""]
        letters, _ = read_letters(rest, press.values)
        return self.mock_exams.answer(*press.key, parse_number(place), letters, part_of(rest))

    def flag(self, press: Press) -> Awaitable[MockExamResult]:
        place, flagged = map(parse_number, require_parts(press.rest, 2))
        return self.mock_exams.flag(*press.key, place, flagged=flagged > 0)

    def show(self, press: Press) -> Awaitable[MockExamResult]:
        """Show another screen than the question: the overview (with its page), or the one on leaving."""
        screen, *page = press.rest or [""]
        if screen not in (Screen.OVERVIEW, Screen.LEFT):
            raise Stale(UNREADABLE)
        return self.mock_exams.show(*press.key, Screen(screen), parse_number(page[0]) if page else None)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(MockExamCog(bot))
