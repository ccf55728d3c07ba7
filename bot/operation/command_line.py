"""The commands of ``waymark``. Each one prints to standard output; a refusal is printed to standard error."""

import asyncio
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.config import Settings, load_settings
from bot.content import Content, read_banks, read_content, read_courses, unused_files
from bot.errors import INTERRUPTED, BadInput, CannotStart, StudyError
from bot.operation.against import require_progress_kept
from bot.operation.backups import stem_of
from bot.operation.check import find_message_faults
from bot.operation.check.coverage import balance_lines, coverage_table, due_for_review, outline_faults
from bot.operation.check.questions import answer_hints, sparse_modules
from bot.operation.doctor import findings
from bot.operation.host import fast_loop
from bot.operation.importing import Importer, Result
from bot.operation.progress_bar import progress_bar
from bot.operation.question_reports import reports_command, statistics_command
from bot.operation.server_courses import courses_command
from bot.store.moving import back_up, name_of, steps_of_backup, steps_of_move, steps_of_restore, where_of
from bot.store.moving import move as move_database
from bot.store.moving import restore as restore_backup
from bot.study.study import utc_now

Run = Callable[[Settings, bool], Awaitable[None]]
Demo = Callable[[Settings, int], Awaitable[None]]
Invite = Callable[[int], str]


def command_line(run: Run, demo: Demo, invite: Invite) -> typer.Typer:
    """Build the command line. ``run`` serves Discord and ``demo`` the demo on a port, until they are stopped.

    ``invite`` returns the link for an application ID.
    """
    cli = typer.Typer(
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        help="Waymark, a study companion for Discord.",
    )

    @cli.command("run")
    def run_command(
        take_over: Annotated[bool, typer.Option(help="Let a process that serves the same shards stop first.")] = False,
    ) -> None:
        """Run the bot with the token from the environment or .env."""

        async def work() -> None:
            await run(load_settings(), take_over)

        _execute(work(), fast=True, until_stopped=True)

    @cli.command("demo")
    def demo_command(
        port: Annotated[int, typer.Option(help="The port of the page; 0 takes a free one.")] = 8765,
    ) -> None:
        """Show the real bot on a simulated Discord, on a local web page. Needs no token."""

        async def work() -> None:
            try:
                await demo(load_settings(), port)
            except ImportError as error:
                raise CannotStart("The demo needs the extra `demo`: run `make demo`, which installs it.") from error

        _execute(work(), until_stopped=True)

    @cli.command("invite")
    def invite_command(
        application: Annotated[
            int,
            typer.Argument(metavar="APPLICATION_ID", min=1, help="The application ID in the Developer Portal."),
        ],
    ) -> None:
        """Print the link that adds the bot to a server, with exactly the permissions it needs."""
        typer.echo(invite(application))

    for command in (doctor, check, import_page, backup, restore, move):
        cli.command("import" if command is import_page else command.__name__)(command)
    cli.add_typer(courses_command(_execute), name="courses")
    cli.add_typer(reports_command(_execute), name="reports")
    cli.command("statistics")(statistics_command(_execute))
    return cli


def doctor() -> None:
    """Check this installation and suggest fixes. Exits with 1 if there are errors."""

    async def work() -> None:
        counts = Counter[str]()
        async for finding in findings(utc_now()):
            counts[finding.level] += 1
            typer.echo(str(finding))
        typer.echo(f"{counts['ok']} ok, {counts['warning']} warnings, {counts['error']} errors")
        if counts["error"]:
            raise typer.Exit(1)

    _execute(work())


def check(
    folder: Annotated[
        Path | None,
        typer.Argument(help="A folder of course files, next to a folder `questions`; the settings say the default."),
    ] = None,
    against: Annotated[
        str | None, typer.Option(metavar="DATABASE", help="Fail if anyone in this file or address would lose progress.")
    ] = None,
) -> None:
    """Check courses and question banks, and every message that can show them against Discord's limits."""

    async def work() -> None:
        if folder:
            where, questions = folder, folder.parent / "questions"
            courses = read_courses(folder)
            content = Content(courses, read_banks(questions, courses))
        else:
            settings = load_settings()
            content, where, questions = read_content(settings), settings.courses_dir, settings.banks
        banks = content.banks.values()
        with progress_bar("Checking messages") as advance:
            faults = await find_message_faults(content.courses, content.banks, advance)
        if faults:
            raise CannotStart("Discord would refuse:\n" + "\n".join(f"- {fault}" for fault in faults))
        if faults := [fault for bank in banks for fault in answer_hints(bank)]:
            raise CannotStart("Questions that reveal their answers:\n" + "\n".join(f"- {fault}" for fault in faults))
        if faults := [fault for bank in banks for fault in outline_faults(bank)]:
            raise CannotStart("Banks that don't cover their outline:\n" + "\n".join(f"- {fault}" for fault in faults))
        for course in content.courses:
            modules = sum(len(path.modules) for path in course.paths)
            questions_note = f", {len(content.banks[course.id])} questions" if course.id in content.banks else ""
            counts = f"{len(course.paths)} paths, {modules} modules, {len(course.leaves)} units"
            typer.echo(f"{course.code}: {counts}{questions_note}")
            if bank := content.banks.get(course.id):
                for line in (*coverage_table(bank), *balance_lines(bank)):
                    typer.echo(line)
        for warning in (
            *unused_files(questions, content.courses),
            *(warning for bank in banks for warning in sparse_modules(bank)),
            *(warning for bank in banks for warning in due_for_review(bank, utc_now().date())),
        ):
            typer.echo(f"warning: {warning}")
        compared = require_progress_kept(against, content.courses, utc_now().date())
        typer.echo("\n".join([*compared, f"{where}: no problems"]))

    _execute(work())


