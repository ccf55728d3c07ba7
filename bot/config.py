"""The settings, from the environment and ``.env``."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import CannotStart

_HERE = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an operator can set. The environment wins over ``.env``; an empty value means the default."""

    model_config = SettingsConfigDict(frozen=True, env_file=".env", env_ignore_empty=True, extra="ignore")

    discord_token: SecretStr = Field(
        default=SecretStr(""), description="The bot's token, from Discord's developer portal"
    )
    database_path: Path = Field(default=Path("waymark.db"), description="The SQLite file with everybody's progress")
    courses_dir: Path = Field(default=_HERE / "data" / "courses", description="The folder of the course files")
    default_course: str = Field(default="az-104", description="The course that is meant where none is chosen")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="How much is logged: DEBUG, INFO, WARNING or ERROR"
    )


def load_settings() -> Settings:
    """The settings in force. Raises ``CannotStart`` that names every setting that can't be used."""
    try:
        return Settings()
    except ValidationError as error:
        faults = [f"{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors(include_url=False)]
        raise CannotStart("Some settings can't be used:\n" + "\n".join(f"- {fault}" for fault in faults)) from error
