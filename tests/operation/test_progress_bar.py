"""The progress bar: shown on a terminal, and nowhere else."""

import io

from rich.console import Console

from bot.operation.progress_bar import progress_bar


def shown(*, terminal: bool, steps: int | None) -> str:
    console = Console(file=io.StringIO(), force_terminal=terminal, width=80)
    with progress_bar("Backing up", steps, console) as advance:
        for _ in range(3):
            advance()
    return console.file.getvalue()


def test_on_a_terminal():
    assert "Backing up" in shown(terminal=True, steps=4)
    assert "3/4" in shown(terminal=True, steps=4)
    assert "3/?" in shown(terminal=True, steps=None)


def test_in_a_pipe():
    assert shown(terminal=False, steps=4) == ""
