"""Deletes the data of members who stopped using the bot, if the operator limits how long it is kept."""

from collections.abc import Sequence

from bot.client.bot import StudyBot, log
from bot.client.repeating import RepeatingCog
from bot.client.responses import Interaction, show
from bot.views import retention as views


class RetentionCog(RepeatingCog):
    """The hourly deletion, and the button of the warning. The warnings themselves are deliveries."""

    def __init__(self, bot: StudyBot) -> None:
        super().__init__(bot)
        self.retention = bot.study.retention
        bot.on_component("keepdata", self.handle_keep_data)

    async def work(self) -> None:
        """Delete what is due."""
        if deleted := await self.retention.sweep():
            log.info("data of %d members deleted: no command for %d months", deleted, self.retention.months)

    async def handle_keep_data(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        """Keep the data. The client records each use, this one included; here it must be stored before the answer."""
        await self.retention.record_use(interaction.user.id)
        await show(interaction, views.kept())


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(RetentionCog(bot))
