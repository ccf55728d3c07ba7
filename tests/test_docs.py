"""The documents list exactly what the code has."""

import importlib
import re
import tomllib
from pathlib import Path

import discord
import pytest

from bot.client.bot import COGS, StudyBot
from bot.client.channels import invite_link
from bot.config import Settings
from bot.core.course.badge import BadgeColor, Glyph
from bot.core.course.reading import CourseReader
from bot.core.questions.balance import balance
from bot.core.questions.bank import read_bank
from bot.core.questions.question import MAX_EXPLANATION, MAX_OPTION, MAX_PROMPT, Kind
from tests.bench.__main__ import SUBJECTS

ROOT = Path(__file__).parent.parent


@pytest.fixture
def readme():
    return (ROOT / "README.md").read_text("utf-8")


@pytest.fixture
def docs():
    """The reference pages in ``docs``, by name without suffix."""
    return {page.stem: page.read_text("utf-8") for page in (ROOT / "docs").glob("*.md")}


@pytest.fixture
async def tree(study, store):
    """The command tree of the bot."""
    async with StudyBot(study, store, shard_count=1) as bot:
        for cog in COGS:
            await bot.load_extension(cog)
        yield bot.tree


def first_cells(markdown, pattern):
    """Return the code in the first cells of table rows that matches ``pattern``."""
    return re.findall(rf"^\|\s*`({pattern})[^`]*`", markdown, re.MULTILINE)


def row_of(markdown, cell):
    return next(line for line in markdown.split("\n") if re.match(rf"\|\s*`{re.escape(cell)}\b", line))


def test_the_example_lists_every_setting_with_its_default():
    lines = (ROOT / ".env.example").read_text("utf-8").split("\n")
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert list(given) == [name.upper() for name in Settings.model_fields]
    assert given.pop("DISCORD_TOKEN") == "", "no token in the repository"
    for name, value in given.items():
        default = Settings.model_fields[name.lower()].default
        assert value == ("" if default in (None, ()) else str(default)) or ROOT / value == default


def test_every_setting_of_the_example_is_explained():
    text = (ROOT / ".env.example").read_text("utf-8")
    for name in Settings.model_fields:
        assert re.search(rf"^# .+\n{name.upper()}=", text, re.MULTILINE), name


def test_the_example_is_valid():
    """After ``cp .env.example .env`` nothing is refused, and the defaults apply."""
    assert Settings(_env_file=ROOT / ".env.example").default_course == "az-104"


def test_the_operators_page_lists_every_setting_with_its_default(docs):
    page = docs["operating"]
    assert first_cells(page, "[A-Z][A-Z_]+[A-Z]") == [name.upper() for name in Settings.model_fields]
    for name, default in {
        "DATABASE_PATH": "waymark.db",
        "COURSES_DIR": "data/courses",
        "DEFAULT_COURSE": "az-104",
        "BACKUP_KEEP": "14",
        "LOG_LEVEL": "INFO",
        "LOG_FORMAT": "human",
        "METRICS_HOST": "127.0.0.1",
    }.items():
        assert f"`{default}`" in row_of(page, name)


async def test_the_members_page_lists_every_command(docs, tree):
    known = {command.qualified_name for command in tree.get_commands(type=discord.AppCommandType.chat_input)}
    assert {name[1:] for name in first_cells(docs["members"], "/[a-z-]+")} == known


def test_the_readme_names_the_commands_of_the_makefile(readme):
    makefile = (ROOT / "Makefile").read_text("utf-8")
    known = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    used = set(re.findall(r"\bmake ([a-z]+)\b", "\n".join(re.findall(r"^    .+$|`[^`\n]+`", readme, re.MULTILINE))))
    assert {"demo", "run", "test"} <= used
    assert used <= known


def test_links_within_documents_have_targets():
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")):
        text = page.read_text("utf-8")
        for target in re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", text):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_invite_link_asks_for_what_is_needed(readme):
    link = re.search(r"https://discord\.com/(?:api/)?oauth2/authorize\?[^\s)>`\"]+", readme)
    assert link, "an invite link template"
    assert link[0] == invite_link(1).replace("client_id=1&", "client_id=APPLICATION_ID&")


BLOBS = """
code: X-1
title: Storage
overview: All of it.
paths:
  - id: store
    title: Store
    modules:
      - id: blobs
        title: Blobs
        url: https://example.org/store/blobs
        units: [{id: 2-tiers, title: Tiers, kind: reading, minutes: 5}]
"""


def test_the_example_of_a_question_file_is_a_bank_without_faults(docs):
    page = docs["courses"]
    (example,) = re.findall(r"```yaml\n(questions:.*?)```", page, re.DOTALL)
    bank = read_bank({"store": example}, CourseReader().read(BLOBS, "x-1.yaml"))
    assert len(bank) == 2
    assert list(balance(bank).faults()) == []
    assert {question.unit for question in bank.questions.values()} == {"store/blobs/2-tiers"}
    for limit in (MAX_PROMPT, MAX_OPTION, MAX_EXPLANATION):
        assert f"{limit} " in page
    for kind in Kind:
        assert f"`{kind}`" in page


def test_the_architecture_page_lists_every_package_and_only_what_exists():
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    table = re.findall(r"^\| (`[^|]+`) \|", page, re.MULTILINE)
    listed = {name for cell in table for name in re.findall(r"`([^`]+)`", cell)}
    folders = [path for top in ("bot", "cogs") for path in [ROOT / top, *(ROOT / top).rglob("*")] if path.is_dir()]
    with_code = [path for path in folders if any(path.glob("*.py")) or any(path.glob("*.sql"))]
    packages = {f"{path.relative_to(ROOT)}/" for path in with_code}
    modules = {f"bot/{path.name}" for path in (ROOT / "bot").glob("*.py") if path.name != "__init__.py"}
    assert listed == packages - {"bot/"} | modules
    for named in re.findall(r"`((?:bot|cogs|tests)/[\w./]+)`", page):
        assert (ROOT / named).exists(), named


def test_the_architecture_page_has_the_layers_in_the_order_that_is_checked():
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]["layers"]
    names = [layer.replace(".", "/") for layer in contract if layer not in ("bot.__main__", "bot.demo", "bot.serve")]
    places = [page.index(f"| `{name}") for name in names]
    assert places == sorted(places)


def test_the_authors_page_lists_every_glyph_and_color(docs):
    page = docs["courses"]
    for key, values in (("glyph", Glyph), ("color", BadgeColor)):
        listed = page.split(f"\n- `{key}`: ")[1].split("\n- ")[0].split("\n\n")[0]
        assert re.findall(r"`([a-z]+)`", listed) == [str(value) for value in values]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_each_subject_of_the_benchmark_still_fits_the_product(subject):
    """Nobody runs all of them often: a renamed import would be noticed late."""
    module = importlib.import_module(f"tests.bench.{subject}")
    assert module.TITLE
    assert module.HOW
    assert callable(module.rows)
