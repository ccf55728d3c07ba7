"""``StudyBot``: the Discord client."""

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
from bot.client.emoji_sync import EmojiSync
from bot.client.messenger import DiscordMessenger
from bot.client.pictures import Pictures
from bot.client.quiz_runner import QuizRunner
from bot.client.responses import METRICS_KEY, UNREACHABLE, Interaction, report, server_of
from bot.client.tree import StudyTree
from bot.client.uploads import Uploads
from bot.errors import StudyError
from bot.operation import logs
from bot.operation.metrics import InteractionMetrics, Kind, Metrics
from bot.operation.upload_check import UploadCheck
from bot.store import Store
from bot.study import Study
from bot.views.buttons import PersistentButton, PersistentSelect, is_form, parse
from bot.views.emojis import Emoji
from bot.views.references import References

log = logging.getLogger("waymark")

COGS = (
    "cogs.start",
    "cogs.course",
    "cogs.complete",
    "cogs.undo",
    "cogs.completion_form",
    "cogs.next_modules",
    "cogs.next",
    "cogs.known",
    "cogs.notes",
    "cogs.progress",
    "cogs.announcement",
    "cogs.zone",
    "cogs.plan",
    "cogs.plan_calendar",
    "cogs.days_off",
    "cogs.readiness",
    "cogs.review",
    "cogs.drill",
    "cogs.review_settings",
    "cogs.mock_exam",
    "cogs.quiz",
    "cogs.quiz_lifecycle",
    "cogs.question_report",
    "cogs.privacy",
    "cogs.setup",
    "cogs.setup_digest",
    "cogs.setup_choices",
    "cogs.setup_daily_question",
    "cogs.study_panel",
    "cogs.server_courses",
    "cogs.course_upload",
    "cogs.course_copies",
    "cogs.digest",
    "cogs.daily_question",
    "cogs.deliveries",
    "cogs.servers",
    "cogs.remind",
    "cogs.reminder_messages",
    "cogs.retention",
    "cogs.outcome",
    "cogs.help",
)
GRACE_SECONDS = 5.0
"""Time for commands in progress to finish when the bot is stopped."""

Handler = Callable[[Interaction, Sequence[str], Sequence[str]], Awaitable[None]]


