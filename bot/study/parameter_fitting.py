"""Compute personal FSRS parameters in a separate process with a time limit."""

import asyncio
import json
import logging
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec

from bot.core.questions.fsrs import check_parameters
from bot.errors import Busy

log = logging.getLogger("waymark")

PROGRAM = (sys.executable, "-m", "bot.optimizer")
NEEDED = ("torch", "pandas", "tqdm", "resource")
"""What the optimizer of ``fsrs`` imports (the extra ``optimizer`` installs it), and the limits of the program."""
MAX_SECONDS = 300.0
MAX_LOGGED = 500
FAILED = "Your timing couldn't be computed. Nothing was changed."
IN_USE = "I'm computing someone else's timing right now. Try again in a few minutes."


def installed_program() -> tuple[str, ...] | None:
    """Return the optimizer's program; None if the extra isn't installed."""
    return PROGRAM if all(find_spec(module) for module in NEEDED) else None


class ParameterFitting:
    """Runs ``program``, one process at a time. It gets the reviews as JSON, and returns the parameters as JSON."""

    def __init__(self, program: Sequence[str], *, seconds: float = MAX_SECONDS) -> None:
        self._program = tuple(program)
        self._seconds = seconds
        self._running = False

    def check_free(self) -> None:
        """Raise ``Busy`` if a computation is in progress."""
        if self._running:
            raise Busy(IN_USE)

    async def fit(self, reviews: Sequence[tuple[int, int, int]]) -> tuple[float, ...]:
        """Return the parameters. Raises ``Busy`` if another computation is running, and if this one fails.

        The process is killed after the time limit and if this call is cancelled.
        """
        self.check_free()
        self._running = True
        try:
            return await self._run(json.dumps(reviews).encode())
        finally:
            self._running = False

    async def _run(self, reviews: bytes) -> tuple[float, ...]:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*self._program, stdin=pipe, stdout=pipe, stderr=pipe)
        try:
            async with asyncio.timeout(self._seconds):
                output, errors = await process.communicate(reviews)
            parameters = tuple(map(float, json.loads(output))) if process.returncode == 0 else ()
            check_parameters(parameters)
        except TimeoutError:
            log.warning("computing FSRS parameters took more than %.0f s", self._seconds)
        except (ValueError, TypeError):
            log.warning("computing FSRS parameters failed with %s: %s", process.returncode, _end(errors))
        else:
            return parameters
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        raise Busy(FAILED)


def _end(errors: bytes) -> str:
    return errors.decode(errors="replace").strip()[-MAX_LOGGED:]
