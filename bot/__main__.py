"""The command line and the composition root: here, and only here, everything is put together."""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import aiohttp
import discord
import typer

from bot.app import StudyBot
from bot.check import check as faults_shown
from bot.check import read_courses
from bot.config import Settings, load_settings
from bot.core.catalogue import Catalogue
from bot.core.page import read_page, to_yaml
from bot.core.reading import CourseReader
from bot.errors import BadInput, CannotStart, StudyError
from bot.store import Store
from bot.study import Study

log = logging.getLogger("waymark")
cli = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Waymark, a study companion for Discord.",
)

FIRST_PAUSE = 2.0
LONGEST_PAUSE = 300.0


@cli.command()
def run() -> None:
    """Run the bot with the token of the environment or of .env."""
    _run(_serve(), fast=True)


@cli.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="A folder of course files; without it, COURSES_DIR.")] = None,
) -> None:
    """Check course files, and every message that can show them against Discord's limits."""

    async def checked() -> None:
        where = folder or load_settings().courses_dir
        courses = read_courses(where)
        if faults := await faults_shown(courses):
            raise CannotStart("Discord would refuse:\n" + "\n".join(f"- {fault}" for fault in faults))
        for course in courses:
            modules = sum(len(path.modules) for path in course.paths)
            typer.echo(f"{course.code}: {len(course.paths)} paths, {modules} modules, {len(course.leaves)} units")
        typer.echo(f"{where}: nothing to mend")

    _run(checked())


@cli.command("import")
def import_page(
    page: Annotated[Path, typer.Argument(help="A course page in Markdown, as course authors keep it.")],
    to: Annotated[Path | None, typer.Option(help="The file to write; without it, CODE.yaml here. - prints it.")] = None,
    force: Annotated[bool, typer.Option(help="Replace the file if it is there.")] = False,
) -> None:
    """Turn a course page into a course file, and say what could not be read."""

    async def imported() -> None:
        try:
            text = page.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(f"{page} can't be read: {error}") from error
        read = read_page(text, page.name)
        made = to_yaml(read)
        course = CourseReader().read(made, f"{page.name} as a course file")
        for line in read.unread:
            typer.echo(line, err=True)
        target = to or Path(f"{course.id}.yaml")
        if str(target) == "-":
            typer.echo(made)
            return
        if target.exists() and not force:
            raise BadInput(f"{target} is already there. Name another file with --to, or replace it with --force.")
        try:
            target.write_text(made, "utf-8")
        except OSError as error:
            raise BadInput(f"{target} can't be written: {error.strerror}. Name another file with --to.") from error
        typer.echo(f"{target}: {course.code} with {len(course.paths)} paths. Put it into COURSES_DIR to serve it.")

    _run(imported())


@cli.command()
def demo(port: Annotated[int, typer.Option(help="The port of the page; 0 takes a free one.")] = 8765) -> None:
    """Show the real bot on a simulated Discord, in a local browser page. Needs no token."""

    async def shown() -> None:
        try:
            from bot.demo import serve_demo  # noqa: PLC0415 - its simulator is an extra
        except ImportError as error:
            raise CannotStart("The demo needs the extra `demo`: run `make demo`, which installs it.") from error
        await serve_demo(load_settings(), port)

    _run(shown())


def _run(work: Coroutine[Any, Any, None], *, fast: bool = False) -> None:
    """Run ``work``; a refusal is one sentence on standard error and exit code 1. ``fast`` takes uvloop."""
    try:
        with asyncio.Runner(loop_factory=_fast_loop if fast else None) as runner:
            runner.run(work)
    except StudyError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        # The demo's way to end; whatever else was interrupted has written nothing half.
        typer.echo("Stopped.", err=True)


def _fast_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop  # noqa: PLC0415 - not there on every system
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


@asynccontextmanager
async def assembled(settings: Settings) -> AsyncIterator[tuple[Study, Store]]:
    """The product with everything that it stands on. Raises ``CannotStart``."""
    courses = read_courses(settings.courses_dir)
    try:
        catalogue = Catalogue(courses, settings.default_course)
    except StudyError as error:
        raise CannotStart(f"DEFAULT_COURSE: {error}") from error
    store = await Store.open(settings.database_path)
    try:
        yield await Study.open(store, catalogue), store
    finally:
        await store.close()


async def _serve() -> None:
    settings = load_settings()
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # a study companion doesn't speak
    discord.utils.setup_logging(level=logging.getLevelName(settings.log_level), root=True)
    token = settings.discord_token.get_secret_value().strip()
    if not token:
        raise CannotStart("DISCORD_TOKEN is not set. Put it into .env (see .env.example); `make demo` needs none.")
    async with assembled(settings) as (study, store):
        gc.freeze()  # courses live as long as the process: no collection needs to look through them again
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        connected = asyncio.create_task(_stay_connected(study, store, token))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait((connected, stopping), return_when=asyncio.FIRST_COMPLETED)
        log.info("stopping")
        stopping.cancel()
        if not connected.done():
            connected.cancel()
        with suppress(asyncio.CancelledError):
            await connected


async def _stay_connected(study: Study, store: Store, token: str) -> None:
    """Log in, trying again with growing pauses while Discord can't be reached, and stay connected.

    The bot is closed at the end, also where this is cancelled: what is under way may finish first.
    """
    pause = FIRST_PAUSE
    while True:
        async with StudyBot(study, store) as bot:
            try:
                await bot.login(token)
            except discord.LoginFailure as error:
                raise CannotStart("Discord refused DISCORD_TOKEN. Copy it again from the developer portal.") from error
            except (OSError, TimeoutError, aiohttp.ClientError, discord.DiscordServerError) as error:
                log.warning("Discord can't be reached (%s); trying again in %.0f s", error, pause)
            else:
                await bot.connect()
                return
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


if __name__ == "__main__":
    cli()
