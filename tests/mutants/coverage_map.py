"""A pytest plugin that records, under coverage, which tests run each line, and how long each test takes.

Needs ``coverage run`` around pytest. Writes ``durations.json`` into the working directory: seconds of each passed test.
"""

import json
from collections.abc import Generator
from pathlib import Path

import coverage
import pytest

seconds: dict[str, float] = {}
failed: set[str] = set()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    running = coverage.Coverage.current()
    assert running is not None
    running.switch_context(item.nodeid)
    return (yield)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    seconds[report.nodeid] = seconds.get(report.nodeid, 0) + report.duration
    if not report.passed:
        failed.add(report.nodeid)


def pytest_sessionfinish() -> None:
    passed = {test: round(spent, 3) for test, spent in seconds.items() if test not in failed}
    Path("durations.json").write_text(json.dumps(passed), "utf-8")
