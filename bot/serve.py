"""The composition root: builds the process that serves Discord."""

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import discord

from bot.client.bot import StudyBot
from bot.client.callback_adapter import use_callback_adapter
from bot.client.responses import UNREACHABLE
from bot.client.shard_leases import hold_shard_leases, lease_names
from bot.config import Settings, check_paths, fault_of_token, misspelt_settings
from bot.content import catalogue_of, read_content
from bot.errors import BadSettings, CannotStart
from bot.operation import logs
from bot.operation.backups import daily_backups
from bot.operation.metrics import Metrics, serve_metrics
from bot.store import Store
from bot.store.engines import secrets_of
from bot.study import Study
from bot.study.parameter_fitting import installed_program
from bot.views.emojis import emojis_of

log = logging.getLogger("waymark")

FIRST_PAUSE = 2.0
LONGEST_PAUSE = 300.0
STOP_SECONDS = 10.0
"""Longer than commands in progress may take to finish."""
REFUSED = "Discord refused DISCORD_TOKEN. Copy it again from the developer portal."
CLOSED_FOR_GOOD = {
    4004: REFUSED,
    4010: "Discord refused the shard: SHARD_IDS doesn't match SHARD_COUNT.",
    4011: "Discord requires more shards for this number of servers. Raise SHARD_COUNT, or leave it out.",
    4012: "Discord no longer supports this version of its gateway. Install a newer Waymark.",
    4013: "Discord refused the intents of the bot. Install a newer Waymark.",
    4014: "Discord refused the intents of the bot. Install a newer Waymark.",
}
"""Close codes of the gateway after which another attempt changes nothing, from Discord's list of opcodes."""


@asynccontextmanager
async def assembled(settings: Settings, metrics: Metrics) -> AsyncIterator[tuple[Study, Store]]:
    """Build the product and its store; ``metrics`` count what it does. Raises ``CannotStart``."""
    check_paths(settings)
    catalogue = catalogue_of(read_content(settings), settings)
    store = await Store.open(settings.database, metrics.store)
    try:
        yield (
            await Study.open(
                store,
                catalogue,
                observe=metrics.delivery,
                retention_months=settings.retention_months,
                server_courses=settings.server_courses == "on",
                optimizer=installed_program(),
            ),
            store,
        )
    finally:
        await store.close()


async def serve(settings: Settings, *, stopped: Callable[[], bool] = lambda: False, take_over: bool = False) -> None:
    """Serve Discord until SIGTERM or SIGINT. Raises ``CannotStart``.

    ``stopped`` says whether a stop was requested before this function handled signals. ``take_over`` lets a process
    that serves the same shards stop first.
    """
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    if stopped():
        stop.set()
    token = settings.discord_token.get_secret_value().strip()
    logs.set_up(settings.log_level, settings.log_format, [token, *secrets_of(settings.database)])
    if fault := fault_of_token(token):
        raise BadSettings(fault)
    for warning in misspelt_settings():
        log.warning("%s", warning)
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # the bot doesn't use voice
    metrics = Metrics()
    async with AsyncExitStack() as stack:
        study, store = await stack.enter_async_context(assembled(settings, metrics))
        await stack.enter_async_context(daily_backups(settings))
        if settings.metrics_port is not None:
            pages = serve_metrics(metrics, settings.metrics_host, settings.metrics_port, database=store.answers)
            log.info("metrics at %s/metrics", await stack.enter_async_context(pages))
        shards = lease_names(settings.shard_count, settings.shard_ids)
        leased = hold_shard_leases(store, shards, now=study.now, stop=stop, take_over=take_over)
        await stack.enter_async_context(leased)
        tune_garbage_collection()
        await _until_stopped(stop, lambda: _bot(settings, study, store, metrics), token)


def tune_garbage_collection() -> None:
    """Exclude what lives as long as the process, and collect less often.

    Of thresholds 700 (the default), 10,000 and 50,000, measured in turn with 32 users, 10,000 costs 8 to 13 % less CPU
    per command than the default; 50,000 gains no more. Switch intervals of 0.5, 1 and 2 ms, measured the same way,
    gained nothing over the default of 5, which stays.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


def _bot(settings: Settings, study: Study, store: Store, metrics: Metrics) -> StudyBot:
    emojis = emojis_of(study.catalogue.courses.values())
    return StudyBot(
        study, store, metrics=metrics, shard_count=settings.shard_count, shard_ids=settings.shard_ids, emojis=emojis,
        report_channel=settings.report_channel_id,
    )  # fmt: skip


async def _until_stopped(stop: asyncio.Event, make: Callable[[], StudyBot], token: str) -> None:
    """Stay connected until ``stop`` is set, or until Discord refuses for good."""
    if stop.is_set():
        return
    use_callback_adapter()
    connected = asyncio.create_task(stay_connected(make, token))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((connected, stopping), return_when=asyncio.FIRST_COMPLETED)
    log.info("stopping")
    stopping.cancel()
    while not connected.done():
        connected.cancel()
        # A library may catch a cancellation that comes while it connects.
        await asyncio.wait((connected,), timeout=STOP_SECONDS)
    with suppress(asyncio.CancelledError):
        await connected


async def stay_connected(make: Callable[[], StudyBot], token: str) -> None:
    """Log in and stay connected; try again with growing pauses while Discord can't be reached.

    Each attempt has its own bot, which is closed at the end and on cancellation; commands in progress may finish first.
    Raises ``CannotStart`` where another attempt would change nothing.
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
            pause = FIRST_PAUSE  # it was connected in the meantime
        log.warning("trying again in %.0f s", pause)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


async def _serve_with(bot: StudyBot, token: str) -> None:
    """Log in and stay connected. Raises one of ``UNREACHABLE``, or ``CannotStart`` for a permanent refusal."""
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
        raise OSError("it returned no gateway") from error
    except discord.HTTPException as error:
        if error.status in (429, *range(500, 600)):
            raise
        raise CannotStart(f"Discord refuses the bot: {error}.") from error