def backup(
    file: Annotated[
        Path | None, typer.Argument(help="The file to write; by default one in BACKUP_DIR or beside the database.")
    ] = None,
) -> None:
    """Write a compressed, checked copy of the database. The bot may be running."""

    async def work() -> None:
        settings = load_settings()
        database = settings.database
        beside = database.parent if isinstance(database, Path) else Path()
        name = f"{stem_of(database)}-{utc_now():%Y%m%dT%H%M%SZ}.db.gz"
        with progress_bar("Backing up", steps_of_backup(database)) as advance:
            made = back_up(database, file or (settings.backup_dir or beside) / name, between=advance)
        rows = sum(made.contents.rows.values())
        typer.echo(f"{made.path}: {rows} rows, {made.size} bytes, checked; {made.seconds:.1f} s")

    _execute(work())


def restore(
    file: Annotated[Path, typer.Argument(help="A backup, or a database that an earlier restore replaced.")],
) -> None:
    """Replace the database with a backup. Stop the bot first. The old database is kept in the same folder."""

    async def work() -> None:
        settings = load_settings()
        with progress_bar("Restoring", steps_of_restore(file)) as advance:
            keep_in = settings.backup_dir or Path()
            done = restore_backup(file, settings.database, now=utc_now(), keep_in=keep_in, between=advance)
        rows = sum(done.contents.rows.values())
        typer.echo(f"{name_of(settings.database)}: version {done.contents.version}, {rows} rows, from {file}")
        if done.replaced:
            typer.echo(f"The replaced database is {done.replaced}")

    _execute(work())


def move(
    source: Annotated[str, typer.Argument(metavar="FROM", help="A database file, or the address of PostgreSQL.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="An empty database: a file, or an address.")],
) -> None:
    """Copy everything from one database into another: from SQLite to PostgreSQL or back. Stop the bot first."""

    async def work() -> None:
        given, to = where_of(source), where_of(target)
        with progress_bar("Moving", steps_of_move(given)) as advance:
            moved = move_database(given, to, now=utc_now(), between=advance)
        for table, found in moved.tables.items():
            if found.rows:
                typer.echo(f"{table}: {found.rows} rows")
        typer.echo(f"{name_of(to)}: {moved.rows} rows from {name_of(given)}, compared; {moved.seconds:.1f} s")

    _execute(work())


def import_page(
    page: Annotated[Path, typer.Argument(help="A course page in Markdown, a folder of them, or a catalog (.json).")],
    to: Annotated[Path | None, typer.Option(help="The file or folder to write, or - to print; else CODE.yaml.")] = None,
    force: Annotated[bool, typer.Option(help="Replace the file if it is there.")] = False,
    pick: Annotated[
        list[str] | None,
        typer.Option(help="From a catalog: the number of a course, or a learning path's UID or title."),
    ] = None,
    code: Annotated[str, typer.Option(help="From a catalog: the code of the course, such as AZ-104.")] = "",
) -> None:
    """Turn course pages into course files, and report what was left out or guessed, with its line."""

    async def work() -> None:
        results: list[Result] = []
        with progress_bar("Importing") as advance:
            for result in Importer(to, force=force, picks=pick or (), code=code).results(page):
                results.append(result)
                advance()
        for result in results:
            for line in result.notes:
                typer.echo(line, err=True)
            typer.echo(result.message, err=not result.written)
        written = sum(result.written for result in results)
        if written < len(results):
            raise BadInput(f"{written} of {len(results)} pages were imported.")

    _execute(work())


def _execute(work: Coroutine[Any, Any, None], *, fast: bool = False, until_stopped: bool = False) -> None:
    """Run ``work``. A refusal is printed to standard error and ends the process with its exit code.

    ``fast`` uses uvloop. ``until_stopped`` marks work that ends in no other way, so that a stop is not a failure.
    """
    try:
        with asyncio.Runner(loop_factory=fast_loop if fast else None) as runner:
            runner.run(work)
    except StudyError as error:
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        # Files are written under another name first, so that nothing is half written.
        typer.echo("Stopped.", err=True)
        sys.exit(0 if until_stopped else INTERRUPTED)
