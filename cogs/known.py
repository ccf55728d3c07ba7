"""Mark paths and modules as known."""

from collections.abc import Sequence

from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, show
from bot.errors import Stale
from bot.views import known as views
from bot.views.buttons import UNREADABLE, parse_number, require_parts


class KnownCog(commands.Cog):
    """What the member already knows."""

    def __init__(self, bot: StudyBot) -> None:
        self.catalogue = bot.study.catalogue
        self.known = bot.study.known
        bot.on_component("know", self.handle_know)
        bot.on_component("unknow", self.handle_unknow)
        bot.on_component("knowundo", self.handle_undo)
        bot.on_component("knowreview", self.handle_review)

    async def handle_know(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        _course, node = self.catalogue.by_key("".join(state))
        await show(interaction, views.marked(await self.known.mark(interaction.user.id, node)))

    async def handle_unknow(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        _course, node = self.catalogue.by_key("".join(state))
        await show(interaction, views.unmarked(await self.known.unmark(interaction.user.id, node)))

    async def handle_undo(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        key, change = require_parts(state, 2)
        _course, node = self.catalogue.by_key(key)
        done = await self.known.undo(interaction.user.id, node, parse_number(change))
        restored = done.after.share(node).known > done.before.share(node).known
        await show(interaction, views.marked(done) if restored else views.unmarked(done))

    async def handle_review(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Let reviews ask about what is known below a node, or not."""
        key, reviewed = require_parts(state, 2)
        if reviewed not in ("0", "1"):
            raise Stale(UNREADABLE)
        _course, node = self.catalogue.by_key(key)
        changed = await self.known.set_reviewed(interaction.user.id, node, reviewed=reviewed == "1")
        await show(interaction, views.marked(changed))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(KnownCog(bot))
