"""Fixtures for operation: simulated servers with data, captured logs, metrics, and commands run in bulk."""

from dataclasses import dataclass, field
from typing import Any

import discord
import pytest
from discord import app_commands
from prometheus_client.parser import text_string_to_metric_families
from simcord.backend.serializers import user_payload
from simcord.enums import InteractionType

from bot.operation.metrics import Metrics
from tests.cogs.conftest import env, sim
from tests.conftest import TOKEN, CapturedLog
from tests.digest.conftest import digest_sim

__all__ = ["TOKEN", "CapturedLog", "digest_sim", "env", "sim"]

FORMS = ("human", "json")
WRONG = "Something went wrong on my end"
SERVERS = {"setup", "course upload"}
"""The commands of administrators. A new one has to be put here, and is then tried like these."""
GIVEN = {
    "course": "az-104",
    "path": "deploy",
    "what": "deploy",
    "find": "deploy",
    "exam": "2026-12-18",
    "text": "backup",
    "time": "10:00",
}


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause
    except BaseException as caught:
        return caught


@pytest.fixture(params=FORMS)
def captured(request: Any) -> CapturedLog:
    """A captured log in each format."""
    return CapturedLog(request.param)


def samples(metrics: Metrics, name: str) -> dict[tuple[str, ...], float]:
    """Return the samples of a metric that are not zero, by the values of their labels in order."""
    families = text_string_to_metric_families(metrics.text().decode())
    return {
        tuple(sample.labels[label] for label in sorted(sample.labels)): sample.value
        for family in families
        for sample in family.samples
        if sample.name == name and sample.value
    }


class Stopwatch:
    """A clock that a test sets, in seconds."""

    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


@dataclass
class Client:
    """The part of a Discord client that metrics read."""

    latencies: list[tuple[int, float]] = field(default_factory=list)
    guilds: list[str] = field(default_factory=list)
    is_connected: bool = True

    def connected(self) -> bool:
        return self.is_connected


# --- commands and the database past Discord ---------------------------------------------------------------------------


def leaves(tree: app_commands.CommandTree[Any]) -> dict[str, app_commands.Command[Any, ..., Any]]:
    """Return every command that can be run, by its qualified name."""
    found = {}
    for command in tree.get_commands():
        runnable = command.walk_commands() if isinstance(command, app_commands.Group) else [command]
        found.update({each.qualified_name: each for each in runnable if isinstance(each, app_commands.Command)})
    return found


def root(command: app_commands.Command[Any, ..., Any]) -> app_commands.Command[Any, ..., Any] | app_commands.Group:
    return command.root_parent or command


FILE = {
    "id": "1", "filename": "course.yaml", "size": 1, "url": "https://cdn.discordapp.com/1/course.yaml",
    "proxy_url": "https://media.discordapp.net/1/course.yaml",
}  # fmt: skip
"""An uploaded file."""


def value(digest_sim, option: app_commands.Parameter) -> Any:
    """Return a valid value for an option."""
    if option.choices:
        return option.choices[0].value
    kinds = {
        discord.AppCommandOptionType.integer: int(option.min_value or 1),
        discord.AppCommandOptionType.number: float(option.min_value or 1),
        discord.AppCommandOptionType.boolean: True,
        discord.AppCommandOptionType.channel: str(digest_sim.news.id),
        discord.AppCommandOptionType.user: str(digest_sim.ada.id),
        discord.AppCommandOptionType.attachment: FILE["id"],
    }
    return kinds.get(option.type, GIVEN.get(option.name, "az-104"))


async def run(digest_sim, who, name: str, *, everything: bool = False):
    """Run a command with its required options, or with all its options, whether or not a client would offer it."""
    command = leaves(digest_sim.bot.tree)[name]
    options = [
        {"name": option.name, "type": option.type.value, "value": value(digest_sim, option)}
        for option in command.parameters
        if option.required or (everything and option.type is not discord.AppCommandOptionType.channel)
    ]
    for part in reversed(name.split()[1:]):
        options = [{"name": part, "type": 1, "options": options}]
    top = root(command).name
    data = {"id": digest_sim.env.backend.find_command(top, None)["id"], "name": top, "type": 1, "options": options}
    data["resolved"] = {
        "attachments": {FILE["id"]: FILE},
        "users": {str(digest_sim.ada.id): dict(user_payload(digest_sim.env.backend.get_user(digest_sim.ada.id)))},
    }
    return await digest_sim.dispatch(who, InteractionType.APPLICATION_COMMAND, data)


def all_but(rows, who) -> dict[str, list[Any]]:
    """Return every row of the database except those of one person and the counts of everyone's answers."""
    names = {name for (name,) in rows("select name from sqlite_master where type = 'table'")}
    names -= {"item_statistics", "item_choice"}
    return {name: [row for row in rows(f'select * from "{name}"') if who.id not in row] for name in names}


@pytest.fixture
async def busy(digest_sim):
    """A simulation with a digest, in which Ada and Bruno have rows in every table about people."""
    await digest_sim.set_up()
    for who in (digest_sim.ada, digest_sim.bruno):
        await digest_sim.command(who, "complete", what="deploy")
        await digest_sim.set_plan(who, exam="2026-05-01", hours="5")
        await digest_sim.add_days_off(who, "2026-03-02")
        await digest_sim.study.privacy.set_visibility(who.id, hidden=False)
    await digest_sim.wait(120)
    assert len(digest_sim.posts()) == 1
    return digest_sim
