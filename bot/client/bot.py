"""``StudyBot``: the Discord client, its command tree, and the one ``report()`` for everything that goes wrong."""

import asyncio
import itertools
import json
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.command_sync import sync_commands
from bot.client.messenger import DiscordMessenger
from bot.client.quiz_runner import Quizmaster
from bot.client.responses import UNREACHABLE, VISIT, Interaction, report
from bot.client.tree import StudyTree
from bot.errors import StudyError
from bot.operation import logs
from bot.operation.metrics import Kind, Metrics, Visit
from bot.store import Store
from bot.study import Study
from bot.views.buttons import Pick, Press, is_form, parse

log = logging.getLogger("waymark")

COGS = (
    "cogs.course",
    "cogs.complete",
    "cogs.next",
    "cogs.progress",
    "cogs.profile",
    "cogs.plan",
    "cogs.readiness",
    "cogs.review",
    "cogs.mock_exam",
    "cogs.quiz",
    "cogs.quiz_lifecycle",
    "cogs.privacy",
    "cogs.setup",
    "cogs.digest",
    "cogs.deliveries",
    "cogs.servers",
    "cogs.remind",
    "cogs.retention",
    "cogs.help",
)
GRACE_SECONDS = 5.0
"""How long a command under way may take to finish when the bot is asked to stop."""

Handler = Callable[[Interaction, Sequence[str], Sequence[str]], Awaitable[None]]


class StudyBot(commands.AutoShardedBot):
    """Waymark on Discord. Cogs parse and show; ``study`` knows; state that must last is in the store."""

    def __init__(
        self,
        study: Study,
        store: Store,
        *,
        metrics: Metrics | None = None,
        shard_count: int | None = None,
        shard_ids: Sequence[int] = (),
    ) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=StudyTree,
            intents=discord.Intents(guilds=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            shard_count=shard_count,
            shard_ids=list(shard_ids) or None,  # type: ignore[arg-type]  # None is the library's own default
            max_ratelimit_timeout=60.0,
        )
        self.study = study
        self.store = store
        self.metrics = metrics or Metrics()
        self.metrics.watch(self)
        self.messenger = DiscordMessenger(self)
        self.quizmaster = Quizmaster(self, study, self.under_way)
        self.command_ids: dict[str, int] = {}
        self._press_handlers: dict[tuple[bool, str], Handler] = {}
        self._syncing: asyncio.Task[None] | None = None
        self._busy = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Press, Pick)
        for cog in COGS:
            if cog not in self.extensions:  # a login that failed half-way is tried again
                await self.load_extension(cog)
        if not await self._synced():
            self._syncing = asyncio.create_task(self._sync_later())

    async def _synced(self) -> bool:
        """Register the commands with Discord where they differ. False if it didn't work: they are as they were."""
        try:
            self.command_ids = await sync_commands(self.tree)
        except discord.HTTPException as error:
            if error.status < 500 and error.status != 429:
                log.error("Discord refuses the commands, so the old ones stay: %s", error)  # noqa: TRY400
            else:
                log.warning("commands could not be synced: %s", error)
        except UNREACHABLE as error:
            log.warning("commands could not be synced: %s", error)
        else:
            return True
        return False

    async def _sync_later(self) -> None:
        """Try again with growing pauses. Commands that Discord knows from before work meanwhile."""
        for number in itertools.count():
            await asyncio.sleep(min(15.0 * 2**number, 900.0))
            if await self._synced():
                return

    def connected(self) -> bool:
        """Whether every shard of this process has its connection."""
        return self.is_ready() and not any(shard.is_closed() for shard in self.shards.values())

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Around what should be finished before the bot stops."""
        self._busy += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._busy -= 1
            if not self._busy:
                self._idle.set()

    @contextmanager
    def visit(self, interaction: Interaction, kind: Kind) -> Iterator[Visit]:
        """Around all that is done for an interaction: it is counted, and its lines in the log have one reference."""

        def personal() -> list[str]:
            who, where = interaction.user, interaction.guild
            names = (who.name, who.global_name, who.display_name, where.name if where else None)
            return logs.personal(interaction.data, *names)

        delivery = (self.study.now() - interaction.created_at).total_seconds()
        with self.under_way(), logs.following(personal), self.metrics.visit(kind, delivery) as visit:
            interaction.extras[VISIT] = visit
            yield visit

    async def record_use(self, interaction: Interaction) -> None:
        """Record that a member used the bot. They have their answer already: failures are logged only."""
        try:
            await self.study.retention.record_use(interaction.user.id)
        except StudyError as error:
            log.info("a use could not be recorded: %s", error)

    def on_press(self, verb: str, handler: Handler) -> None:
        """Let ``handler`` act on the buttons and selects of ``verb``."""
        self._press_handlers[False, verb] = handler

    def on_form(self, verb: str, handler: Handler) -> None:
        """Let ``handler`` act on the forms of ``verb``; its one value is what was sent in, as JSON."""
        self._press_handlers[True, verb] = handler

    async def pressed(self, interaction: Interaction, kind: str, custom_id: str, values: Sequence[str]) -> None:
        """Act on a button, select or form, and answer whatever happens."""
        with self.visit(interaction, "form" if kind == "f" else "press") as visit:
            try:
                verb, state = parse(kind, custom_id)
                handler = self._press_handlers.get((kind == "f", verb))
                if handler is None:
                    raise StudyError("This button has no use any more. Run `/help` to see what there is.")
                visit.name = verb
                await handler(interaction, state, values)
            except Exception as error:
                # The library drops what a DynamicItem raises: here is the last place to answer.
                await report(interaction, error)
            await self.record_use(interaction)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Forms come in here, whether or not they were opened before a restart."""
        if interaction.type is discord.InteractionType.modal_submit:
            data = cast(dict[str, Any], interaction.data or {})
            if is_form(custom_id := str(data.get("custom_id", ""))):
                await self.pressed(interaction, "f", custom_id, [json.dumps(data.get("components", []))])

    async def on_shard_connect(self, shard: int) -> None:
        self.metrics.connected(shard)

    async def on_shard_resumed(self, _: int) -> None:
        self.metrics.resumed()

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        log.exception("in event %s", event_method)

    async def close(self) -> None:
        """Let commands under way finish, for five seconds at most, then leave."""
        if not self.is_closed():
            if self._syncing:
                self._syncing.cancel()
            try:
                await asyncio.wait_for(self._idle.wait(), GRACE_SECONDS)
            except TimeoutError:
                log.warning("stopping with %d commands unfinished", self._busy)
        await super().close()
