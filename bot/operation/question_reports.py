"""``waymark reports`` and ``waymark statistics``: what learners report, and which questions are suspicious."""

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import groupby
from typing import Annotated, Any

import typer

from bot.config import load_settings
from bot.content import catalogue_of, read_content
from bot.core.questions.item_statistics import MAX_REPORTS, MIN_ANSWERS, Flag, Resolution
from bot.core.questions.question_report import MAX_BECAUSE, beginning
from bot.errors import BadInput, one_line
from bot.store import Store
from bot.store.question_reports import OpenReport
from bot.study import Study
from bot.study.item_statistics import CourseStatistics, SuspiciousItem
from bot.study.study import utc_now

Execute = Callable[[Coroutine[Any, Any, None]], None]


def reports_command(execute: Execute) -> typer.Typer:
    """Build ``reports`` and ``reports resolve``. ``execute`` runs a command and shows its refusal."""
    cli = typer.Typer(invoke_without_command=True)

    @cli.callback()
    def reports(context: typer.Context) -> None:
        """List the open reports of questions."""

        async def work() -> None:
            async with _study() as study:
                for line in report_lines(await study.question_reports.open(), study.now()):
                    typer.echo(line)

        if context.invoked_subcommand is None:
            execute(work())

    @cli.command()
    def resolve(
        item: Annotated[
            str, typer.Argument(metavar="COURSE/QUESTION", help="The question, as `waymark reports` lists it.")
        ],
        resolution: Annotated[Resolution, typer.Option("--as", help="Your decision.")],
        because: Annotated[
            str, typer.Option(help=f"The reason that the reporters read, up to {MAX_BECAUSE} characters.")
        ],
    ) -> None:
        """Resolve all open reports of a question. Each reporter is told once, at their next review."""

        async def work() -> None:
            course, slash, question = item.partition("/")
            if not slash:
                raise BadInput(f"{item} is not a question. Write it as COURSE/QUESTION, such as az-104/q-1.")
            async with _study() as study:
                count = await study.question_reports.resolve(course.lower(), question, resolution, because)
            typer.echo(f"{course.lower()}/{question}: {resolution}, {_counted(count, 'report')} resolved")

        execute(work())

    return cli


def statistics_command(execute: Execute) -> Callable[..., None]:
    """Build ``statistics``."""

    def statistics(
        course: Annotated[str | None, typer.Argument(help="The code of a course; all courses if left out.")] = None,
    ) -> None:
        """List the questions whose answers are suspicious, and those that mock exams leave out."""

        async def work() -> None:
            async with _study() as study:
                banks = study.catalogue.banks
                found = [study.catalogue.course(course).id] if course else list(banks)
                for name in found:
                    if name not in banks:
                        raise BadInput(f"{name} has no questions.")
                    for line in statistics_lines(await study.item_statistics.of_course(banks[name])):
                        typer.echo(line)

        execute(work())

    return statistics


def report_lines(reports: Sequence[OpenReport], now: datetime) -> Iterator[str]:
    """Yield the open reports by question (they are sorted), and how to resolve them."""
    if not reports:
        yield "No open reports."
        return
    item = ""
    for (course, question), group in groupby(reports, key=lambda report: (report.course, report.question)):
        of_question, item = list(group), f"{course}/{question}"
        kept_out = ", kept out of mock exams" if len(of_question) >= MAX_REPORTS else ""
        yield f"{item}: {_counted(len(of_question), 'report')}{kept_out}"
        yield f"  {one_line(of_question[-1].prompt)}"
        for report in of_question:
            comment = " ".join((report.comment or "").split())
            yield f"  - {report.reason}, {_age(now - report.at)}" + (f": {one_line(comment)}" if comment else "")
    yield f'To resolve all reports of a question: waymark reports resolve {item} --as fixed --because "..."'


def statistics_lines(found: CourseStatistics) -> Iterator[str]:
    """Yield the suspicious questions of a course and the ones that mock exams leave out."""
    code = found.bank.course.id
    yield (
        f"{found.bank.course.code}: {_counted(len(found.suspicious), 'suspicious question')} of {found.judged} with at "
        f"least {MIN_ANSWERS} first answers"
    )
    for item in found.suspicious:
        yield from _item_lines(code, item)
    for question, reason in found.kept_out.items():
        yield f"{code}/{question}: kept out of mock exams: {reason}"


def _item_lines(code: str, item: SuspiciousItem) -> Iterator[str]:
    share = round(100 * item.correct / item.answers)
    measure = "" if item.discrimination is None else f", discrimination {item.discrimination:+.2f}"
    time = "" if item.seconds is None else f", {item.seconds} s on average"
    yield f"{code}/{item.question.id}: {item.correct} of {item.answers} correct ({share}%){measure}{time}"
    yield f"  {one_line(beginning(item.question.prompt))}"
    for flag in item.flags:
        yield f"  - {_flag(flag)}"


def _flag(flag: Flag) -> str:
    option = f": {one_line(flag.option)}" if flag.option else ""
    return f"{'severe: ' if flag.severe else ''}{flag.suspicion}{option}"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _age(age: timedelta) -> str:
    return f"{_counted(age.days, 'day')} ago" if age.days else "today"


@asynccontextmanager
async def _study() -> AsyncIterator[Study]:
    """Open the product on the configured database. The bot may be running."""
    settings = load_settings()
    catalogue = catalogue_of(read_content(settings), settings)
    store = await Store.open(settings.database)
    try:
        yield Study(store, catalogue, now=utc_now)
    finally:
        await store.close()
