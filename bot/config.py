"""The settings, from the environment and ``.env``."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import BadSettings

_HERE = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an operator can set. The environment wins over ``.env``; an empty value means the default."""

    model_config = SettingsConfigDict(frozen=True, env_file=".env", env_ignore_empty=True, extra="ignore")

    discord_token: SecretStr = Field(
        default=SecretStr(""), description="The bot's token, from Discord's developer portal"
    )
    database_path: Path = Field(default=Path("waymark.db"), description="The SQLite file with everybody's progress")
    courses_dir: Path = Field(default=_HERE / "data" / "courses", description="The folder of the course files")
    questions_dir: Path | None = Field(
        default=None, description="The folder of the question banks; without it, `questions` beside COURSES_DIR"
    )
    default_course: str = Field(default="az-104", description="The course that is meant where none is chosen")
    backup_dir: Path | None = Field(default=None, description="The folder of the daily backups; none without it")
    backup_keep: int = Field(default=14, ge=1, le=3660, description="So many daily backups are kept")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="How much is logged: DEBUG, INFO, WARNING or ERROR"
    )
    log_format: Literal["human", "json"] = Field(default="human", description="For people, or a JSON object a line")
    metrics_port: int | None = Field(
        default=None, ge=1, le=65535, description="Serves /metrics, /healthz and /readyz there; nothing without it"
    )
    metrics_host: str = Field(default="127.0.0.1", description="The address that METRICS_PORT is bound to")
    shard_count: int | None = Field(
        default=None, ge=1, le=100_000, description="The shards of all processes together; without it, Discord says"
    )
    shard_ids: Annotated[tuple[int, ...], NoDecode] = Field(
        default=(), description="The shards of this process, such as 0,1; without it, all"
    )

    @property
    def banks(self) -> Path:
        """The folder with a folder of question files for each course."""
        return self.questions_dir or self.courses_dir.parent / "questions"

    @field_validator("shard_ids", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if not all(part.isdecimal() for part in parts):
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
            raise ValueError(f"each shard once, from 0 to {count - 1}")
        return value


def load_settings() -> Settings:
    """The settings in force. Raises ``BadSettings`` that names every setting that can't be used."""
    try:
        return Settings()
    except ValidationError as error:
        faults = [f"{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors(include_url=False)]
        raise BadSettings("Some settings can't be used:\n" + "\n".join(f"- {fault}" for fault in faults)) from error
