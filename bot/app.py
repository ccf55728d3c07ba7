"""``StudyBot``: the Discord client, its command tree, and the one ``report()`` for everything that goes wrong."""

import asyncio
import hashlib
import itertools
import json
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

import aiohttp
import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.desk import DiscordDesk
from bot.errors import StudyError
from bot.store import Store
from bot.study import Asker, Study
from bot.views import layout
from bot.views.press import Pick, Press, is_form, parse

log = logging.getLogger("waymark")

COGS = (
    "cogs.course",
    "cogs.ticks",
    "cogs.progress",
    "cogs.plan",
    "cogs.privacy",
    "cogs.setup",
    "cogs.digest",
    "cogs.clock",
    "cogs.help",
)
GRACE_SECONDS = 5.0
"""How long a command under way may take to finish when the bot is asked to stop."""
UNREACHABLE = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError)
UNKNOWN_INTERACTION = 10062

Interaction = discord.Interaction[Any]
Handler = Callable[[Interaction, Sequence[str], Sequence[str]], Awaitable[None]]


class StudyTree(app_commands.CommandTree["StudyBot"]):
    """The tree: its errors go to ``report``, and it knows how many commands are under way."""

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        await report(interaction, error)

    async def _call(self, interaction: Interaction) -> None:
        async with self.client.under_way():
            await super()._call(interaction)


class StudyBot(commands.AutoShardedBot):
    """Waymark on Discord. Cogs parse and show; ``study`` knows; state that must last is in the store."""

    def __init__(self, study: Study, store: Store, *, shard_count: int | None = None) -> None:
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
            max_ratelimit_timeout=60.0,
        )
        self.study = study
        self.store = store
        self.desk = DiscordDesk(self)
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
        try:
            await self.sync_commands()
        except UNREACHABLE as error:
            log.warning("commands could not be synced: %s", error)
            self._syncing = asyncio.create_task(self._sync_later())

    async def _sync_later(self) -> None:
        """Try again with growing pauses: commands that Discord knows from before work meanwhile."""
        for number in itertools.count():
            await asyncio.sleep(min(15.0 * 2**number, 900.0))
            try:
                await self.sync_commands()
            except UNREACHABLE as error:
                log.warning("commands could not be synced: %s", error)
            else:
                return

    def under_way(self) -> "_UnderWay":
        """``async with`` around what should be finished before the bot stops."""
        return _UnderWay(self)

    def on_press(self, verb: str, handler: Handler) -> None:
        """Let ``handler`` act on the buttons and selects of ``verb``."""
        self._press_handlers[False, verb] = handler

    def on_form(self, verb: str, handler: Handler) -> None:
        """Let ``handler`` act on the forms of ``verb``; its one value is what was sent in, as JSON."""
        self._press_handlers[True, verb] = handler

    async def pressed(self, interaction: Interaction, kind: str, custom_id: str, values: Sequence[str]) -> None:
        """Act on a button, select or form, and answer whatever happens."""
        async with self.under_way():
            try:
                verb, state = parse(kind, custom_id)
                handler = self._press_handlers.get((kind == "f", verb))
                if handler is None:
                    raise StudyError("This button has no use any more. Run `/help` to see what there is.")
                await handler(interaction, state, values)
            except Exception as error:
                # The library drops what a DynamicItem raises: here is the last place to answer.
                await report(interaction, error)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Forms come in here, whether or not they were opened before a restart."""
        if interaction.type is discord.InteractionType.modal_submit:
            data = cast(dict[str, Any], interaction.data or {})
            if is_form(custom_id := str(data.get("custom_id", ""))):
                await self.pressed(interaction, "f", custom_id, [json.dumps(data.get("components", []))])

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        log.exception("in event %s", event_method)

    async def sync_commands(self) -> None:
        """Tell Discord about the commands if what they say has changed since the last time."""
        said = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        digest = hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()
        name = f"commands of {self.application_id}"
        known = json.loads(await self.store.setting(name) or "{}")
        if known.get("digest") != digest:
            synced = await self.tree.sync()
            known = {"digest": digest, "ids": {command.name: command.id for command in synced}}
            await self.store.set_setting(name, json.dumps(known))
            log.info("commands synced: %d", len(synced))
        self.command_ids = known["ids"]

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

    def enter(self) -> None:
        self._busy += 1
        self._idle.clear()

    def leave(self) -> None:
        self._busy -= 1
        if not self._busy:
            self._idle.set()


class _UnderWay:
    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def __aenter__(self) -> None:
        self._bot.enter()

    async def __aexit__(self, *_: object) -> None:
        self._bot.leave()


def asker(interaction: Interaction) -> Asker:
    """Who is asking, and where."""
    return Asker(interaction.user.id, interaction.guild_id, interaction.user.display_name)


async def show(interaction: Interaction, view: ui.LayoutView, file: discord.File | None = None) -> None:
    """Answer privately: in place where a private message of ours was pressed, else as a new message."""
    message = interaction.message
    if interaction.response.is_done():
        await interaction.followup.send(view=view, file=file or discord.utils.MISSING, ephemeral=True)
    elif message is not None and message.flags.ephemeral and file is None:
        await interaction.response.edit_message(view=view)
    elif file is not None:
        await interaction.response.send_message(view=view, file=file, ephemeral=True)
    else:
        await interaction.response.send_message(view=view, ephemeral=True)


async def publish(interaction: Interaction, view: ui.LayoutView) -> bool:
    """Show something to the whole channel after the private answer. Returns whether Discord took it."""
    try:
        await interaction.followup.send(view=view, ephemeral=False)
    except UNREACHABLE as error:
        log.info("a public line was not posted: %s", error)
        return False
    return True


async def report(interaction: Interaction, error: BaseException) -> None:
    """Tell the member what went wrong: the refusal in its words, anything else with a reference that is in the log."""
    if isinstance(error, app_commands.CommandInvokeError | app_commands.TransformerError) and error.__cause__:
        error = error.__cause__
    if isinstance(error, discord.NotFound) and error.code == UNKNOWN_INTERACTION:
        log.info("an answer came too late for Discord")
        return
    if isinstance(error, StudyError):
        text = str(error)
    elif isinstance(error, app_commands.TransformerError):
        text = (
            f"“{layout.shortened(str(error.value), 60)}” doesn't fit here. Choose one of the values that are offered."
        )
    elif isinstance(error, app_commands.MissingPermissions):
        text = "This is for people with the permission Manage Server. Ask one of them."
    elif isinstance(error, app_commands.NoPrivateMessage):
        text = "This works only in a server."
    elif isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        text = "This command has just changed. Reload Discord (Ctrl+R, or close the app), then try again."
    else:
        reference = secrets.token_hex(4)
        log.error("reference %s", reference, exc_info=error)
        text = f"Something went wrong on my side. If it happens again, tell the operator this reference: `{reference}`."
    try:
        if interaction.response.is_done():
            await interaction.followup.send(view=layout.notice(text), ephemeral=True)
        else:
            await interaction.response.send_message(view=layout.notice(text), ephemeral=True)
    except discord.HTTPException as failed:
        log.info("a refusal could not be shown: %s", failed)
