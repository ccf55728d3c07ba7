"""``/review``: a round of due questions, and statistics."""

from collections.abc import Sequence

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, asker, show, show_below
from bot.core.course.course import Course
from bot.core.questions.review import NEW_PER_DAY
from bot.errors import Stale
from bot.study.review_results import ReviewResult
from bot.study.reviews import MAX_COUNT, UNREADABLE
from bot.views import review as views
from bot.views.buttons import parse_number
from bot.views.question_controls import read_letters
from bot.views.question_report import resolved
from cogs import options


class ReviewCog(commands.Cog):
    """The member's own review, visible to nobody else."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.reviews = bot.study.reviews
        bot.on_component("review", self.handle_review)
        bot.on_component("reviewpick", self.handle_answer)
        bot.on_component("rate", self.handle_rate)
        bot.on_component("reviewundo", self.handle_undo)
        bot.on_component("reviewmore", self.handle_more)
        bot.on_component("reviewpath", self.handle_path)
        bot.on_component("reviewstats", self.handle_stats)

    @app_commands.command(description="Answer a few questions about what you've completed")
    @app_commands.describe(
        count=f"Number of questions, 1 to {MAX_COUNT} (default 10)", course="Course (default: this server's course)"
    )
    @app_commands.autocomplete(course=options.course)
    async def review(
        self,
        interaction: Interaction,
        count: app_commands.Range[int, 1, MAX_COUNT] | None = None,
        course: options.Text | None = None,
    ) -> None:
        found = await self.study.course_for(asker(interaction), course)
        await self._begin(interaction, await self.reviews.begin(interaction.user.id, found, count=count))

    async def handle_review(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Start a round, or continue the open one."""
        course = await self.study.course_for(asker(interaction), "".join(state) or None)
        await self._begin(interaction, await self.reviews.begin(interaction.user.id, course))

    async def _begin(self, interaction: Interaction, result: ReviewResult) -> None:
        """Show the first question, and below it how the learner's reports were resolved."""
        await show(interaction, views.review(result))
        if told := await self.study.question_reports.tell(interaction.user.id):
            await show_below(interaction, resolved(told))

    async def handle_answer(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        """Store an answer, or show the choice of a part."""
        course, (seed, shown, *rest) = self._parse_state(interaction, state, 3)
        letters, submitted = read_letters(rest, values)
        answer = self.reviews.answer(
            interaction.user.id, course, parse_number(seed), letters, shown, submitted=submitted
        )
        await show(interaction, views.review(await answer))

    async def handle_rate(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Store a rating, or that the answer was a guess."""
        course, (seed, rating, *guess) = self._parse_state(interaction, state, 3)
        key = (interaction.user.id, course, parse_number(seed), parse_number(rating))
        await show(interaction, views.review(await self.reviews.rate(*key, guessed=guess == ["guess"])))

    async def handle_undo(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course, (seed, *_rest) = self._parse_state(interaction, state, 2)
        await show(interaction, views.review(await self.reviews.undo(interaction.user.id, course, parse_number(seed))))

    async def handle_more(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course, (what, *_rest) = self._parse_state(interaction, state, 2)
        extra = NEW_PER_DAY if what == "new" else 0
        more = self.reviews.more(
            interaction.user.id, course, extra=extra, beyond=what == "ahead", again=what == "again"
        )
        await show(interaction, views.review(await more))

    async def handle_path(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        """Start a round on the chosen learning path, or on all of them."""
        course, route = await self.study.course_for(asker(interaction), "".join(state) or None), "".join(values)
        if route == views.ALL_PATHS:
            result = await self.reviews.begin(interaction.user.id, course)
        elif route in course.nodes:
            result = await self.reviews.begin(interaction.user.id, course, route=route)
        else:
            raise Stale(UNREADABLE)
        await show(interaction, views.review(result))

    async def handle_stats(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course = await self.study.course_for(asker(interaction), "".join(state) or None)
        found = await self.reviews.stats(interaction.user.id, course)
        await show(interaction, views.stats(found, self.study.now()))

    def _parse_state(
        self, interaction: Interaction, state: Sequence[str], minimum: int
    ) -> tuple[Course, Sequence[str]]:
        """Return the course of a button and the rest of its state. Raises ``Stale`` for fewer than ``minimum``
        parts.
        """
        if len(state) < minimum:
            raise Stale(UNREADABLE)
        return self.study.course(interaction.guild_id, state[0]), state[1:]


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(ReviewCog(bot))
