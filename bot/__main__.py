"""The command line."""

import asyncio
import sys
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.config import load_settings
from bot.content import read_banks, read_courses, strays
from bot.errors import BadInput, CannotStart, StudyError
from bot.operation.check import check as faults_shown
from bot.operation.check.questions import given_away, thin
from bot.operation.doctor import findings
from bot.operation.importing import Importer
from bot.serve import fast_loop, serve
from bot.store.sqlite.backup import back_up
from bot.store.sqlite.backup import restore as put_back
from bot.study.study import utc_now

cli = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Waymark, a study companion for Discord.",
)


@cli.command()
def run() -> None:
    """Run the bot with the token of the environment or of .env."""

    async def served() -> None:
        await serve(load_settings())

    _run(served(), fast=True)


@cli.command()
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(help="A folder of course files, with `questions` beside it; without it, those of the settings."),
    ] = None,
) -> None:
    """Check courses and question banks, and every message that can show them against Discord's limits."""

    async def checked() -> None:
        if folder:
            where, questions = folder, folder.parent / "questions"
        else:
            settings = load_settings()
            where, questions = settings.courses_dir, settings.banks
        courses = read_courses(where)
        banks = read_banks(questions, courses)
        if faults := await faults_shown(courses, banks):
            raise CannotStart("Discord would refuse:\n" + "\n".join(f"- {fault}" for fault in faults))
        if faults := [fault for bank in banks.values() for fault in given_away(bank)]:
            raise CannotStart("Questions that give their answers away:\n" + "\n".join(f"- {each}" for each in faults))
        for course in courses:
            modules = sum(len(path.modules) for path in course.paths)
            asked = f", {len(banks[course.id])} questions" if course.id in banks else ""
            typer.echo(
                f"{course.code}: {len(course.paths)} paths, {modules} modules, {len(course.leaves)} units{asked}"
            )
        for warning in (*strays(questions, courses), *(each for bank in banks.values() for each in thin(bank))):
            typer.echo(f"to look at: {warning}")
        typer.echo(f"{where}: nothing to mend")

    _run(checked())


@cli.command()
def doctor() -> None:
    """Look whether all is in order, and say what to do where it is not. Exit code 1 where there is a fault."""

    async def looked() -> None:
        levels = Counter[str]()
        async for finding in findings(utc_now()):
            levels[finding.level] += 1
            typer.echo(str(finding))
        typer.echo(f"{levels['ok']} ok, {levels['warning']} to look at, {levels['fault']} to mend")
        if levels["fault"]:
            raise typer.Exit(1)

    _run(looked())


@cli.command()
def backup(
    file: Annotated[
        Path | None, typer.Argument(help="The file to write; without it, one in BACKUP_DIR or beside the database.")
    ] = None,
) -> None:
    """Write a compressed, checked copy of the database, also while the bot runs."""

    async def backed_up() -> None:
        settings = load_settings()
        folder = settings.backup_dir or settings.database_path.parent
        name = f"{settings.database_path.stem}-{utc_now():%Y%m%dT%H%M%SZ}.db.gz"
        made = back_up(settings.database_path, file or folder / name)
        rows = sum(made.contents.rows.values())
        typer.echo(f"{made.path}: {rows} rows, {made.size} bytes, checked; {made.seconds:.1f} s")

    _run(backed_up())


@cli.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup, or a database that was replaced before.")],
) -> None:
    """Put a backup in place of the database, while the bot is stopped. What it replaces is kept beside it."""

    async def restored() -> None:
        settings = load_settings()
        done = put_back(file, settings.database_path, now=utc_now())
        rows = sum(done.contents.rows.values())
        typer.echo(f"{settings.database_path}: version {done.contents.version}, {rows} rows, from {file}")
        if done.replaced:
            typer.echo(f"What was there before is in {done.replaced}")

    _run(restored())


@cli.command("import")
def import_page(
    page: Annotated[Path, typer.Argument(help="A course page in Markdown, or a folder of them.")],
    to: Annotated[Path | None, typer.Option(help="The file or folder to write, or - to print; else CODE.yaml.")] = None,
    force: Annotated[bool, typer.Option(help="Replace the file if it is there.")] = False,
) -> None:
    """Turn course pages into course files, and report what was left out or guessed, with its line."""

    async def imported() -> None:
        results = []
        for result in Importer(to, force=force).results(page):
            for line in result.notes:
                typer.echo(line, err=True)
            typer.echo(result.says, err=not result.written)
            results.append(result.written)
        if not all(results):
            raise BadInput(f"{sum(results)} of {len(results)} pages were imported.")

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
    """Run ``work``; a refusal is one sentence on standard error and its exit code. ``fast`` takes uvloop."""
    try:
        with asyncio.Runner(loop_factory=fast_loop if fast else None) as runner:
            runner.run(work)
    except StudyError as error:
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        # The demo's way to end; whatever else was interrupted has written nothing half.
        typer.echo("Stopped.", err=True)


if __name__ == "__main__":
    cli()
