"""Sends the messages of deliveries, and finds them again."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import aiohttp
import discord

from bot.client.channels import NOT_CACHED, Place, check_channel, custom_ids, guild_of
from bot.client.rendering import Renderer
from bot.study.delivery_kind import Begin, BuildError, Content, Destination, Marker, Refused, Unavailable
from bot.study.digest_delivery import DigestNotice
from bot.views import digest as digest_views

log = logging.getLogger("waymark")

SEND_SECONDS = 120.0
NAMES_SECONDS = 5.0
MAX_LOOKED_AT = 1000
"""How many messages after the last attempt are searched for the marker."""
MAX_FETCHED = 40
"""How many members are fetched one by one when the gateway doesn't answer."""
DIRECT_CLOSED = (50007, 50278)
"""Discord's codes for a user who takes no direct messages from the bot or no longer shares a server with it."""
UNKNOWN_CHANNEL = 10003
UNKNOWN_USER = 10013
DIRECT_PER_SECOND = 43
"""Direct messages per second: Discord takes 50 requests, and those that wait for the database come unevenly."""
FAILURES = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError)


class RateLimiter:
    """Lets ``per_second`` callers pass each second, evenly spread."""

    def __init__(self, per_second: float) -> None:
        self._step = 1 / per_second
        self._free_at = 0.0

    async def wait(self) -> None:
        """Return when the caller may pass."""
        now = asyncio.get_running_loop().time()
        self._free_at = max(self._free_at, now) + self._step
        await asyncio.sleep(self._free_at - self._step - now)


class DiscordMessenger:
    """What the delivery engine needs of Discord."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._direct_rate = RateLimiter(DIRECT_PER_SECOND)
        self.renderer = Renderer()

    async def _channel(self, to: Destination) -> discord.abc.Messageable:
        """The channel, whether or not it is cached."""
        if not to.server:
            if to.learner:
                return await self._client.create_dm(discord.Object(to.learner))
            return self._client.get_partial_messageable(to.channel, type=discord.ChannelType.private)
        channel = guild_of(self._client, to.server).get_channel_or_thread(to.channel)
        if isinstance(channel, Place):
            return channel
        return self._client.get_partial_messageable(to.channel, guild_id=to.server)

    async def check(self, to: Destination) -> str:
        """What the cached permissions allow. Direct messages have none: only sending one shows whether it works."""
        return check_channel(self._client, to) if to.server else ""

    async def find(self, to: Destination, marker: Marker, since: datetime) -> int | None:
        """The ID of a message of ours with this marker, not older than ``since``."""
        seen = await self.check(to)
        mine = self._client.user.id if self._client.user else 0
        ending = f":{marker.text}"
        with _translated(to, seen):
            async with asyncio.timeout(SEND_SECONDS):
                channel = await self._channel(to)
                async for message in channel.history(after=since, oldest_first=True, limit=MAX_LOOKED_AT):
                    if message.author.id == mine and any(
                        found.endswith(ending) for found in custom_ids(message.components)
                    ):
                        return message.id
        return None

    async def send(self, to: Destination, content: Content, begin: Begin) -> int | None:
        """Send a message and return its ID; None if ``begin`` says that the claim is lost."""
        view, file = await self.renderer.render(content)
        if not to.server:
            await self._direct_rate.wait()
        with _translated(to, ""):
            async with asyncio.timeout(SEND_SECONDS):
                channel = await self._channel(to)
        seen = await self.check(to)
        if not await begin():
            return None
        with _translated(to, seen):
            async with asyncio.timeout(SEND_SECONDS):
                if file is None:
                    return (await channel.send(view=view, nonce=content.marker.nonce)).id
                return (await channel.send(view=view, file=file, nonce=content.marker.nonce)).id

    async def open_direct(self, learner: int) -> int:
        """The channel of a learner's direct messages."""
        with _translated(Destination(0), ""):
            async with asyncio.timeout(SEND_SECONDS):
                return (await self._client.create_dm(discord.Object(learner))).id

    async def names(self, server: int, learners: list[int]) -> dict[int, str | None]:
        """Names of those who are in the server, None for those who left; over the gateway, else one by one."""
        guild = guild_of(self._client, server)
        found: dict[int, str | None] = {}
        try:
            for start in range(0, len(learners), 100):
                asked = learners[start : start + 100]
                async with asyncio.timeout(NAMES_SECONDS):
                    members = await guild.query_members(user_ids=asked, limit=100, cache=False)
                found.update(dict.fromkeys(asked))
                found.update({member.id: member.display_name for member in members})
        except (discord.ClientException, aiohttp.ClientError, OSError, TimeoutError):
            await _fetch_names(guild, [learner for learner in learners if learner not in found], found)
        return found

    async def tell(self, server: int, user: int | None, notice: object) -> None:
        """Send a manager a notice by direct message, else post it in the system channel. Failures are logged only."""
        if not isinstance(notice, DigestNotice):
            raise TypeError(f"unknown notice: {notice!r}")
        guild = self._client.get_guild(server)
        view = digest_views.not_posted(notice, guild.name if guild else "a server")
        nonce = Marker(server, f"{notice.course.id}:{notice.suspended}:{notice.reason}").nonce
        try:
            if user is not None:
                channel = await self._client.create_dm(discord.Object(user))
                await channel.send(view=view, nonce=nonce)
                return
        except FAILURES as error:
            log.info("server %s: no direct message: %s", server, error)
        place = guild.system_channel if guild else None
        if guild is None or place is None or not guild.me or not place.permissions_for(guild.me).send_messages:
            return
        try:
            await place.send(view=view, nonce=nonce)
        except FAILURES as error:
            log.info("server %s: no message in the system channel: %s", server, error)


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
def _translated(to: Destination, seen: str) -> Iterator[None]:
    """Turn Discord's errors into what the engine does about them. ``seen``: what the cached permissions allow.

    A refusal that the cache doesn't explain is retried with growing pauses: the cache or Discord may be wrong, and an
    event that explains it may be on its way.
    """
    try:
        yield
    except discord.RateLimited as error:
        raise Unavailable("Discord's rate limit", timedelta(seconds=error.retry_after)) from error
    except discord.Forbidden as error:
        if not to.server and error.code in DIRECT_CLOSED:
            raise Refused("your direct messages are closed to me", "") from error
        where = f" in <#{to.channel}>" if to.server else ""
        raise Unavailable(f"Discord refuses it{where} ({error.text or error.code})") from error
    except discord.NotFound as error:
        if to.server and error.code == UNKNOWN_CHANNEL and seen == NOT_CACHED:
            raise Refused("the channel was deleted", seen, gone=True) from error
        if not to.server and error.code in (UNKNOWN_CHANNEL, UNKNOWN_USER):
            raise Refused("your direct messages can no longer be reached", "", gone=True) from error
        raise Unavailable(f"Discord answered {error.status}") from error
    except discord.HTTPException as error:
        if error.status not in (429, *range(500, 600)):
            log.exception("Discord doesn't accept a message")
            raise BuildError(f"Discord doesn't accept it ({error.status}, {error.code})") from error
        raise Unavailable(f"Discord answered {error.status}") from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise Unavailable(f"Discord can't be reached ({type(error).__name__})") from error
