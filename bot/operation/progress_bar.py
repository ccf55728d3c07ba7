"""A progress bar for commands that take a while, on a terminal only."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


@contextmanager
def progress_bar(label: str, steps: int | None = None, console: Console | None = None) -> Iterator[Callable[[], None]]:
    """Show a progress bar on standard error during the block; the value is called after each step.

    Without ``steps``, the bar only counts. Nothing is shown if standard error is not a terminal.
    """
    console = console or Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(label, total=steps)
        yield lambda: progress.advance(task)
