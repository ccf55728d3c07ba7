"""A real process with metric pages, and the settings of operation."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.config import Settings
from tests.operation.conftest import TOKEN

ROOT = Path(__file__).parent.parent.parent


# --- a real process -------------------------------------------------------------------------------------------------


def status(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=60) as page:
            return page.status, page.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.parametrize("form", ["human", "json"])
def test_a_process_is_not_ready_until_it_is_connected(tmp_path, form):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "DISCORD_TOKEN": TOKEN,
        "METRICS_PORT": str(port),
        "LOG_FORMAT": form,
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "bot", "run"]
    with subprocess.Popen(command, cwd=tmp_path, env=settings, text=True, stderr=subprocess.PIPE) as process:
        log = ""
        while "logging in" not in log:
            line = process.stderr.readline()
            assert line, log
            log += line
        base = f"http://127.0.0.1:{port}"
        assert f"{base}/metrics" in log
        assert status(f"{base}/healthz") == (200, "alive\n")
        assert status(f"{base}/readyz") == (503, "not connected to Discord\n")
        code, text = status(f"{base}/metrics")
        assert code == 200
        assert 'waymark_store_seconds_count{kind="read"}' in text
        process.send_signal(signal.SIGTERM)
        try:
            log += process.communicate(timeout=180)[1]
        finally:
            process.kill()  # otherwise the block would wait for it forever
    assert process.returncode == 0
    assert TOKEN not in log
    if form == "json":
        assert all(json.loads(line)["message"] for line in log.splitlines())


# --- settings -------------------------------------------------------------------------------------------------------


@pytest.fixture
def settings(monkeypatch, tmp_path):
    """Load settings with only these environment variables."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    def read(**given):
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        return Settings()

    return read


def test_defaults_serve_no_pages_and_all_shards(settings):
    read = settings(METRICS_PORT="", SHARD_COUNT="", SHARD_IDS="")
    assert (read.metrics_port, read.metrics_host) == (None, "127.0.0.1")
    assert (read.shard_count, read.shard_ids) == (None, ())


def test_the_shards_of_a_process(settings):
    read = settings(METRICS_PORT="9464", SHARD_COUNT="4", SHARD_IDS="0, 2")
    assert (read.metrics_port, read.shard_count, read.shard_ids) == (9464, 4, (0, 2))


@pytest.mark.parametrize(
    ("given", "setting"),
    [
        ({"METRICS_PORT": "0"}, "metrics_port"),
        ({"METRICS_PORT": "65536"}, "metrics_port"),
        ({"METRICS_PORT": "http"}, "metrics_port"),
        ({"SHARD_COUNT": "0"}, "shard_count"),
        ({"SHARD_IDS": "0"}, "shard_ids"),
        ({"SHARD_COUNT": "2", "SHARD_IDS": "0,2"}, "shard_ids"),
        ({"SHARD_COUNT": "2", "SHARD_IDS": "-1"}, "shard_ids"),
        ({"SHARD_COUNT": "2", "SHARD_IDS": "1,1"}, "shard_ids"),
        ({"SHARD_COUNT": "2", "SHARD_IDS": "0;1"}, "shard_ids"),
        ({"LOG_FORMAT": "xml"}, "log_format"),
    ],
)
def test_an_invalid_setting_is_named(settings, given, setting):
    with pytest.raises(ValidationError) as refused:
        settings(**given)
    assert refused.value.errors()[0]["loc"][0] == setting
