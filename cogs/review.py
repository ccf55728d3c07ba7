"""``/review``: a round of due questions, and statistics."""

from collections.abc import Sequence

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, show
from bot.core.course.course import Course
from bot.core.questions.review import NEW_PER_DAY
from bot.errors import Stale
from bot.views import review as views
from bot.views.buttons import parse_number
from cogs import options

UNREADABLE = "This button can't be read. `/review` shows where you are."


class ReviewCog(commands.Cog):
    """The member's own cards, visible to nobody else."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.reviews = bot.study.reviews
        bot.on_component("review", self.handle_answer)
        bot.on_component("rate", self.handle_rate)
        bot.on_component("reviewundo", self.handle_undo)
        bot.on_component("reviewmore", self.handle_more)
        bot.on_component("reviewgo", self.handle_go)
        bot.on_component("reviewstats", self.handle_stats)

    @app_commands.command(description="A few questions on what you have learned, each again before you forget it")
    @app_commands.describe(
        count="So many cards, 1 to 50; without it, 10",
        path="Only on this learning path: its id, title or full id",
        new="Also new questions of modules that you haven't ticked",
        what="Your cards, or how your review goes by numbers",
        course="The course; without it, this server's",
    )
    @app_commands.rename(what="show")
    @app_commands.choices(
        what=[
            app_commands.Choice(name="My cards", value="cards"),
            app_commands.Choice(name="Stats", value="stats"),
        ]
    )
    @app_commands.autocomplete(path=options.path, course=options.course)
    async def review(
        self,
        interaction: Interaction,
        count: app_commands.Range[int, 1, 50] | None = None,
        path: options.Text | None = None,
        new: bool | None = None,
        what: str = "cards",
        course: options.Text | None = None,
    ) -> None:
        found = self.study.course(interaction.guild_id, course)
        if what == "stats":
            await self._stats(interaction, found)
            return
        route = self.study.catalogue.node(found, path).route if path else None
        result = await self.reviews.begin(interaction.user.id, found, count=count, route=route, beyond=new)
        await show(interaction, views.review(result))

    async def handle_answer(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        """Store an answer: letters in the state of a button, or the values of a select."""
        course, (seed, fingerprint, *letters) = self._parse_state(interaction, state, 3 if values else 4)
        answer = "".join(values or letters)
        result = await self.reviews.answer(interaction.user.id, course, parse_number(seed), answer, fingerprint)
        await show(interaction, views.review(result))

    async def handle_rate(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course, (seed, rating, *_rest) = self._parse_state(interaction, state, 3)
        result = await self.reviews.rate(interaction.user.id, course, parse_number(seed), parse_number(rating))
        await show(interaction, views.review(result))

    async def handle_undo(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course, (seed, *_rest) = self._parse_state(interaction, state, 2)
        await show(interaction, views.review(await self.reviews.undo(interaction.user.id, course, parse_number(seed))))

    async def handle_more(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course, (what, *_rest) = self._parse_state(interaction, state, 2)
        extra = NEW_PER_DAY if what == "new" else 0
        result = await self.reviews.more(interaction.user.id, course, extra=extra, beyond=what == "ahead")
        await show(interaction, views.review(result))

    async def handle_go(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course = self.study.course(interaction.guild_id, "".join(state))
        await show(interaction, views.review(await self.reviews.begin(interaction.user.id, course)))

    async def handle_stats(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        await self._stats(interaction, self.study.course(interaction.guild_id, "".join(state)))

    async def _stats(self, interaction: Interaction, course: Course) -> None:
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
