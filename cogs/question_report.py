"""Report a question: a button below an answer, and a form."""

from collections.abc import Sequence

from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.operator_channel import post_report
from bot.client.responses import Interaction, ask, show, show_new
from bot.core.course.course import Course
from bot.core.questions.question_report import Reason
from bot.errors import Stale
from bot.views import question_report as views
from bot.views.buttons import UNREADABLE, require_parts
from bot.views.forms import submitted, text_of


class QuestionReportCog(commands.Cog):
    """The member's reports of questions."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.study = bot.study
        self.reports = bot.study.question_reports
        bot.on_component("report", self.handle_report)
        bot.on_form("report", self.handle_form)
        bot.on_component("reportundo", self.handle_undo)

    async def handle_report(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course, question, shown = self._parse_state(interaction, state)
        found = await self.reports.check(interaction.user.id, course, question, shown)
        await ask(interaction, views.report_form(course.id, found))

    async def handle_form(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        course, question, shown = self._parse_state(interaction, state)
        fields = submitted(values)
        try:
            reason = Reason(text_of(fields, views.REASON))
        except ValueError:
            raise Stale(UNREADABLE) from None
        comment = text_of(fields, views.COMMENT)
        report = await self.reports.submit(interaction.user.id, course, question, shown, reason, comment)
        await show_new(interaction, views.submitted(report))
        await post_report(self.bot, report)

    async def handle_undo(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course, question = require_parts(state, 2)
        await self.reports.undo(interaction.user.id, self.study.course(interaction.guild_id, course), question)
        await show(interaction, views.undone())

    def _parse_state(self, interaction: Interaction, state: Sequence[str]) -> tuple[Course, str, str]:
        """Return the course, the question's ID and the fingerprint that was shown. Raises ``Stale``."""
        course, question, shown = require_parts(state, 3)
        return self.study.course(interaction.guild_id, course), question, shown


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(QuestionReportCog(bot))
