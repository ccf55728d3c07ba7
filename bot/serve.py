"""The composition root: here, and only here, the process that serves Discord is put together."""

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import discord

from bot.client.bot import StudyBot
from bot.client.callback_adapter import answer_tersely
from bot.client.responses import UNREACHABLE
from bot.config import Settings
from bot.content import read_banks, read_courses
from bot.core.course.catalogue import Catalogue
from bot.errors import BadSettings, CannotStart, StudyError
from bot.operation import logs
from bot.operation.backups import backups_kept
from bot.operation.metrics import Metrics, served
from bot.store import Store
from bot.study import Study

log = logging.getLogger("waymark")

FIRST_PAUSE = 2.0
LONGEST_PAUSE = 300.0
REFUSED = "Discord refused DISCORD_TOKEN. Copy it again from the developer portal."
CLOSED_FOR_GOOD = {
    4004: REFUSED,
    4010: "Discord knows no such shard: SHARD_IDS doesn't fit SHARD_COUNT.",
    4011: "Discord wants more shards for so many servers. Raise SHARD_COUNT, or leave it out.",
    4012: "Discord no longer speaks this version of its gateway. Install a newer Waymark.",
    4013: "Discord refused the intents of the bot. Install a newer Waymark.",
    4014: "Discord refused the intents of the bot. Install a newer Waymark.",
}
"""Close codes of the gateway after which to try again changes nothing, from Discord's list of opcodes."""


def fast_loop() -> asyncio.AbstractEventLoop:
    """A loop of uvloop where there is one."""
    try:
        import uvloop  # noqa: PLC0415 - not there on every system
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


@asynccontextmanager
async def assembled(settings: Settings, metrics: Metrics) -> AsyncIterator[tuple[Study, Store]]:
    """The product with everything that it stands on; ``metrics`` count what it does. Raises ``CannotStart``."""
    courses = read_courses(settings.courses_dir)
    banks = read_banks(settings.banks, courses)
    try:
        catalogue = Catalogue(courses, settings.default_course, banks)
    except StudyError as error:
        raise BadSettings(f"DEFAULT_COURSE: {error}") from error
    store = await Store.open(settings.database_path, metrics.store)
    try:
        yield await Study.open(store, catalogue, observe=metrics.delivery), store
    finally:
        await store.close()


async def serve(settings: Settings) -> None:
    """Serve Discord until somebody stops the process. Raises ``CannotStart``."""
    token = settings.discord_token.get_secret_value().strip()
    logs.set_up(settings.log_level, settings.log_format, [token])
    if not token:
        raise BadSettings("DISCORD_TOKEN is not set. Put it into .env (see .env.example); `make demo` needs none.")
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # a study companion doesn't speak
    metrics = Metrics()
    async with AsyncExitStack() as stack:
        study, store = await stack.enter_async_context(assembled(settings, metrics))
        await stack.enter_async_context(backups_kept(settings))
        if settings.metrics_port is not None:
            pages = served(metrics, settings.metrics_host, settings.metrics_port, database=store.answers)
            log.info("metrics at %s/metrics", await stack.enter_async_context(pages))
        gc.freeze()  # courses live as long as the process: no collection needs to look through them again
        await _until_stopped(lambda: _bot(settings, study, store, metrics), token)


def _bot(settings: Settings, study: Study, store: Store, metrics: Metrics) -> StudyBot:
    return StudyBot(study, store, metrics=metrics, shard_count=settings.shard_count, shard_ids=settings.shard_ids)


async def _until_stopped(make: Callable[[], StudyBot], token: str) -> None:
    """Stay connected until SIGTERM or SIGINT, or until Discord says that this can't be."""
    answer_tersely()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    connected = asyncio.create_task(stay_connected(make, token))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((connected, stopping), return_when=asyncio.FIRST_COMPLETED)
    log.info("stopping")
    stopping.cancel()
    if not connected.done():
        connected.cancel()
    with suppress(asyncio.CancelledError):
        await connected


async def stay_connected(make: Callable[[], StudyBot], token: str) -> None:
    """Log in and stay connected, trying again with growing pauses while Discord can't be reached.

    Each attempt has a bot of its own, which is closed at the end, also where this is cancelled: what is under way may
    finish first. Raises ``CannotStart`` where trying again would change nothing.
    """
    loop = asyncio.get_running_loop()
    pause = FIRST_PAUSE
    while True:
        began = loop.time()
        async with make() as bot:
            try:
                await _serve_with(bot, token)
            except discord.RateLimited as error:
                log.warning("Discord asks to wait")
                pause = max(pause, error.retry_after)
            except UNREACHABLE as error:
                log.warning("Discord can't be reached: %s", error)
            else:
                return
        if loop.time() - began > LONGEST_PAUSE:
            pause = FIRST_PAUSE  # it had been connected
        log.warning("trying again in %.0f s", pause)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


async def _serve_with(bot: StudyBot, token: str) -> None:
    """Log in and stay connected. Raises one of ``UNREACHABLE``, or ``CannotStart`` where that is for good."""
    try:
        await bot.login(token)
        await bot.connect()
    except discord.LoginFailure as error:
        raise BadSettings(REFUSED) from error
    except discord.PrivilegedIntentsRequired as error:
        raise BadSettings(CLOSED_FOR_GOOD[4014]) from error
    except discord.ConnectionClosed as error:
        if error.code in CLOSED_FOR_GOOD:
            raise BadSettings(CLOSED_FOR_GOOD[error.code]) from error
        raise OSError(f"the connection was closed with code {error.code}") from error
    except discord.GatewayNotFound as error:
        raise OSError("it names no gateway") from error
    except discord.HTTPException as error:
        if error.status in (429, *range(500, 600)):
            raise
        raise CannotStart(f"Discord refuses the bot: {error}.") from error
