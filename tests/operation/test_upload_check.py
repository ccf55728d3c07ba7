"""The process that checks uploaded files."""

import asyncio
import sys

import pytest

from bot.errors import BadInput
from bot.operation.upload_check import TOO_COMPLEX, UploadCheck
from tests.core.authoring.test_upload import BYTES, CSV, changed


async def test_files_are_checked_in_another_process():
    found = await UploadCheck().check({"nav.yaml": BYTES, "questions.csv": CSV})
    assert found.problems == ()
    assert found.files.course == BYTES.decode()
    assert list(found.files.questions) == ["charts.yaml"]
    assert found.hosts == ("coast.example", "tides.example")
    more = await UploadCheck().check({"nav.yaml": changed("Coastal", "Inshore")}, found.files)
    assert more.files.questions == found.files.questions


async def test_problems_come_back():
    found = await UploadCheck().check({"nav.yaml": changed("minutes: 5", "minutes: 0")})
    assert len(found.problems) == 3
    assert found.problems[0].startswith("nav.yaml:14: paths > 1 > modules > 1 > units > 1 > minutes: Input should be")
    assert found.files is None


@pytest.mark.parametrize(("program", "patience"), [("while True: pass", 1.0), ("raise SystemExit(1)", 60.0)])
async def test_a_process_that_hangs_or_dies_is_reported(program, patience):
    with pytest.raises(BadInput, match=TOO_COMPLEX[:40]):
        await UploadCheck((sys.executable, "-c", program), patience).check({"nav.yaml": BYTES})


async def test_the_limits_of_the_process_end_it():
    """The process sets its own limits, so this one runs it with a program that exceeds them afterwards."""
    program = "from bot.operation.upload_check import _limit; _limit(); x = bytearray(2 << 30)"
    with pytest.raises(BadInput, match=TOO_COMPLEX[:40]):
        await UploadCheck((sys.executable, "-c", program)).check({"nav.yaml": BYTES})


async def test_a_cancelled_check_leaves_no_process():
    check = UploadCheck((sys.executable, "-c", "while True: pass"))
    task = asyncio.create_task(check.check({"nav.yaml": BYTES}))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not check._running.locked()
