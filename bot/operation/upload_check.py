"""Check uploaded files in a process of its own: ``python -m bot.operation.upload_check``, files in, result out.

The process has limits on time and memory, so that no file can slow down or crash the bot.
"""

import asyncio
import base64
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

from bot.core.authoring.upload import Upload, hosts, read_upload
from bot.core.course.reading import CourseReader
from bot.core.course.server_course import CourseFiles
from bot.errors import BadInput, BrokenCourse
from bot.operation.check.courses import check_courses
from bot.operation.check.questions import check_questions

SECONDS, PATIENCE = 20, 80.0
"""Seconds of processor time that a check may take, and seconds that may pass."""
MEMORY = 1 << 30
"""Bytes of address space. The libraries alone take about 400 MB of it."""
AT_ONCE = 2
"""Checks in progress; others wait."""
MODULE = "bot.operation.upload_check"
TOO_COMPLEX = "The files are too large or too complex to be checked. Split them, or remove what isn't needed."


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """The result of a check: ``problems`` as ``file:line: place: what is wrong``, or the ``files`` of the course.

    ``hosts`` are those of the course's links, ``notes`` what was left out or guessed on a course page.
    """

    problems: tuple[str, ...]
    files: CourseFiles | None = None
    notes: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


class UploadCheck:
    """Checks uploads, a few at a time."""

    def __init__(self, command: Sequence[str] = (sys.executable, "-m", MODULE), patience: float = PATIENCE) -> None:
        """``command`` starts the process that checks; it may take ``patience`` seconds."""
        self._command = command
        self._patience = patience
        self._running = asyncio.Semaphore(AT_ONCE)

    async def check(self, uploaded: Mapping[str, bytes], base: CourseFiles | None = None) -> CheckedUpload:
        """Check uploaded files by name. Missing parts come from ``base``.

        Raises ``BadInput`` for files that take too much time or memory.
        """
        request = {
            "files": {name: base64.b64encode(content).decode() for name, content in uploaded.items()},
            "base": asdict(base) if base else None,
        }
        async with self._running:
            output = await self._run(await asyncio.to_thread(_encoded, request))
        return await asyncio.to_thread(_decoded, output)

    async def _run(self, request: bytes) -> bytes:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*self._command, stdin=pipe, stdout=pipe, stderr=pipe)
        try:
            async with asyncio.timeout(self._patience):
                output, _ = await process.communicate(request)
        except TimeoutError as error:
            raise BadInput(TOO_COMPLEX) from error
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if process.returncode != 0:
            raise BadInput(TOO_COMPLEX)
        return output


def _encoded(request: Mapping[str, Any]) -> bytes:
    return json.dumps(request).encode()


def _decoded(output: bytes) -> CheckedUpload:
    found = json.loads(output)
    files = CourseFiles(**found["files"]) if found["files"] else None
    return CheckedUpload(tuple(found["problems"]), files, tuple(found["notes"]), tuple(found["hosts"]))


def problems_and_upload(uploaded: Mapping[str, bytes], base: CourseFiles | None) -> CheckedUpload:
    """Read and check uploaded files in this process, including their messages against Discord's limits.

    The layouts of ``check_questions`` stand for all messages with questions, which add only short texts to them.
    """
    try:
        upload = read_upload(uploaded, base, CourseReader())
    except BrokenCourse as broken:
        return CheckedUpload(tuple(broken.faults))
    return _checked(upload)


def _checked(upload: Upload) -> CheckedUpload:
    course, bank = upload.content.course, upload.content.bank
    views = chain(check_courses([course]), check_questions(bank) if bank else ())
    if faults := [f"{name}: {fault}" for name, found in views for fault in found]:
        return CheckedUpload(tuple(faults))
    return CheckedUpload((), upload.files, upload.notes, hosts(course))


def main() -> None:
    """Read a request from standard input and write the result to standard output."""
    _limit()
    request = json.load(sys.stdin)
    files = {name: base64.b64decode(content) for name, content in request["files"].items()}
    base = CourseFiles(**request["base"]) if request["base"] else None
    json.dump(asdict(problems_and_upload(files, base)), sys.stdout)


def _limit() -> None:
    """Limit processor time and memory, where the system can."""
    with suppress(ImportError):
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    main()
