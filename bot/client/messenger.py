"""Send the messages of deliveries and find messages that were sent earlier."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import aiohttp
import discord

from bot.client.channels import NOT_CACHED, ServerChannel, check_channel, custom_ids, guild_of
from bot.client.rendering import Renderer, mentions_of, render_notice
from bot.client.threads import create_thread
from bot.study.delivery_kind import Begin, BuildError, Content, Destination, Marker, Refused, Unavailable
from bot.views.references import References

log = logging.getLogger("waymark")

SEND_SECONDS = 120.0
QUERY_SECONDS = 5.0
MAX_SEARCHED = 1000
"""Messages after the last attempt that are searched for the marker."""
MAX_FETCHED = 40
"""Members that are fetched one by one if the gateway doesn't answer."""
DM_CLOSED = (50007, 50278)
"""Discord's error codes for users who don't accept direct messages from the bot or share no server with it."""
UNKNOWN_CHANNEL = 10003
UNKNOWN_USER = 10013
DMS_PER_SECOND = 43
"""Direct messages per second. Discord allows 50 requests; the margin absorbs bursts after database waits."""
FAILURES = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError)


class RateLimiter:
    """Admits ``per_second`` callers per second, evenly spaced."""

    def __init__(self, per_second: float) -> None:
        self._step = 1 / per_second
        self._free_at = 0.0

    async def wait(self) -> None:
        """Return when it is the caller's turn."""
        now = asyncio.get_running_loop().time()
        self._free_at = max(self._free_at, now) + self._step
        await asyncio.sleep(self._free_at - self._step - now)


class DiscordMessenger:
    """Implements the delivery engine's messenger with discord.py."""

    def __init__(self, client: discord.Client, references: References) -> None:
        self._client = client
        self._references = references
        self._dm_rate = RateLimiter(DMS_PER_SECOND)
        self.renderer = Renderer()

    async def _channel(self, to: Destination) -> discord.abc.Messageable:
        """Return the channel, cached or not."""
        if not to.server:
            if to.learner:
                return await self._client.create_dm(discord.Object(to.learner))
            return self._client.get_partial_messageable(to.channel, type=discord.ChannelType.private)
        channel = guild_of(self._client, to.server).get_channel_or_thread(to.channel)
        if isinstance(channel, ServerChannel):
            return channel
        return self._client.get_partial_messageable(to.channel, guild_id=to.server)

    async def check(self, to: Destination) -> str:
        """Return the cached permissions. Direct messages have none: whether one arrives shows only when it is sent."""
        return check_channel(self._client, to) if to.server else ""

    async def find(self, to: Destination, marker: Marker, since: datetime) -> int | None:
        """Return the ID of the bot's message with this marker, if one was sent after ``since``."""
        permissions = await self.check(to)
        own_id = self._client.user.id if self._client.user else 0
        suffix = f":{marker.text}"
        with _translate_errors(to, permissions):
            async with asyncio.timeout(SEND_SECONDS):
                channel = await self._channel(to)
                async for message in channel.history(after=since, oldest_first=True, limit=MAX_SEARCHED):
                    if message.author.id == own_id and any(
                        found.endswith(suffix) for found in custom_ids(message.components)
                    ):
                        return message.id
        return None

    async def send(self, to: Destination, content: Content, begin: Begin) -> int | None:
        """Send a message and return its ID, or None if ``begin`` reports that the claim is lost."""
        view, file = await self.renderer.render(content)
        view, mentions = self._references.view(view), mentions_of(content)
        if not to.server:
            await self._dm_rate.wait()
        with _translate_errors(to, ""):
            async with asyncio.timeout(SEND_SECONDS):
                channel = await self._channel(to)
        permissions = await self.check(to)
        if not await begin():
            return None
        with _translate_errors(to, permissions):
            async with asyncio.timeout(SEND_SECONDS):
                nonce = content.marker.nonce
                if file is None:
                    return (await channel.send(view=view, nonce=nonce, allowed_mentions=mentions)).id
                return (await channel.send(view=view, file=file, nonce=nonce, allowed_mentions=mentions)).id

    async def discuss(self, to: Destination, message: int, title: str) -> None:
        """Create a thread from a message, unless it has one. Raises ``Refused`` and ``Unavailable``."""
        with _translate_errors(to, await self.check(to)):
            async with asyncio.timeout(SEND_SECONDS):
                await create_thread(self._client, to, message, title)

    async def open_direct(self, learner: int) -> int:
        """Return the ID of the direct message channel with a learner."""
        with _translate_errors(Destination(0), ""):
            async with asyncio.timeout(SEND_SECONDS):
                return (await self._client.create_dm(discord.Object(learner))).id

    async def names(self, server: int, learners: list[int]) -> dict[int, str | None]:
        """Return display names of members, and None for users who left. Ask the gateway first, then the REST API."""
        guild = guild_of(self._client, server)
        found: dict[int, str | None] = {}
        try:
            for start in range(0, len(learners), 100):
                batch = learners[start : start + 100]
                async with asyncio.timeout(QUERY_SECONDS):
                    members = await guild.query_members(user_ids=batch, limit=100, cache=False)
                found.update(dict.fromkeys(batch))
                found.update({member.id: member.display_name for member in members})
        except (discord.ClientException, aiohttp.ClientError, OSError, TimeoutError):
            await _fetch_names(guild, [learner for learner in learners if learner not in found], found)
        return found

    async def tell(self, server: int, user: int | None, notice: object) -> None:
        """Send a notice to a manager by direct message, or else to the system channel. Errors are only logged."""
        guild = self._client.get_guild(server)
        message, mark = render_notice(notice, guild.name if guild else "a server")
        view, nonce = self._references.view(message), Marker(server, mark).nonce
        try:
            if user is not None:
                channel = await self._client.create_dm(discord.Object(user))
                await channel.send(view=view, nonce=nonce)
                return
        except FAILURES as error:
            log.info("server %s: direct message not sent: %s", server, error)
        if guild is None or guild.system_channel is None or not guild.me:
            return
        if not guild.system_channel.permissions_for(guild.me).send_messages:
            return
        try:
            await guild.system_channel.send(view=view, nonce=nonce)
        except FAILURES as error:
            log.info("server %s: message to the system channel not sent: %s", server, error)


