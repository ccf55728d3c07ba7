"""Settings, from the environment and ``.env``."""

import os
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv.parser import parse_stream
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError
from rapidfuzz import fuzz, process

from bot.errors import BadSettings

_HERE = Path(__file__).resolve().parent.parent
ENV_FILE = Path(".env")
MAX_NAME = 200
"""Longest name of a file in bytes: file systems allow 255, and companion files have longer names."""
MAX_ENV_FILE = 10**6
_SECRET = ("discord_token", "database_url")
_PATHS = ("database_path", "courses_dir", "questions_dir", "backup_dir")
_SIMILAR, _SIMILAR_IN_ENVIRONMENT = 70, 85
"""Similarity (0 to 100) from which an unknown name is a misspelt setting. The environment belongs to others too."""


class Settings(BaseSettings):
    """What an operator can set. The environment wins over ``.env``; an empty value means the default."""

    model_config = SettingsConfigDict(
        frozen=True, env_file=ENV_FILE, env_file_encoding="utf-8-sig", env_ignore_empty=True, extra="ignore"
    )

    discord_token: SecretStr = Field(
        default=SecretStr(""), description="The bot's token, from Discord's developer portal"
    )
    database_path: Path = Field(default=Path("waymark.db"), description="The SQLite file that holds all progress")
    database_url: SecretStr = Field(
        default=SecretStr(""), description="The address of a PostgreSQL database, used instead of DATABASE_PATH"
    )
    courses_dir: Path = Field(default=_HERE / "data" / "courses", description="The folder of the course files")
    questions_dir: Path | None = Field(
        default=None, description="The folder of the question banks; by default `questions` beside COURSES_DIR"
    )
    default_course: str = Field(default="az-104", description="The course of a server that has not chosen one")
    backup_dir: Path | None = Field(default=None, description="The folder of the daily backups; no backups if empty")
    backup_keep: int = Field(default=14, ge=1, le=3660, description="How many daily backups are kept")
    retention_months: int = Field(
        default=0, ge=0, le=240, description="Delete members after this many months without a command; 0 keeps them"
    )
    server_courses: Literal["on", "off"] = Field(
        default="on", description="Whether servers can upload their own courses: on or off; published ones stay"
    )
    report_channel_id: int | None = Field(
        default=None, ge=1, lt=2**63, description="The channel where reports of questions are posted; none if empty"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="How much is logged: DEBUG, INFO, WARNING or ERROR"
    )
    log_format: Literal["human", "json"] = Field(
        default="human", description="Readable lines, or one JSON object per line"
    )
    metrics_port: int | None = Field(
        default=None, ge=1, le=65535, description="The port of /metrics, /healthz and /readyz; not served if empty"
    )
    metrics_host: str = Field(default="127.0.0.1", description="The address that METRICS_PORT is bound to")
    shard_count: int | None = Field(
        default=None, ge=1, le=100_000, description="The number of shards of all processes; Discord's advice if empty"
    )
    shard_ids: Annotated[tuple[int, ...], NoDecode] = Field(
        default=(), description="The shards of this process, such as 0,1; all if empty"
    )

    @property
    def database(self) -> Path | str:
        """The SQLite file, or the address of the PostgreSQL database."""
        return self.database_url.get_secret_value() or self.database_path

    @property
    def banks(self) -> Path:
        """The folder that holds a folder of question files for each course."""
        return self.questions_dir or self.courses_dir.parent / "questions"

    @field_validator("database_url", mode="after")
    @classmethod
    def _of_postgres(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not value.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("write an address such as postgresql://user:password@host/waymark")
        return value

    @field_validator("retention_months", mode="after")
    @classmethod
    def _long_enough(cls, value: int) -> int:
        if value in (1, 2):
            raise ValueError("write 0 to keep everyone, or at least 3 months")
        return value

    @field_validator(*_PATHS, mode="after")
    @classmethod
    def _expanded(cls, value: Path | None) -> Path | None:
        """Expand ``~``, and refuse paths that can't be looked up."""
        if value is None:
            return None
        if any(unicodedata.category(each) == "Cc" for each in str(value)):
            raise ValueError("the path contains a control character")
        if len(os.fsencode(value.name)) > MAX_NAME:
            raise ValueError(f"the name is longer than {MAX_NAME} bytes")
        try:
            path = value.expanduser()
            with suppress(FileNotFoundError, NotADirectoryError):
                path.stat()
        except RuntimeError as error:
            raise ValueError("there is no such home folder") from error
        except OSError as error:
            raise ValueError(f"can't be looked up: {error.strerror}") from error
        return path

    @field_validator("log_level", "log_format", "server_courses", mode="before")
    @classmethod
    def _in_any_case(cls, value: object, info: ValidationInfo) -> object:
        if not isinstance(value, str):
            return value
        return value.strip().upper() if info.field_name == "log_level" else value.strip().lower()

    @field_validator("shard_ids", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if not all(part.isdecimal() and len(part) < 10 for part in parts):
            raise ValueError("write whole numbers with commas between them, such as 0,1")
        return tuple(int(part) for part in parts)

    @field_validator("shard_ids", mode="after")
    @classmethod
    def _of_count(cls, value: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
        if not value:
            return value
        count = info.data.get("shard_count")
        if count is None:
            raise ValueError("set SHARD_COUNT too, the same for all processes")
        if len(set(value)) < len(value) or max(value) >= count:
            raise ValueError(f"list each shard once, from 0 to {count - 1}")
        return value


def load_settings(env_file: Path = ENV_FILE) -> Settings:
    """Return the settings in force. Raises ``BadSettings`` that names every setting that can't be used."""
    _read_env_file(env_file)
    try:
        return Settings(_env_file=env_file)  # type: ignore[call-arg]
    except ValidationError as error:
        faults = [f"{str(one['loc'][0]).upper()}: {_said(one)}" for one in error.errors(include_url=False)]
        raise BadSettings(faults) from error
    except (SettingsError, OSError, ValueError) as error:
        raise BadSettings([f"{env_file}: can't be read: {error}"]) from error


def check_paths(settings: Settings) -> None:
    """Raise ``BadSettings`` for paths that can't be those of a database and of backups."""
    path, backups = settings.database_path.absolute(), settings.backup_dir
    faults = []
    if isinstance(settings.database, str):
        pass  # the engine checks the address
    elif path.is_dir():
        faults.append(f"The database {path} can't be opened: it is a folder. Check DATABASE_PATH.")
    elif not path.parent.is_dir():
        faults.append(f"The database {path} can't be opened: there is no folder {path.parent}. Check DATABASE_PATH.")
    if backups and backups.exists() and not backups.is_dir():
        faults.append(f"BACKUP_DIR: {backups} is not a folder.")
    if faults:
        raise BadSettings(faults)


def misspelt_settings(env_file: Path = ENV_FILE) -> Iterator[str]:
    """Yield a sentence for each unknown name, in ``.env`` or the environment, that resembles a setting."""
    known = [name.upper() for name in Settings.model_fields]
    in_file = {name.upper(): env_file for name in _read_env_file(env_file)}
    limits = dict.fromkeys(os.environ, _SIMILAR_IN_ENVIRONMENT) | dict.fromkeys(in_file, _SIMILAR)
    for name, limit in sorted(limits.items()):
        if name.upper() in known:
            continue
        meant = process.extractOne(name, known, scorer=_similarity if name in in_file else fuzz.ratio)
        if meant and meant[1] >= limit:
            yield f"{name} in {in_file.get(name, 'the environment')} is not a setting; did you mean {meant[0]}?"


def _similarity(name: str, setting: str, **_: Any) -> float:
    """By letters, or by words: ``TOKEN`` and ``WAYMARK_LOG_LEVEL`` have words in common with settings."""
    words = fuzz.token_set_ratio(name.replace("_", " "), setting.replace("_", " "))
    return max(fuzz.ratio(name, setting), words)


def fault_of_token(token: str) -> str | None:
    """Return why ``token`` can't be one, or None. The answer doesn't contain it."""
    text = token.strip()
    if not text:
        return "DISCORD_TOKEN is not set. Put it into .env (see .env.example); `make demo` needs none."
    if text[0] in "\"'" or text[-1] in "\"'":
        return "DISCORD_TOKEN is in quotation marks. Remove them."
    if text.lower().startswith("bot "):
        return "DISCORD_TOKEN starts with “Bot”. Remove that word and the space."
    if not text.isascii() or not text.isprintable() or " " in text:
        return "DISCORD_TOKEN contains a space, a line break or another character that no token has. Copy it again."
    return None


def _said(fault: Any) -> str:
    """What is wrong, and the value, unless it may be secret."""
    message = str(fault["msg"]).removeprefix("Value error, ")
    given = fault.get("input")
    return f"{message} (it is {given!r:.60})" if isinstance(given, str) and fault["loc"][0] not in _SECRET else message


def _read_env_file(path: Path) -> list[str]:
    """Return the names that ``.env`` sets; none where there is no such file. Raises ``BadSettings``."""
    try:
        found = path.stat()
        if stat.S_ISFIFO(found.st_mode):
            return []  # it can be read only once
        if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_ENV_FILE:
            raise BadSettings([f"{path}: not a regular file of at most {MAX_ENV_FILE // 10**6} MB"])
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BadSettings([f"{path}: can't be read: {error.strerror}; let the user of the bot read it"]) from error
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise BadSettings([f"{path}: the text is UTF-16; save the file as UTF-8"])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadSettings([f"{path}: line {line} is not UTF-8; save the file as UTF-8"]) from error
    read = list(parse_stream(StringIO(text)))
    if faults := [f"{path}: line {each.original.line} can't be read; write NAME=value" for each in read if each.error]:
        raise BadSettings(faults)
    return [each.key for each in read if each.key]
