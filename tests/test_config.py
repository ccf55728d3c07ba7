"""Settings: an invalid one is reported in a sentence with exit code 78; a misspelt name is reported."""

import os
from pathlib import Path

import pytest

from bot.config import Settings, check_paths, fault_of_token, load_settings, misspelt_settings
from bot.errors import BadSettings
from tests.conftest import TOKEN


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch, tmp_path):
    for name in [*os.environ]:
        if name.lower() in Settings.model_fields:
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def env_file(tmp_path):
    """Return a function that writes an environment file and returns its path."""

    def write(content: str | bytes) -> Path:
        (tmp_path / ".env").write_bytes(content if isinstance(content, bytes) else content.encode())
        return Path(".env")

    return write


def refused(path=Path(".env")):
    with pytest.raises(BadSettings) as caught:
        load_settings(path)
    assert caught.value.exit_code == 78
    return caught.value.faults


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("DISCORD_TOKEN=x\r\n".encode("utf-16"), ".env: the text is UTF-16; save the file as UTF-8"),
        ("DISCORD_TOKEN=x\r\n".encode("utf-16-le"), ".env: the text is UTF-16; save the file as UTF-8"),
        (b"DISCORD_TOKEN=x\n# Schl\xfcssel\n", ".env: line 2 is not UTF-8; save the file as UTF-8"),
        (b"# Schl\xfcssel\nDISCORD_TOKEN=x\n", ".env: line 1 is not UTF-8; save the file as UTF-8"),
        ("LOG_LEVEL=INFO\nthe token: x\n", ".env: line 2 can't be read; write NAME=value"),
        ('DISCORD_TOKEN="x\n', ".env: line 1 can't be read; write NAME=value"),
    ],
)
def test_an_unreadable_file_is_reported(env_file, content, says):
    assert refused(env_file(content)) == (says,)


def test_a_folder_a_device_or_a_broken_link_in_place_of_the_file(tmp_path):
    (tmp_path / ".env").mkdir()
    assert refused() == (".env: not a regular file of at most 1 MB",)
    (tmp_path / ".env").rmdir()
    (tmp_path / ".env").symlink_to("/dev/zero")
    assert refused() == (".env: not a regular file of at most 1 MB",)
    (tmp_path / ".env").unlink()
    (tmp_path / ".env").symlink_to(".env")
    assert refused()[0].startswith(".env: can't be read: Too many levels of symbolic links")


def test_no_file_is_fine():
    assert load_settings().log_level == "INFO"


def test_a_byte_order_mark_hides_no_setting(env_file):
    assert load_settings(env_file(b"\xef\xbb\xbfBACKUP_KEEP=7\n")).backup_keep == 7


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL: Input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR' (it is 'LOUD')"),
        ("BACKUP_KEEP", "0", "BACKUP_KEEP: Input should be greater than or equal to 1 (it is '0')"),
        ("BACKUP_KEEP", "9" * 5000, "BACKUP_KEEP: Unable to parse input string as an integer, exceeded maximum size"),
        ("METRICS_PORT", "http", "METRICS_PORT: Input should be a valid integer"),
        ("SHARD_IDS", "0,1", "SHARD_IDS: set SHARD_COUNT too"),
        ("SHARD_IDS", "9" * 5000, "SHARD_IDS: write whole numbers"),
        ("SHARD_IDS", "zero", "SHARD_IDS: write whole numbers with commas between them, such as 0,1 (it is 'zero')"),
        ("DATABASE_PATH", "a\tb", "DATABASE_PATH: the path contains a control character"),
    ],
)
def test_an_invalid_value(env_file, name, value, says):
    (fault,) = refused(env_file(f"{name}={value}\n"))
    assert fault.startswith(says)
    assert len(fault) < 200


def test_all_invalid_values_at_once(env_file):
    assert [each.partition(":")[0] for each in refused(env_file("LOG_LEVEL=LOUD\nBACKUP_KEEP=0\n"))] == [
        "BACKUP_KEEP",
        "LOG_LEVEL",
    ]


@pytest.mark.parametrize(("given", "level"), [("info", "INFO"), ("Debug ", "DEBUG"), ("WARNING", "WARNING")])
def test_levels_and_formats_in_any_case(env_file, given, level):
    settings = load_settings(env_file(f"LOG_LEVEL={given}\nLOG_FORMAT=JSON\n"))
    assert (settings.log_level, settings.log_format) == (level, "json")


