"""Log lines: one per event, in text or JSON."""

import json
import re
import subprocess
import sys
from pathlib import Path

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.operation import logs
from tests.operation.conftest import FORMS, TOKEN, CapturedLog, raised

ROOT = Path(__file__).parent.parent.parent
HEAD = r"(DEBUG|INFO|WARNING|ERROR|CRITICAL) +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [\w.]+ "


def test_a_text_line():
    captured = CapturedLog("human")
    captured.log.warning(
        "shard %d is %s", 3, "back", extra={"seconds": 1.5, "why": "two words", "none": None, "empty": ""}
    )
    assert re.fullmatch(HEAD + r'shard 3 is back seconds=1\.5 why="two words" none=None empty=""', captured.line)


def test_a_json_line():
    captured = CapturedLog("json")
    captured.log.warning("%s", "back", extra={"seconds": 1.5, "server": 1 << 60, "level": "mine", "on": True})
    event = captured.event
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event.pop("time"))
    assert event == {
        "level": "WARNING",
        "logger": "waymark.test",
        "message": "back",
        "seconds": 1.5,
        "server": str(1 << 60),
        "on": True,
    }, "extras don't replace fields, and large numbers are text"


@settings(deadline=None)
@given(st.text(), st.text(), st.text())
def test_line_breaks_and_control_characters_are_escaped(message, extra, fault):
    for form in FORMS:
        captured = CapturedLog(form)
        captured.log.error("said %s", message, extra={"more": extra}, exc_info=raised(ValueError(fault)))
        assert len(captured.text.splitlines()) == 1
        assert captured.line.isprintable()
        if form == "json":
            assert captured.event["level"] == "ERROR"


@settings(deadline=None)
@given(st.text(), st.text())
def test_json_keeps_the_text(message, extra):
    captured = CapturedLog("json")
    captured.log.error("%s", message, extra={"more": extra})
    assert (captured.event["message"], captured.event["more"]) == (message, extra)


def test_an_error_is_logged_on_one_line_with_frames_and_causes(captured):
    try:
        try:
            int("twelve")
        except ValueError as error:
            raise KeyError("deploy") from error
    except KeyError:
        captured.log.exception("it failed")
    error = captured.event["error"] if captured.line.startswith("{") else captured.line
    place = r"operation/test_logs\.py:\d+"
    assert re.search(rf"KeyError: 'deploy' at {place}; from ValueError: invalid literal .*: 'twelve' at {place}", error)
    if captured.line.startswith("{"):
        assert captured.event["traceback"].startswith("Traceback (most recent call last):\n")


def test_innermost_frame_first_and_exceptions_of_a_group():
    captured = CapturedLog("human")

    def inner():
        raise ExceptionGroup("two", [ValueError("one of them"), raised(discord.ClientException("the other"))])

    try:
        inner()
    except ExceptionGroup:
        captured.log.exception("both")
    first, second = re.search(
        r"two \(2 sub-exceptions\) at \S+:(\d+) < \S+:(\d+); from ValueError", captured.line
    ).groups()
    assert int(first) < int(second)
    assert "discord.errors.ClientException: the other at operation/conftest.py:" in captured.line


def test_a_cyclic_chain_of_errors_ends():
    captured = CapturedLog("human")
    one, two = ValueError("one"), ValueError("two")
    one.__context__, two.__context__ = two, one
    captured.log.error("round and round", exc_info=one)
    assert captured.line.count("ValueError") == 2
    captured.log.error("too deep", exc_info=deep(100))
    assert captured.lines[1].count("ValueError") == logs.ERRORS


def deep(depth: int) -> BaseException:
    error: BaseException = ValueError("the first")
    for _ in range(depth):
        error = raised(ValueError("then"), error)
    return error


class Unspeakable(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


def test_an_unformattable_event_is_still_logged(captured):
    captured.log.error("%d and %d", *[1])
    captured.log.error("%s", Unspeakable())
    captured.log.error("it failed", exc_info=raised(Unspeakable()))
    assert [line.count("arguments that do not fit") for line in captured.lines] == [1, 1, 0]
    assert "Unspeakable at operation/conftest.py:" in captured.lines[2]


# --- the whole process ----------------------------------------------------------------------------------------------


def ran(form: str, body: str) -> list[str]:
    """Return what a process that runs ``body`` after ``set_up`` writes to standard error."""
    code = f"import logging, threading, warnings\nfrom bot.operation import logs\nTOKEN = {TOKEN!r}\n"
    code += f"logs.set_up('DEBUG', {form!r}, [TOKEN])\n{body}"
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=ROOT, text=True, capture_output=True, timeout=60
    )
    assert TOKEN not in done.stdout + done.stderr
    return done.stderr.splitlines()


@pytest.mark.parametrize("form", FORMS)
def test_warnings_and_uncaught_errors_are_logged(form):
    lines = ran(
        form,
        "warnings.warn(f'old {TOKEN}')\n"
        "thread = threading.Thread(target=lambda: int(TOKEN)); thread.start(); thread.join()\n"
        "raise RuntimeError(f'{TOKEN}\\nis on two lines')\n",
    )
    assert len(lines) == 3
    if form == "json":
        assert [json.loads(line)["level"] for line in lines] == ["WARNING", "CRITICAL", "CRITICAL"]
    else:
        assert all(re.match(HEAD, line) for line in lines)
    assert ["UserWarning" in lines[0], "ValueError" in lines[1], "RuntimeError" in lines[2]] == [True] * 3


def test_libraries_never_log_below_info():
    lines = ran(
        "human",
        "logging.getLogger('waymark.desk').debug('ours')\n"
        "logging.getLogger('discord.gateway').debug('what members write')\n"
        "logging.getLogger('discord.gateway').info('connected')\n",
    )
    assert [line.split()[-1] for line in lines] == ["ours", "connected"]


def test_an_unwritable_line_is_not_printed_unfiltered():
    lines = ran("human", "logging.getLogger().handlers[0].formatter = None\nlogging.warning('%d ' + TOKEN, 'x')\n")
    assert lines == []
