"""Discord for digest tests: a plain in-memory messenger, and a simulated server with the real bot."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import discord
import pytest
import simcord
from simcord.backend import serializers
from simcord.backend.models import Overwrite
from simcord.builders import ChannelHandle
from simcord.enums import OverwriteType
from simcord.results import ResponseMessage

from bot.client.bot import StudyBot
from bot.core.calendar.slots import DAYS, Schedule
from bot.core.calendar.zones import parse_time
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.store import Store
from bot.store.cohorts import Cohort
from bot.study import Study
from bot.study.delivery_kind import Refused
from bot.study.digests import DigestStatus
from tests.cogs.conftest import Member, Reply, Simulation, parts, text_of
from tests.conftest import Clock
from tests.databases import Target
from tests.delivery.plain import Chat, PlainMessenger, Process

SERVER, CHANNEL, MANAGER = 700, 7000, 7


@pytest.fixture(scope="session")
def small(course) -> Course:
    """Two paths of two modules of two units, 10 minutes each."""
    return course({"a": {"m": ["u", "v"], "n": ["u", "v"]}, "b": {"m": ["u", "v"], "n": ["u", "v"]}})


@pytest.fixture
def chat(clock: Clock) -> Chat:
    return Chat(clock.now)


@pytest.fixture
def messenger(chat: Chat) -> PlainMessenger:
    return PlainMessenger(chat)


@pytest.fixture
async def small_study(study_of: Callable[..., Awaitable[Study]], small: Course) -> Study:
    return await study_of(small)


@pytest.fixture
def process(small_study: Study, messenger: PlainMessenger) -> Process:
    """The bot with the small course."""
    return Process(small_study, messenger)


@pytest.fixture
async def another(path: Target, store: Store, small: Course, clock: Clock, chat: Chat) -> AsyncIterator[Process]:
    """A second process on the same database and Discord."""
    second = await Store.open(path)
    study = await Study.open(second, Catalogue((small,), small.id), now=clock.now)
    yield Process(study, PlainMessenger(chat))
    await second.close()


@pytest.fixture
def set_up(small: Course) -> Callable[..., Awaitable[Cohort]]:
    """Return a function that sets up a digest, by default on Mondays at 09:00 UTC."""

    async def set_up(process: Process, server: int = SERVER, **parts: Any) -> Cohort:
        channel = parts.pop("channel", CHANNEL)
        given = {"day": "Monday", "time": "9", "zone": "UTC"} | parts
        schedule = Schedule(DAYS.index(given["day"]), parse_time(given["time"]), given["zone"])
        status = await process.digests.set_up(server, MANAGER, small, channel=channel, schedule=schedule)
        return status.cohort

    return set_up


@pytest.fixture
def digest_rows(rows: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """Return a function that reads slot, state, message and reason of each digest of a server, oldest first."""

    def read(server: int = SERVER) -> list[Any]:
        return rows(
            "select slot, state, message_id, reason from delivery "
            "where server_id = ? and kind = 'digest' order by slot_at",
            server,
        )

    return read


# --- A simulated Discord with the real bot in it ----------------------------------------------------------------------


def _is_digest(components: Any) -> bool:
    """Return whether a message has the button of a digest that contains its marker."""
    ids = [part["custom_id"] for part in parts(components) if "custom_id" in part]
    return any(each.startswith(("wm1:everyone:0:", "wm1:start:az-")) for each in ids)


class SimulatedClock(Clock):
    """The bot's clock follows the simulation's clock."""

    discord: simcord.Env | None = None

    def now(self) -> datetime:
        return self.discord.now() if self.discord else datetime.fromisoformat("2026-01-01T00:00:00+00:00")


class DigestSimulation(Simulation):
    """A server with an administrator and three members. It starts on Thursday, 1 January 2026, at midnight UTC."""

    def __init__(self, env: simcord.Env, study: Study, store: Store) -> None:
        super().__init__(env, study, store)
        self.news = self.guild.create_text_channel("news")
        self.guild._guild.system_channel_id = self.news.id
        self.dispatch_guild(available=True)
        managers = self.guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
        self.boss = self.guild.add_member(env.create_user("boss", global_name="Bo"), roles=[managers])

    async def command(self, who: Member, name: str, /, **options: Any) -> Reply:
        """Run a command. A member who completes something has joined the study group before."""
        if name == "complete" and isinstance(who, simcord.MemberActor):
            await self.join(who, course=options.get("course"))
        return await super().command(who, name, **options)

    async def set_up(self, minutes: float = 1, course: str = "", channel: ChannelHandle | None = None) -> DigestStatus:
        """Set up a digest that is due in some whole minutes, by default of the default course in the channel."""
        at = self.env.now() + timedelta(minutes=minutes)
        return await self.study.digests.set_up(
            self.guild.id, self.boss.id, self.study.course(None, course), channel=(channel or self.channel).id,
            schedule=Schedule(at.weekday(), at.hour * 60 + at.minute, "UTC"),
            thread=channel is not None and channel.is_thread,
        )  # fmt: skip

    async def set_up_in(self, server: int, channel: int, minutes: float = 2) -> None:
        """Set up a digest of another server that is due in some whole minutes."""
        at = self.env.now() + timedelta(minutes=minutes)
        schedule = Schedule(at.weekday(), at.hour * 60 + at.minute, "UTC")
        await self.study.digests.set_up(
            server, self.boss.id, self.study.course(None), channel=channel, schedule=schedule
        )

    async def panel(self) -> Reply:
        """Open the set-up panel as the administrator."""
        return await self.command(self.boss, "setup")

    async def choose_channel(self, panel: Reply, channel: ChannelHandle, start: str = "setupdraft:channel") -> Reply:
        """Choose a channel on a page of the set-up panel."""
        return Reply(await self.boss.select(panel.message, [channel], custom_id=panel.select_id(start)))

    async def post_now(self) -> Reply:
        """Press Post now on the set-up panel."""
        return await self.click(self.boss, await self.panel(), "Post now")

    async def preview(self) -> Reply:
        """Press Preview on the set-up panel."""
        return await self.click(self.boss, await self.panel(), "Preview")

    async def wait(self, seconds: float = 60) -> None:
        """Advance the time in steps, so that the bot polls on the way."""
        for _ in range(int(seconds // 20)):
            await self.env.advance_time(20)
        if seconds % 20:
            await self.env.advance_time(seconds % 20)

    async def sleep(self, **by: float) -> None:
        """Stop the bot, advance the time, start it again and let it poll once."""
        for clock in ("cogs.deliveries", "cogs.servers"):
            await self.bot.unload_extension(clock)
        self.env.backend.advance_clock(timedelta(**by).total_seconds())
        await self.restart()
        await self.wait(20)

    def posts(self, channel: ChannelHandle | None = None) -> list[str]:
        """Return the texts of the digests in a channel, oldest first."""
        return [text_of(message.components) for message in self.digests_in(channel)]

    def digests_in(self, channel: ChannelHandle | None = None) -> Sequence[Any]:
        stored = self.env.backend.messages.get((channel or self.channel).id, {}).values()
        return [message for message in stored if _is_digest(message.components) and not message.is_ephemeral]

    def message(self, stored: Any) -> ResponseMessage:
        """Return a stored message as members see it."""
        return ResponseMessage(self.env, stored)

    def requests(self, method: str, channel: ChannelHandle | None = None) -> list[Any]:
        """Return the bot's requests for the messages of a channel: to post (POST) or to read (GET)."""
        path = f"/channels/{(channel or self.channel).id}/messages"
        return [each for each in self.env.http_requests if (each.method, each.path) == (method, path)]

    def fail(self, status: int, times: int | None = 1, code: int = 0, channel: ChannelHandle | None = None) -> None:
        """Make the next attempts to post in a channel fail."""
        path = f"/channels/{(channel or self.channel).id}/messages"
        self.env.inject_error("POST", path, status=status, code=code, times=times, message="No")

    def drop_connection(self, error: Exception, times: int = 1, *, arrives: bool = False) -> None:
        """Make the next posts fail with a connection error, before or after the message arrives."""
        http = self.bot.http
        whole, left = http.request, [error] * times

        async def request(route: Any, **given: Any) -> Any:
            if route.method != "POST" or not route.path.endswith("/messages") or not left:
                return await whole(route, **given)
            if arrives:
                await whole(route, **given)
            raise left.pop()

        http.request = request

    def delay_responses(self, seconds: float, channel: ChannelHandle) -> None:
        """Delay the responses to posts in a channel."""
        http = self.bot.http
        whole = http.request

        async def request(route: Any, **given: Any) -> Any:
            if route.method == "POST" and route.channel_id == channel.id:
                await asyncio.sleep(seconds)
            return await whole(route, **given)

        http.request = request

    def allow(self, channel: ChannelHandle | None = None, **permissions: bool | None) -> None:
        """Set the bot's permissions in a channel."""
        allowed, denied = discord.PermissionOverwrite(**permissions).pair()
        bot = self.env.backend.bot_user.id
        overwrite = Overwrite(target_id=bot, type=OverwriteType.MEMBER, allow=allowed.value, deny=denied.value)
        self.env.backend.set_overwrite((channel or self.channel).id, overwrite)

    async def thread(self) -> ChannelHandle:
        """Create a thread in the channel."""
        made = self.env.backend.create_thread(self.channel.id, "weekly", owner_id=self.boss.id, type=11)
        await self.env.settle()
        return ChannelHandle(self.env, self.guild, made)

    def direct_messages(self) -> list[str]:
        """Return the administrator's direct messages from the bot, without the welcome message."""
        return self._own_texts(self.env.backend.get_dm_channel(self.boss.id).id)

    def system_messages(self) -> list[str]:
        """Return the bot's messages in the system channel."""
        return self._own_texts(self.news.id)

    def _own_texts(self, channel: int) -> list[str]:
        stored = self.env.backend.messages.get(channel, {}).values()
        own = [text_of(each.components) for each in stored if each.author_id == self.env.backend.bot_user.id]
        return [text for text in own if "Hi, I'm Waymark" not in text]

    def remove_guild(self, *, unavailable: bool = False) -> None:
        """The server removes the bot, or is in an outage."""
        told = {"id": str(self.guild.id)} | ({"unavailable": True} if unavailable else {})
        self.env.backend.emit("GUILD_DELETE", told)

    def dispatch_guild(self, *, available: bool = False) -> None:
        """The server adds the bot, or (``available``) an outage ends or the server has changed."""
        payload = dict(serializers.guild_create_payload(self.env.backend, self.guild._guild))
        if not available:
            # discord.py distinguishes new servers from available ones by this key.
            del payload["unavailable"]
        self.env.backend.emit("GUILD_CREATE", payload)

    async def reconnect(self, *servers: int) -> None:
        """Start a new session: Discord lists the servers first, and sends each when it is available."""
        state = self.bot._connection
        ready = {
            "v": 10,
            "user": serializers.user_payload(self.env.backend.bot_user),
            "guilds": [{"id": str(server), "unavailable": True} for server in servers],
            "session_id": "again",
            "resume_gateway_url": "wss://discord.invalid",
            "shard": [0, 1],
            "application": {"id": str(self.env.backend.application_id), "flags": 0},
        }
        with self.env._bot_scope():
            state.parsers["READY"](ready)
        await self.env.settle()


@pytest.fixture
async def digest_sim(path: Target, catalogue: Catalogue) -> AsyncIterator[DigestSimulation]:
    clock = SimulatedClock()
    store = await Store.open(path)
    study = await Study.open(store, catalogue, now=clock.now)
    env = simcord.Env(StudyBot(study, store, shard_count=1), shard_count=1, check_errors=False)
    clock.discord = env
    await env.start()
    simulation = DigestSimulation(env, study, store)
    await env.settle()
    yield simulation
    await env.shutdown()
    await store.close()


@pytest.fixture
def refused() -> Refused:
    """The plain messenger's error for a deleted channel."""
    return Refused("the channel was deleted", "no channel")