class StudyBot(commands.AutoShardedBot):
    """The Discord client. Keeps no state that has to survive a restart."""

    def __init__(
        self,
        study: Study,
        store: Store,
        *,
        metrics: Metrics | None = None,
        shard_count: int | None = None,
        shard_ids: Sequence[int] = (),
        emojis: Sequence[Emoji] = (),
        report_channel: int | None = None,
    ) -> None:
        """``emojis`` are uploaded to Discord if they are missing there; without them, texts show characters.

        Reports of questions are posted in ``report_channel``.
        """
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=StudyTree,
            intents=discord.Intents(guilds=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            shard_count=shard_count,
            shard_ids=list(shard_ids) or None,  # type: ignore[arg-type]  # None is discord.py's default
            max_ratelimit_timeout=60.0,
        )
        self.study = study
        self.store = store
        self.metrics = metrics or Metrics()
        self.metrics.watch(self)
        self.report_channel = report_channel
        self.references = References()
        self.messenger = DiscordMessenger(self, self.references)
        self.pictures = Pictures()
        self.uploads = Uploads(UploadCheck())
        self.quiz_runner = QuizRunner(
            self, study, self.in_progress, self.references, self.pictures, self.messenger.names
        )
        self._component_handlers: dict[tuple[bool, str], Handler] = {}
        self.emoji_sync = EmojiSync(self, self.references, emojis) if emojis else None
        self._emojis: asyncio.Task[None] | None = None
        self._syncing: asyncio.Task[None] | None = None
        self._busy = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def setup_hook(self) -> None:
        self.add_dynamic_items(PersistentButton, PersistentSelect)
        for cog in COGS:
            if cog not in self.extensions:  # setup_hook runs again after a failed login
                await self.load_extension(cog)
        if not await self._synced():
            self._syncing = asyncio.create_task(self._sync_later())
        if self.emoji_sync and self._emojis is None:
            self._emojis = asyncio.create_task(self.emoji_sync.run())

    async def _synced(self) -> bool:
        """Sync the commands with Discord. Return whether it worked; if not, the registered commands stay as
        they are.
        """
        try:
            self.references.commands = await sync_commands(self.tree)
        except discord.HTTPException as error:
            if error.status < 500 and error.status != 429:
                log.error("Discord rejected the commands, so the old ones stay: %s", error)  # noqa: TRY400
            else:
                log.warning("commands could not be synced: %s", error)
        except UNREACHABLE as error:
            log.warning("commands could not be synced: %s", error)
        else:
            return True
        return False

    async def _sync_later(self) -> None:
        """Retry with increasing delays. Commands that are already registered work in the meantime."""
        for number in itertools.count():
            await asyncio.sleep(min(15.0 * 2**number, 900.0))
            if await self._synced():
                return

    def connected(self) -> bool:
        """Return whether every shard of this process is connected."""
        return self.is_ready() and not any(shard.is_closed() for shard in self.shards.values())

    @contextmanager
    def in_progress(self) -> Iterator[None]:
        """Delay the shutdown until the block has finished."""
        self._busy += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._busy -= 1
            if not self._busy:
                self._idle.set()

    @contextmanager
    def track(self, interaction: Interaction, kind: Kind) -> Iterator[InteractionMetrics]:
        """Count and time an interaction, and give its log lines a common reference."""

        def personal() -> list[str]:
            user, guild = interaction.user, interaction.guild
            names = (user.name, user.global_name, user.display_name, guild.name if guild else None)
            return logs.personal(interaction.data, *names)

        delivery = (self.study.now() - interaction.created_at).total_seconds()
        with self.in_progress(), logs.log_context(personal), self.metrics.track(kind, delivery) as metrics:
            interaction.extras[METRICS_KEY] = metrics
            yield metrics

    async def record_use(self, interaction: Interaction) -> None:
        """Record that a member used the bot. They have their answer already: failures are logged only."""
        try:
            await self.study.retention.record_use(interaction.user.id)
        except StudyError as error:
            log.info("a use could not be recorded: %s", error)

    def on_component(self, verb: str, handler: Handler) -> None:
        """Register the handler of buttons and selects with this verb."""
        self._component_handlers[False, verb] = handler

    def on_form(self, verb: str, handler: Handler) -> None:
        """Register the handler of forms with this verb. Its one value is the submitted form as JSON."""
        self._component_handlers[True, verb] = handler

    async def handle_component(
        self, interaction: Interaction, kind: str, custom_id: str, values: Sequence[str]
    ) -> None:
        """Handle a button, select or form, and report errors to the member."""
        with self.track(interaction, "form" if kind == "f" else "press") as metrics:
            try:
                verb, state = parse(kind, custom_id)
                handler = self._component_handlers.get((kind == "f", verb))
                if handler is None:
                    raise StudyError("This button no longer works. Run the command again.")
                metrics.name = verb
                # What only the learner sees may be about a course of another server, but not what they set up here.
                private = interaction.message is not None and interaction.message.flags.ephemeral
                own = private and not verb.startswith("setup")
                with await self.study.scope.enter(server_of(interaction), interaction.user.id, own=own):
                    await handler(interaction, state, values)
            except Exception as error:
                # discord.py only logs exceptions of a DynamicItem's callback, so report them here.
                await report(interaction, error)
            await self.record_use(interaction)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Handle submitted forms, including those that were opened before a restart."""
        if interaction.type is discord.InteractionType.modal_submit:
            data = cast(dict[str, Any], interaction.data or {})
            if is_form(custom_id := str(data.get("custom_id", ""))):
                await self.handle_component(interaction, "f", custom_id, [json.dumps(data.get("components", []))])

    async def on_shard_connect(self, shard: int) -> None:
        self.metrics.connected(shard)

    async def on_shard_resumed(self, _: int) -> None:
        self.metrics.resumed()

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        log.exception("in event %s", event_method)

    async def close(self) -> None:
        """Wait up to ``GRACE_SECONDS`` for commands in progress, then disconnect."""
        if not self.is_closed():
            for task in (self._syncing, self._emojis):
                if task:
                    task.cancel()
            try:
                await asyncio.wait_for(self._idle.wait(), GRACE_SECONDS)
            except TimeoutError:
                log.warning("stopping with %d commands in progress", self._busy)
        await super().close()