async def _fetch_names(guild: discord.Guild, learners: list[int], found: dict[int, str | None]) -> None:
    for learner in learners[:MAX_FETCHED]:
        try:
            found[learner] = (await guild.fetch_member(learner)).display_name
        except discord.NotFound:
            found[learner] = None
        except FAILURES as error:
            log.info("the members of server %s can't be fetched: %s", guild.id, error)
            return


@contextmanager
def _translate_errors(to: Destination, permissions: str) -> Iterator[None]:
    """Turn Discord's errors into those of the delivery engine. ``permissions`` are the cached ones.

    A denial that the cache doesn't explain is retried with increasing delays: the cache may be outdated.
    """
    try:
        yield
    except discord.RateLimited as error:
        raise Unavailable("Discord's rate limit", timedelta(seconds=error.retry_after)) from error
    except discord.Forbidden as error:
        if not to.server and error.code in DM_CLOSED:
            raise Refused("your direct messages are closed to me", "") from error
        where = f" in <#{to.channel}>" if to.server else ""
        raise Unavailable(f"Discord refuses it{where} ({error.text or error.code})") from error
    except discord.NotFound as error:
        if to.server and error.code == UNKNOWN_CHANNEL and permissions == NOT_CACHED:
            raise Refused("the channel was deleted", permissions, gone=True) from error
        if not to.server and error.code in (UNKNOWN_CHANNEL, UNKNOWN_USER):
            raise Refused("your direct messages can no longer be reached", "", gone=True) from error
        raise Unavailable(f"Discord answered {error.status}") from error
    except discord.HTTPException as error:
        if error.status not in (429, *range(500, 600)):
            log.exception("Discord rejected a message")
            raise BuildError(f"Discord doesn't accept it ({error.status}, {error.code})") from error
        raise Unavailable(f"Discord answered {error.status}") from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise Unavailable(f"Discord can't be reached ({type(error).__name__})") from error
