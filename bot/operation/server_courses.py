"""The commands ``waymark courses``: list, export and remove the courses of servers."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.config import Settings, load_settings
from bot.core.course.server_course import COURSE_FILE
from bot.errors import BadInput, NotFound
from bot.store import Store
from bot.store.server_course_rows import ServerCourse
from bot.study.study import utc_now


async def list_courses(settings: Settings) -> list[str]:
    """Return a line for each course: ID, server, code, title, version, and when it was added or removed."""
    store = await Store.open(settings.database)
    try:
        courses = await store.server_courses.all()
    finally:
        await store.close()
    return [_line(course) for course in courses] or ["No server has added a course."]


def _line(course: ServerCourse) -> str:
    state = f"removed {course.removed_at:%Y-%m-%d}" if course.removed_at else f"added {course.created_at:%Y-%m-%d}"
    copied = f", copied from {course.origin.course}" if course.origin else ""
    return (
        f"{course.id}  server {course.server}  {course.code}: {course.title}  version {course.version}, {state}{copied}"
    )


async def export_course(settings: Settings, course: str, folder: Path) -> list[Path]:
    """Write the current files of a course to a new folder. Return them. Raises ``NotFound`` and ``BadInput``."""
    store = await Store.open(settings.database)
    try:
        stored = await store.server_courses.files(course)
    finally:
        await store.close()
    if stored is None:
        raise NotFound(f"There is no course {course}. `waymark courses list` shows the IDs.")
    if folder.exists():
        raise BadInput(f"{folder} exists already. Name a new folder.")
    texts = {COURSE_FILE: stored.files.course} | {
        f"questions/{name}": text for name, text in stored.files.questions.items()
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return [folder / name for name in texts]


async def remove_course(settings: Settings, course: str) -> None:
    """Remove a course and delete its files at once. Learners' ticks stay. The bot may be running.

    Raises ``NotFound``.
    """
    store = await Store.open(settings.database)
    try:
        if not await store.server_courses.purge(course, utc_now()):
            raise NotFound(f"There is no course {course}. `waymark courses list` shows the IDs.")
    finally:
        await store.close()


def courses_command(execute: Callable[[Coroutine[Any, Any, None]], None]) -> typer.Typer:
    """Build ``waymark courses``. ``execute`` runs a command and reports a refusal."""
    cli = typer.Typer(no_args_is_help=True, help="List, export and remove the courses that servers uploaded.")
    id_ = Annotated[str, typer.Argument(metavar="ID", help="The ID that `waymark courses list` shows.")]

    @cli.command("list")
    def list_command() -> None:
        """List the courses of all servers."""

        async def work() -> None:
            for line in await list_courses(load_settings()):
                typer.echo(line)

        execute(work())

    @cli.command("export")
    def export_command(
        course: id_, folder: Annotated[Path, typer.Argument(help="A new folder for the course's files.")]
    ) -> None:
        """Write the current files of a course to a folder."""

        async def work() -> None:
            for path in await export_course(load_settings(), course, folder):
                typer.echo(str(path))

        execute(work())

    @cli.command("remove")
    def remove_command(
        course: id_, yes: Annotated[bool, typer.Option("--yes", help="Don't ask for confirmation.")] = False
    ) -> None:
        """Remove a course from its server and delete its files. Its learners keep what they completed."""
        if not yes:
            typer.confirm(f"Delete the course {course} and all of its versions?", abort=True)

        async def work() -> None:
            await remove_course(load_settings(), course)
            typer.echo(f"{course} is deleted.")

        execute(work())

    return cli