def test_a_tilde_is_the_home_folder(env_file, monkeypatch):
    monkeypatch.setenv("HOME", "/home/ada")
    names = ("DATABASE_PATH", "COURSES_DIR", "QUESTIONS_DIR", "BACKUP_DIR")
    settings = load_settings(env_file("".join(f"{name}=~/x\n" for name in names)))
    assert {getattr(settings, name.lower()) for name in names} == {Path("/home/ada/x")}
    (fault,) = refused(env_file("DATABASE_PATH=~nobody-has-this-name/x\n"))
    assert fault == "DATABASE_PATH: there is no such home folder (it is '~nobody-has-this-name/x')"


@pytest.mark.parametrize("name", ["DATABASE_PATH", "COURSES_DIR", "QUESTIONS_DIR", "BACKUP_DIR"])
def test_an_invalid_path(env_file, tmp_path, name):
    (tmp_path / "loop").symlink_to("loop")
    for value, says in {"x" * 201: "the name is longer than", "loop/x": "can't be looked up: Too many levels"}.items():
        (fault,) = refused(env_file(f"{name}={value}\n"))
        assert fault.startswith(f"{name}: {says}")
    (fault,) = refused(env_file(f"{name}={'x/' * 3000}\n"))
    assert fault.startswith(f"{name}: can't be looked up: File name too long")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DISCORD_TOKN", "DISCORD_TOKEN"),
        ("DISCORD_BOT_TOKEN", "DISCORD_TOKEN"),
        ("TOKEN", "DISCORD_TOKEN"),
        ("WAYMARK_LOG_LEVEL", "LOG_LEVEL"),
        ("loglevel", "LOG_LEVEL"),
        ("QUESTION_DIR", "QUESTIONS_DIR"),
        ("DB_PATH", "DATABASE_PATH"),
        ("SHARD_ID", "SHARD_IDS"),
        ("UNKNOWN", None),
        ("POSTGRES_PASSWORD", None),
        ("TZ", None),
        ("log_level", None),
    ],
)
def test_misspelt_names_in_the_file(env_file, name, meant):
    said = list(misspelt_settings(env_file(f"{name}=1\n")))
    assert said == ([f"{name.upper()} in .env is not a setting; did you mean {meant}?"] if meant else [])


def test_misspelt_names_in_the_environment(monkeypatch):
    monkeypatch.setenv("LOG_LEVLE", "DEBUG")
    monkeypatch.setenv("DATABASE_URL", "of another program")
    assert list(misspelt_settings()) == ["LOG_LEVLE in the environment is not a setting; did you mean LOG_LEVEL?"]


@pytest.mark.parametrize(
    ("token", "says"),
    [
        ("", "is not set"),
        (" \n", "is not set"),
        (f'"{TOKEN}"', "in quotation marks"),
        (f"'{TOKEN}", "in quotation marks"),
        (f"Bot {TOKEN}", "starts with “Bot”"),
        (TOKEN.replace(".", ".\n"), "a line break"),
        (TOKEN.replace(".", ". "), "a space"),
        (TOKEN.replace(".", ".\u200b"), "another character"),
        (TOKEN + "é", "another character"),
        (TOKEN.replace(".", ".\x7f"), "another character"),
    ],
)
def test_an_invalid_token(token, says):
    fault = fault_of_token(token)
    assert fault is not None
    assert says in fault
    assert TOKEN.split(".")[2] not in fault
    assert "\n" not in fault


def test_a_valid_token():
    assert fault_of_token(f" {TOKEN}\n") is None


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("database_path", ".", "it is a folder. Check DATABASE_PATH"),
        ("database_path", "gone/waymark.db", "there is no folder"),
        ("database_path", "file/waymark.db", "there is no folder"),
        ("backup_dir", "file", "BACKUP_DIR: file is not a folder"),
    ],
)
def test_unusable_paths(tmp_path, name, value, says):
    (tmp_path / "file").touch()
    with pytest.raises(BadSettings, match=says):
        check_paths(Settings(_env_file=None, **{name: Path(value)}))
    check_paths(Settings(_env_file=None, backup_dir=Path("made-later")))
