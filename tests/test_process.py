"""The command line: real processes, their exit codes and standard error."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data" / "courses"
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.no.token"
PAGE = """\
---
layout: default
title: 'Kubernetes for Beginners <em>(K8-101)</em>'
---
## Overview

How containers are run by the dozen.

## Skills earned upon completion

- Deploy an application

Here are the learning paths:

{% include ads.html %}
<span class="form-check">{% include checks.html id="k8-first" %}
[![First steps](https://example.com/first.svg) First steps](https://example.com/first)</span>
<span class="form-check">{% include checks.html id="k8-second" %}
[![Second steps](https://example.com/second.svg) Second steps](https://example.com/second)</span>
"""


@pytest.fixture
def start(tmp_path):
    """Return a function that starts ``python -m bot …`` in an empty folder with only these settings."""
    running = []

    def run(*words, **settings):
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), **settings}
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", *map(str, words)],
            cwd=tmp_path,
            env=environment,
            text=True,
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture
def done(start):
    """Run it to the end. Return exit code, standard output and standard error."""

    def run(*words, **settings):
        process = start(*words, **settings)
        out, err = process.communicate(timeout=180)
        assert "Traceback" not in out + err
        return process.returncode, out, err

    return run


SETTINGS = 78
"""The exit code that tells a supervisor not to restart: a setting has to be corrected first."""


def refused(ended, *says, code=1):
    """Check that the process ended with this exit code and a message that contains all of ``says``."""
    ended_with, out, err = ended
    assert ended_with == code
    assert out == ""
    assert all(each in err for each in says), err
    return err


def course_file(folder, name="t.yaml", **changes):
    course = {"code": "T-1", "title": "Test", "overview": "Text", "paths": [{"id": "a", "title": "A"}], **changes}
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(course, indent=1), "utf-8")  # JSON is YAML too
    return folder


# --- run ------------------------------------------------------------------------------------------------------------


def test_without_a_token(done, tmp_path):
    err = refused(done("run"), "DISCORD_TOKEN is not set.", ".env", code=SETTINGS)
    assert err.count("\n") == 1
    assert list(tmp_path.glob("*.db*")) == [], "nothing was started"


def test_settings_come_from_env_files_too_and_the_environment_wins(done, tmp_path):
    (tmp_path / ".env").write_text("LOG_LEVEL=LOUD\nDISCORD_TOKEN=\nUNKNOWN=1\n", "utf-8")
    refused(done("run"), "LOG_LEVEL", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'", code=SETTINGS)
    refused(done("run", LOG_LEVEL="ERROR", DISCORD_TOKEN="  "), "DISCORD_TOKEN is not set.", code=SETTINGS)


def test_a_bad_log_level(done):
    err = refused(done("run", LOG_LEVEL="LOUD", DISCORD_TOKEN=TOKEN), "LOG_LEVEL", code=SETTINGS)
    assert TOKEN not in err


def test_broken_courses_are_listed_with_file_and_place(done, tmp_path):
    folder = course_file(tmp_path / "mine", paths=[{"id": "A B", "title": "A"}, {"id": "b", "titel": "B"}])
    course_file(folder, "u.yaml", code="U-1", paths=[{"id": "a", "title": "A"}, {"id": "a", "title": "B"}])
    (folder / "v.yaml").write_text("code: [", "utf-8")
    err = refused(
        done("run", DISCORD_TOKEN=TOKEN, COURSES_DIR=str(folder)),
        "t.yaml:",
        "paths > 1 > id",
        "paths > 2 > titel",
        "paths > 2 > title",
        "u.yaml:",
        "'a' is used 2 times among its siblings",
        "v.yaml:2: not YAML",
    )
    assert err.count("\n- ") == 6


def test_a_folder_without_courses(done, tmp_path):
    refused(done("run", DISCORD_TOKEN=TOKEN, COURSES_DIR=str(tmp_path)), str(tmp_path), "no course file", code=SETTINGS)


def test_an_unknown_default_course(done):
    refused(
        done("run", DISCORD_TOKEN=TOKEN, DEFAULT_COURSE="az-140"),
        "DEFAULT_COURSE: There is no course “az-140”. Did you mean AZ-104",
        code=SETTINGS,
    )


def test_a_database_of_a_newer_version(done, tmp_path):
    path = tmp_path / "newer.db"
    database = sqlite3.connect(path)
    database.execute("pragma journal_mode = wal")
    database.execute("pragma user_version = 4711")
    database.close()
    before = path.read_bytes()
    refused(done("run", DISCORD_TOKEN=TOKEN, DATABASE_PATH=str(path)), str(path), "4711", "newer Waymark")
    assert path.read_bytes() == before


def test_an_invalid_database_file(done, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("Buy milk. " * 500, "utf-8")
    refused(done("run", DISCORD_TOKEN=TOKEN, DATABASE_PATH=str(path)), str(path), "DATABASE_PATH")
    assert path.read_text("utf-8").startswith("Buy milk.")


@pytest.mark.parametrize("where", ["gone/waymark.db", "."])
def test_a_database_that_cannot_be_opened(done, where):
    ended = done("run", DISCORD_TOKEN=TOKEN, DATABASE_PATH=where)
    err = refused(ended, "can't be opened", "Check DATABASE_PATH", code=SETTINGS)
    assert err.count("\n") == 1


def test_a_token_with_a_line_break(done, tmp_path):
    (tmp_path / ".env").write_text('DISCORD_TOKEN="first.half\nsecond.half"\n', "utf-8")
    err = refused(done("run"), "DISCORD_TOKEN contains", code=SETTINGS)
    assert err.count("\n") == 1
    assert "half" not in err


@pytest.mark.parametrize(
    "content", ["DISCORD_TOKEN=x".encode("utf-16"), b"DISCORD_TOKEN=x\n# Schl\xfcssel\n", b"the token\x00"]
)
@pytest.mark.parametrize("command", ["run", "check", "backup", "demo"])
def test_a_binary_settings_file(done, tmp_path, command, content):
    (tmp_path / ".env").write_bytes(content)
    err = refused(done(command), ".env: ", "UTF-8", code=SETTINGS)
    assert err.count("\n") == 1


def test_a_missing_question_folder(done):
    refused(done("run", DISCORD_TOKEN=TOKEN, QUESTIONS_DIR="gone"), "QUESTIONS_DIR: gone is not", code=SETTINGS)


def test_a_misspelt_setting_is_logged(start, tmp_path):
    (tmp_path / ".env").write_text(f"LOG_LEVLE=DEBUG\nDISCORD_TOKEN={TOKEN}\n", "utf-8")
    process = start("run")
    while "LOG_LEVLE" not in (line := process.stderr.readline()):
        assert line, "it ended without output"
    assert "LOG_LEVLE in .env is not a setting; did you mean LOG_LEVEL?" in line


WITHOUT_ZONES = """
import sys
sys.modules["tzdata"] = None  # as if it were not installed
from bot.__main__ import main
main(sys.argv[1:])
"""


@pytest.mark.parametrize("command", ["run", "demo", "doctor", "check"])
def test_without_time_zone_data(tmp_path, command):
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONTZPATH": "", "DISCORD_TOKEN": TOKEN}
    words = [sys.executable, "-c", WITHOUT_ZONES, command]
    ended = subprocess.run(
        words, check=False, cwd=tmp_path, env=environment, text=True, capture_output=True, timeout=180
    )
    err = refused((ended.returncode, ended.stdout, ended.stderr), "time zone data", "pip install tzdata", code=SETTINGS)
    assert err.count("\n") == 1


STOPPED_WHILE_IMPORTING = """
import os, signal, sys
import bot.__main__
class Stop:
    def find_spec(self, name, path=None, target=None):
        if name == "typer" and Stop in map(type, sys.meta_path):
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGTERM)
sys.meta_path.insert(0, Stop())
bot.__main__.main(sys.argv[1:])
"""


@pytest.mark.parametrize(("command", "code"), [("run", 0), ("demo", 0), ("backup", 130), ("check", 130)])
def test_a_stop_before_anything_slow_is_imported(tmp_path, command, code):
    """The first slow import finds a SIGTERM handler. Without one, process 1 would not get the signal."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DISCORD_TOKEN": TOKEN}
    words = [sys.executable, "-c", STOPPED_WHILE_IMPORTING, command]
    ended = subprocess.run(
        words, check=False, cwd=tmp_path, env=environment, text=True, capture_output=True, timeout=180
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, "", "")
    assert list(tmp_path.iterdir()) == []


def test_nothing_slow_is_imported_before_the_handler():
    words = [sys.executable, "-c", "import sys, bot.__main__; print(*sys.modules)"]
    loaded = subprocess.run(words, check=True, cwd=ROOT, text=True, capture_output=True, timeout=180).stdout.split()
    assert {each for each in loaded if each.startswith("bot")} == {"bot", "bot.__main__", "bot.errors"}
    assert not {"typer", "discord", "pydantic", "asyncio", "yaml"} & {each.split(".")[0] for each in loaded}


STOPPED_BEFORE_THE_LOOP = """
import asyncio
from bot.config import load_settings
from bot.serve import serve
asyncio.run(serve(load_settings(), stopped=lambda: True))
"""


def test_a_stop_requested_before_the_event_loop_ran_is_not_lost(tmp_path):
    """Python may ignore the exception of the first handler, for example in a callback of the import system."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DISCORD_TOKEN": TOKEN}
    words = [sys.executable, "-c", STOPPED_BEFORE_THE_LOOP]
    ended = subprocess.run(
        words, check=False, cwd=tmp_path, env=environment, text=True, capture_output=True, timeout=180
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert [path.name for path in tmp_path.iterdir()] == ["waymark.db"], "opened, closed, and Discord was not asked"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_ends_cleanly(start, tmp_path, number):
    """The process is stopped while it connects to Discord, with or without a network."""
    process = start("run", DISCORD_TOKEN=TOKEN, DATABASE_PATH="stop.db")
    log = ""
    while "logging in" not in log:
        line = process.stderr.readline()
        assert line, log
        log += line
    process.send_signal(number)
    began = time.monotonic()
    _, err = process.communicate(timeout=180)
    log += err
    assert process.returncode == 0, log
    assert time.monotonic() - began < 5
    assert "stopping" in log
    assert "Traceback" not in log
    assert TOKEN not in log
    assert [path.name for path in tmp_path.glob("stop.db*")] == ["stop.db"], "closed: no write-ahead log is left"
    assert (tmp_path / "stop.db").stat().st_mode & 0o077 == 0, "nobody else on the machine can read it"


@pytest.mark.parametrize("words", [("backup", "x" * 300), ("restore", "x" * 300), ("check", "x" * 300)])
def test_a_name_that_is_too_long(done, tmp_path, words):
    sqlite3.connect(tmp_path / "waymark.db").close()
    err = refused(done(*words), "File name too long")
    assert err.count("\n") == 1 + (words[0] == "check")


def test_an_undecodable_name(done, tmp_path):
    (tmp_path / "mine").mkdir()
    folder = course_file(tmp_path / os.fsdecode(b"mine/\xff"))
    code, out, _ = done("check", folder)
    assert code == 0
    assert out.endswith("mine/\\udcff: no problems\n")


# --- check ----------------------------------------------------------------------------------------------------------


def test_check_of_the_shipped_courses(done):
    code, out, err = done("check")
    assert (code, err) == (0, "")
    assert "AZ-104: 6 paths, 29 modules, 242 units, 436 questions\n" in out
    assert out.count(" paths, ") == 7
    for skills in (82, 57, 30):
        assert f"  {skills} of {skills} skills have questions" in out
    assert "  formats: " in out
    assert out.endswith("no problems\n")


def test_check_of_another_folder(done, tmp_path):
    folder = course_file(tmp_path / "mine")
    says = f"T-1: 1 paths, 0 modules, 1 units\n{folder}: no problems\n"
    assert done("check", COURSES_DIR=str(folder)) == (0, says, "")


def test_check_against_a_database(done, tmp_path):
    """The database is only read, even one of an earlier version, and progress that would be lost is an error."""
    folder = course_file(tmp_path / "mine")
    file = tmp_path / "used.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("create table tick (learner_id integer, course text, route text, done_at integer)")
        database.execute("insert into tick values (1, 't-1', 'a', 1), (2, 't-1', 'a', 1)")
        database.commit()
    says = f"Compared with the progress in {file}:\nT-1: 2 learners, nobody loses progress\n{folder}: no problems\n"
    code, out, err = done("check", folder, "--against", file)
    assert (code, err) == (0, "")
    assert out.endswith(says)
    with closing(sqlite3.connect(file)) as database:
        database.execute("update tick set route = 'older-a' where learner_id = 2")
        database.commit()
    before = file.read_bytes()
    code, _, err = done("check", folder, "--against", file)
    assert code == 1
    assert "T-1: 1 of 2 learners would lose progress" in err
    assert file.read_bytes() == before
    for other, says in ((tmp_path / "none.db", "There is no database"), (next(folder.iterdir()), "not a database")):
        code, _, err = done("check", folder, "--against", other)
        assert code == 1
        assert says in err


def test_check_lists_every_fault(done, tmp_path):
    folder = course_file(
        tmp_path / "mine",
        exam={"pass_mark": 900, "out_of": 800, "minutes": 60, "domains": [{"id": "x", "title": "X", "weight": [9, 2]}]},
        renamed={"old": "nowhere"},
        paths=[{"id": "a", "title": "A", "domain": "y"}],
    )
    err = refused(
        done("check", folder),
        "exam > domains > 1 > weight",
        "exam > pass_mark",
        "paths > 1 > domain: 'y' is not a domain of the exam",
        "renamed > old: leads to 'nowhere'",
    )
    assert err.startswith("5 problems in the course files:\n")


def test_check_accepts_texts_that_exceed_a_message(done, tmp_path):
    folder = course_file(tmp_path / "mine", prerequisites=["word " * 60] * 12, skills=["word " * 60] * 12)
    code, out, _ = done("check", folder)
    assert code == 0, "texts that are too long for a message are truncated"
    assert "T-1: " in out


ASKED = """
questions:
  - {id: q-1, module: one, kind: single, difficulty: 1, prompt: Why?, explanation: So., options: OPTIONS}
  - {id: q-2, module: MODULE, kind: truth, difficulty: 1, prompt: SECOND, explanation: So., answer: true}
"""
GOOD = {"OPTIONS": "[{text: so, right: true}, {text: no}]", "MODULE": "two", "SECOND": "It is so."}


def bank(tmp_path, **other):
    """A folder of courses with a bank next to it: two modules with one question each."""
    modules = [{"id": each, "title": each, "units": []} for each in ("one", "two")]
    folder = course_file(tmp_path / "mine", paths=[{"id": "a", "title": "A", "modules": modules}])
    text = ASKED
    for name, value in (GOOD | other).items():
        text = text.replace(name, value)
    (tmp_path / "questions" / "t-1").mkdir(parents=True)
    (tmp_path / "questions" / "t-1" / "a.yaml").write_text(text, "utf-8")
    return folder


def test_check_of_a_bank_beside_the_courses(done, tmp_path):
    folder = bank(tmp_path)
    (tmp_path / "questions" / "t-7").mkdir()
    code, out, err = done("check", folder)
    assert (code, err) == (0, "")
    assert out.startswith("T-1: 1 paths, 2 modules, 2 units, 2 questions\n")
    assert "warning: T-1 questions: module a/one has 1 question, not 6\n" in out
    assert f"warning: {tmp_path / 'questions' / 't-7'}: not the folder of a course" in out


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"MODULE": "three"}, "t-1/a.yaml:4: questions > 2 > module: 'three'"),
        ({"OPTIONS": "[{text: so}, {text: no}]"}, "0 of 2 are right"),
        ({"SECOND": "x" * 601}, "questions > 2 > prompt"),
        ({"SECOND": "Why? "}, "q-1 and q-2 ask nearly the same"),
    ],
)
def test_check_of_a_bank_with_a_fault(done, tmp_path, wrong, says):
    refused(done("check", bank(tmp_path, **wrong)), says)


def test_it_does_not_start_on_a_bank_with_a_fault(done, tmp_path):
    folder = bank(tmp_path, MODULE="three")
    ended = done("run", COURSES_DIR=str(folder), DEFAULT_COURSE="t-1", DISCORD_TOKEN=TOKEN)
    refused(ended, "1 problem in the question files", "t-1/a.yaml:4")


def test_check_of_a_missing_folder(done, tmp_path):
    refused(done("check", tmp_path / "gone"), "gone")


# --- import ---------------------------------------------------------------------------------------------------------


def test_an_imported_page_is_a_valid_course(done, tmp_path):
    (tmp_path / "page.md").write_text(PAGE, "utf-8")
    (tmp_path / "mine").mkdir()
    code, out, err = done("import", "page.md", "--to", "mine/k8.yaml")
    assert code == 0
    assert "mine/k8.yaml: K8-101 with 2 paths." in out
    assert "page.md:15: " in err, "what was not imported, with its line"
    assert done("check", "mine")[:2] == (0, "K8-101: 2 paths, 0 modules, 2 units\nmine: no problems\n")


def test_an_import_replaces_files_only_with_force(done, tmp_path):
    (tmp_path / "page.md").write_text(PAGE, "utf-8")
    (tmp_path / "k8-101.yaml").write_text("mine", "utf-8")
    refused(done("import", "page.md"), "k8-101.yaml is already there.", "--force")
    assert (tmp_path / "k8-101.yaml").read_text("utf-8") == "mine"
    assert done("import", "page.md", "--force")[0] == 0
    assert "code: K8-101" in (tmp_path / "k8-101.yaml").read_text("utf-8")


def test_an_import_can_be_printed(done, tmp_path):
    (tmp_path / "page.md").write_text(PAGE, "utf-8")
    code, out, _ = done("import", "page.md", "--to", "-")
    assert code == 0
    assert "code: K8-101" in out
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".md", ".yaml")] == ["page.md"]


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", b"# A shopping list\n\n- milk\n"])
def test_an_invalid_page(done, tmp_path, content):
    if content is not None:
        (tmp_path / "page.md").write_bytes(content)
    err = refused(done("import", "page.md"), "page.md")
    assert err.strip()
    assert list(tmp_path.glob("*.yaml")) == []


def test_an_import_into_a_missing_folder(done, tmp_path):
    (tmp_path / "page.md").write_text(PAGE, "utf-8")
    code, _, err = done("import", "page.md", "--to", "gone/k8.yaml")
    assert code == 1
    assert "gone/k8.yaml" in err


# --- demo -----------------------------------------------------------------------------------------------------------


def test_the_demo_serves_its_page_and_lists_commands(start):
    process = start("demo", "--port", "0")
    said = ""
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        said += line
    assert "/next" in said
    address = next(word for word in said.split() if word.startswith("http://"))
    with urllib.request.urlopen(address, timeout=60) as page:
        assert page.status == 200
        assert "<html" in page.read().decode().lower()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=180)
    assert "Traceback" not in err


def test_the_command_line_lists_its_commands(done):
    _, out, err = done()
    assert all(command in out + err for command in ("run", "check", "import", "demo"))
