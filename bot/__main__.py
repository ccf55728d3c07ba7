"""Entry point of the command line: ``waymark``, or ``python -m bot``."""

import signal
import sys
from collections.abc import Sequence
from functools import partial
from io import TextIOWrapper
from types import FrameType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import INTERRUPTED, BadSettings

if TYPE_CHECKING:
    from bot.config import Settings

UNTIL_STOPPED = ("run", "demo")
"""Commands that end in no other way, so that a stop is not a failure."""


class _Interrupt:
    """A handler of SIGTERM that interrupts like Ctrl-C, and records it: Python ignores exceptions in some callbacks."""

    requested = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        self.requested = True
        raise KeyboardInterrupt


def main(words: Sequence[str] | None = None) -> None:
    """Run the command of ``words`` (by default, the arguments of this process) and exit with its code."""
    # Before the slow imports: Linux drops a SIGTERM for process 1, as in a container, until there is a handler.
    interrupt = _Interrupt()
    signal.signal(signal.SIGTERM, interrupt)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # the name of a file can be bytes that are no text
    try:
        _require_zone_data()
        from bot.operation.command_line import command_line  # noqa: PLC0415 - takes half a second

        command_line(run=partial(_run, interrupt), demo=_demo, invite=_invite)(words)
    except KeyboardInterrupt:
        command = [*(sys.argv[1:] if words is None else words), ""][0]
        raise SystemExit(0 if command in UNTIL_STOPPED else INTERRUPTED) from None


def _require_zone_data() -> None:
    """Exit with one sentence where Python finds no time zone data: many modules need them to be imported at all."""
    try:
        ZoneInfo("UTC")
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:
        sys.stderr.write(f"There is no time zone data: {error}. Run `pip install tzdata`.\n")
        raise SystemExit(BadSettings.exit_code) from None


async def _run(interrupt: _Interrupt, settings: "Settings", take_over: bool) -> None:
    from bot.serve import serve  # noqa: PLC0415 - slow, and only this command needs it

    await serve(settings, stopped=lambda: interrupt.requested, take_over=take_over)


def _invite(application: int) -> str:
    from bot.client.channels import invite_link  # noqa: PLC0415 - slow, and only this command needs it

    return invite_link(application)


async def _demo(settings: "Settings", port: int) -> None:
    from bot.demo import serve_demo  # noqa: PLC0415 - its simulator is an extra

    await serve_demo(settings, port)


if __name__ == "__main__":
    main()
