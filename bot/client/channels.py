"""The digest's side of Discord: what a channel allows, who is there, finding a message again, and posting."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import aiohttp
import discord

from bot.study import Cohort, Edition, Later, Refused
from bot.views import digest as views
from bot.views.pictures.digest import Painter, alt_text

log = logging.getLogger("waymark.desk")

NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
}
IMPLIED = (
    ("view_channel", {"Send Messages", "Send Messages in Threads", "Attach Files", "Read Message History"}),
    ("send_messages", {"Attach Files"}),
    ("send_messages_in_threads", {"Attach Files"}),
)
"""What Discord takes away together with a permission: nobody took it away itself, so nobody can give it back."""
SEND_SECONDS = 120.0
ROSTER_SECONDS = 5.0
LOOKED_THROUGH = 1000
"""Messages after the last attempt among which a digest's own is looked for."""
UNKNOWN_CHANNEL = 10003
ASKED_ONE_BY_ONE = 40

NOT_IN_MEMORY = "not in memory"

Place = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


class DiscordDesk:
    """What ``Digests`` needs of Discord, by the client of this process."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._painter = Painter()
        self._drawing = asyncio.Lock()

    def _guild(self, cohort: Cohort) -> discord.Guild:
        guild = self._client.get_guild(cohort.server)
        if guild is None or guild.unavailable:
            raise Later("the server is not available")
        return guild

    def _channel(self, cohort: Cohort) -> discord.abc.Messageable:
        """The channel, in memory or not: threads that sleep are not there, and wake when something is posted."""
        guild = self._guild(cohort)
        channel = guild.get_channel_or_thread(cohort.channel)
        if isinstance(channel, Place):
            return channel
        return self._client.get_partial_messageable(cohort.channel, guild_id=cohort.server)

    async def allowed(self, cohort: Cohort) -> str:
        """What the channel allows, from memory. Raises ``Refused`` for what is missing, ``Later`` in an outage."""
        guild = self._guild(cohort)
        channel = guild.get_channel_or_thread(cohort.channel)
        if not isinstance(channel, Place):
            if cohort.thread:
                return NOT_IN_MEMORY
            raise Refused("the channel was deleted", "no channel", gone=True)
        if guild.me is None:
            return "unknown"
        permissions = channel.permissions_for(guild.me)
        needed = dict(NEEDED)
        if isinstance(channel, discord.Thread):
            needed["send_messages_in_threads"] = "Send Messages in Threads"
            del needed["send_messages"]
        lacking = [title for name, title in needed.items() if not getattr(permissions, name)]
        for name, implied in IMPLIED:
            if needed.get(name) in lacking:
                lacking = [title for title in lacking if title not in implied]
        if lacking:
            raise Refused(f"I lack {_listed(lacking)} in <#{cohort.channel}>", str(permissions.value))
        return str(permissions.value)

    async def roster(self, server: int, learners: list[int]) -> dict[int, str | None]:
        """Names of those who are in the server, None for those who left; over the gateway, else one by one."""
        guild = self._client.get_guild(server)
        if guild is None:
            raise Later("the server is not available")
        found: dict[int, str | None] = {}
        try:
            for start in range(0, len(learners), 100):
                asked = learners[start : start + 100]
                async with asyncio.timeout(ROSTER_SECONDS):
                    members = await guild.query_members(user_ids=asked, limit=100, cache=False)
                found.update(dict.fromkeys(asked))
                found.update({member.id: member.display_name for member in members})
        except (discord.ClientException, aiohttp.ClientError, OSError, TimeoutError):
            await self._ask_one_by_one(guild, [learner for learner in learners if learner not in found], found)
        return found

    async def _ask_one_by_one(self, guild: discord.Guild, learners: list[int], found: dict[int, str | None]) -> None:
        for learner in learners[:ASKED_ONE_BY_ONE]:
            try:
                found[learner] = (await guild.fetch_member(learner)).display_name
            except discord.NotFound:
                found[learner] = None
            except (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError) as error:
                log.info("who is in server %s can't be told: %s", guild.id, error)
                return

    async def find(self, cohort: Cohort, mark: str, since: datetime) -> int | None:
        """The id of a message of ours with this mark, not older than ``since``."""
        channel = self._channel(cohort)
        sought = views.mark_id(mark)
        mine = self._client.user.id if self._client.user else 0
        with _spoken(cohort, await self.allowed(cohort)):
            async with asyncio.timeout(SEND_SECONDS):
                async for message in channel.history(after=since, oldest_first=True, limit=LOOKED_THROUGH):
                    if message.author.id == mine and sought in set(custom_ids(message.components)):
                        return message.id
        return None

    async def send(self, cohort: Cohort, edition: Edition, begin: Callable[[], Awaitable[bool]]) -> int | None:
        """Post a digest and return its id; None where ``begin`` says that the claim is lost."""
        channel = self._channel(cohort)
        view, file = await self.drawn(edition)
        seen = await self.allowed(cohort)
        if not await begin():
            return None
        with _spoken(cohort, seen):
            async with asyncio.timeout(SEND_SECONDS):
                message = await channel.send(view=view, file=file, nonce=edition.nonce)
        return message.id

    async def drawn(self, edition: Edition) -> tuple[discord.ui.LayoutView, discord.File]:
        """The message of a digest with its picture, drawn in a thread."""
        async with self._drawing:
            picture = await asyncio.to_thread(self._painter.draw, edition.digest, edition.names)
        alt = alt_text(edition.digest, edition.names)
        file = discord.File(BytesIO(picture), filename=views.PICTURE, description=alt[:1024])
        return views.digest(edition, alt), file

    async def lacking(self, cohort: Cohort) -> str:
        """What is missing for a digest, as a sentence with what to do; empty where nothing is."""
        try:
            if await self.allowed(cohort) == NOT_IN_MEMORY:
                return "⚠️ I can't see this channel. If it was deleted, choose another one."
        except Refused as refused:
            return f"⚠️ {refused}. Grant it in the channel's settings, or choose another channel."
        except Later:
            return "⚠️ Discord doesn't show me this server right now, so permissions can't be checked."
        return "✅ I have every permission that it needs there"

    async def tell(self, cohort: Cohort, view: Callable[[str], discord.ui.LayoutView]) -> None:
        """Tell whoever set a digest up, directly or else in the server's system channel; once, as well as it goes."""
        guild = self._client.get_guild(cohort.server)
        name = guild.name if guild else "a server"
        try:
            if cohort.set_by is not None:
                user = await self._client.fetch_user(cohort.set_by)
                await user.send(view=view(name))
                return
        except (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError) as error:
            log.info("server %s: no direct message: %s", cohort.server, error)
        channel = guild.system_channel if guild else None
        if guild is None or channel is None or not guild.me or not channel.permissions_for(guild.me).send_messages:
            return
        try:
            await channel.send(view=view(name))
        except (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError) as error:
            log.info("server %s: no message in the system channel: %s", cohort.server, error)


@contextmanager
def _spoken(cohort: Cohort, seen: str) -> Iterator[None]:
    """Turn Discord's errors into what the digest does about them. ``seen`` is what memory says is allowed."""
    try:
        with worth_another_try(f"the digest of server {cohort.server}"):
            yield
    except discord.Forbidden as error:
        raise Refused(f"Discord refuses it in <#{cohort.channel}> ({error.text or error.code})", seen) from error
    except discord.NotFound as error:
        if error.code == UNKNOWN_CHANNEL:
            raise Refused("the channel was deleted", seen, gone=True) from error
        raise Later(f"Discord answered {error.status}") from error


@contextmanager
def worth_another_try(what: str) -> Iterator[None]:
    """Turn what may pass by itself into ``Later``. ``what`` is for the log, where Discord finds a fault of ours."""
    try:
        yield
    except discord.RateLimited as error:
        raise Later("Discord's rate limit", timedelta(seconds=error.retry_after)) from error
    except (discord.Forbidden, discord.NotFound):
        raise
    except discord.HTTPException as error:
        if error.status not in (429, *range(500, 600)):
            log.exception("%s: Discord doesn't take it", what)
        raise Later(f"Discord answered {error.status}") from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise Later(f"Discord can't be reached ({type(error).__name__})") from error


def is_ours(client: discord.AutoShardedClient, server: int) -> bool:
    """Whether a server belongs to a shard of this process, also one that it isn't in."""
    return (server >> 22) % (client.shard_count or 1) in client.shards


def custom_ids(components: Any) -> Iterator[str]:
    """All ``custom_id`` in a message."""
    for component in components:
        if made := getattr(component, "custom_id", None):
            yield made
        yield from custom_ids(getattr(component, "children", ()))


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
