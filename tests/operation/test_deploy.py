"""The files in ``deploy/``: rules of hadolint, and as much as can be run without a container or systemd."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.client.bot import GRACE_SECONDS
from bot.config import Settings
from bot.operation.metrics import Metrics, serve_metrics

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
SETTINGS = {name.upper() for name in Settings.model_fields}
OF_PYTHON = {"PYTHONPATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}

Instruction = tuple[str, str]


def instructions() -> list[Instruction]:
    """Return instruction and arguments of each line of the Containerfile."""
    lines = [line for line in (DEPLOY / "Containerfile").read_text("utf-8").split("\n") if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in joined.split("\n") if line)]


def stages() -> list[list[Instruction]]:
    found: list[list[Instruction]] = []
    for word, rest in instructions():
        if word == "FROM":
            found.append([])
        found[-1].append((word, rest))
    return found


def only(stage: list[Instruction], word: str) -> str:
    (rest,) = [rest for each, rest in stage if each == word]
    return rest


def environment() -> dict[str, str]:
    """Return the environment variables of the image."""
    pairs = [pair for word, rest in stages()[-1] if word == "ENV" for pair in rest.split()]
    return dict(pair.split("=", 1) for pair in pairs)


# --- the image ------------------------------------------------------------------------------------------------------


def test_the_base_is_one_exact_version():
    bases = {rest.split()[0] for word, rest in instructions() if word == "FROM"}
    assert len(bases) == 1
    assert re.fullmatch(r"docker\.io/library/python:\d+\.\d+\.\d+-slim-[a-z]+", bases.pop())
    assert len(stages()) == 2


def test_the_image_runs_as_an_unprivileged_user():
    words = [word for word, _ in stages()[-1]]
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", only(stages()[-1], "USER"))
    assert "RUN" not in words[words.index("USER") :]
    assert not any("chmod" in rest or "sudo" in rest for _, rest in instructions())


def test_everything_is_installed_by_hash():
    assert {word for word, _ in instructions()} <= {
        *("FROM", "WORKDIR", "RUN", "COPY", "ENV", "VOLUME", "USER", "HEALTHCHECK", "ENTRYPOINT", "CMD")
    }, "no ADD, no ARG, no SHELL"
    for rest in [rest for word, rest in instructions() if word == "RUN"]:
        assert not re.search(r"\b(curl|wget|git|ssh)\b", rest)
        if "apt-get" in rest:
            assert "--no-install-recommends" in rest
            assert "rm -rf /var/lib/apt/lists/*" in rest
        if "install" in rest and "pip" in rest:
            flags = {"--require-hashes", "--no-cache-dir", "--only-binary=:all:"}
            assert flags <= set(json.loads(rest))


def test_the_image_excludes_secrets_and_unneeded_files():
    copied = [rest.split()[:-1] for word, rest in stages()[0] if word == "COPY"]
    assert copied == [["requirements.lock"], ["bot/"], ["cogs/"], ["data/"]]
    assert only(stages()[-1], "COPY") == "--from=build /app /app"
    assert all((ROOT / source).exists() for (source,) in copied)
    assert not any("TOKEN" in name for name in environment())
    lines = (DEPLOY / "Containerfile.dockerignore").read_text("utf-8").split("\n")
    shown = [line.removeprefix("!").strip("/") for line in lines if line.startswith("!")]
    assert "*" in lines
    assert [[name] for name in shown] == [[source.strip("/")] for (source,) in copied]


@pytest.mark.parametrize("word", ["ENTRYPOINT", "CMD", "VOLUME"])
def test_commands_use_the_exec_form(word):
    assert all(isinstance(each, str) for each in json.loads(only(stages()[-1], word)))


def test_the_image_has_the_command_that_messages_name(tmp_path):
    script = re.search(
        r"printf '([^']+)' \| install --mode=0755 /dev/stdin /usr/local/bin/waymark", only(stages()[-1], "RUN")
    )
    assert script
    text = script[1].replace("\\n", "\n").replace("/app/venv/bin/python", sys.executable)
    (tmp_path / "waymark").write_text(text, "utf-8")
    (tmp_path / "waymark").chmod(0o755)
    done = subprocess.run(
        [tmp_path / "waymark", "check", "data/courses"],
        check=False,
        cwd=ROOT,
        text=True,
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_image_sets_known_settings():
    assert set(environment()) <= SETTINGS | OF_PYTHON
    read = Settings(_env_file=None, **{name.lower(): each for name, each in environment().items() if name in SETTINGS})
    assert read.metrics_host == "127.0.0.1", "publishing it outside of the container is opt-in"
    assert read.database_path.is_relative_to(json.loads(only(stages()[-1], "VOLUME"))[0])


def test_the_copied_files_are_sufficient(tmp_path):
    """Runs the bot from the copied files, in the working directory and with the environment of the image."""
    app, data = tmp_path / "app", tmp_path / "data"
    data.mkdir()
    for word, rest in stages()[0]:
        if word == "COPY":
            source, target = rest.split()
            copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy2
            copy(ROOT / source, app / target) if app.exists() else (app.mkdir(), copy(ROOT / source, app / target))
    inside = {name: re.sub(r"^/(?=app|data)", f"{tmp_path}/", each) for name, each in environment().items()}
    command = [sys.executable, *json.loads(only(stages()[-1], "ENTRYPOINT"))[1:]]
    done = subprocess.run(
        [*command, "check"], check=False, cwd=data, env=inside, text=True, capture_output=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    refused = subprocess.run(
        [*command, *json.loads(only(stages()[-1], "CMD"))],
        check=False, cwd=data, env=inside, text=True, capture_output=True, timeout=60,
    )  # fmt: skip
    assert "DISCORD_TOKEN is not set." in refused.stderr


async def test_the_health_check():
    options, _, command = only(stages()[-1], "HEALTHCHECK").partition(" CMD ")
    assert set(re.findall(r"--([a-z-]+)=", options)) == {"interval", "timeout", "start-period", "retries"}
    _, *words = json.loads(command)

    async def code(port: str) -> int:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *words, env={"METRICS_PORT": port}, stderr=asyncio.subprocess.DEVNULL
        )
        return await process.wait()

    metrics = Metrics()

    async def database() -> None:
        raise OSError

    async with serve_metrics(metrics, "127.0.0.1", 0, database=database) as address:
        port = address.rsplit(":", 1)[1]
        assert await code(port) == 0, "alive, if not ready"
    assert await code(port) != 0


# --- compose --------------------------------------------------------------------------------------------------------


@pytest.fixture
def service() -> dict[str, Any]:
    read = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    assert list(read["volumes"]) == ["data", "backups"]
    found: dict[str, Any] = read["services"]["waymark"]
    return found


def test_compose_drops_all_privileges(service):
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] == only(stages()[-1], "USER")
    assert not {"privileged", "cap_add", "network_mode", "pid", "devices"} & set(service)
    assert service["volumes"] == ["data:/data", "backups:/backups"]
    assert all("noexec" in each for each in service["tmpfs"])
    assert not service["image"].endswith("latest")
    assert ":" in service["image"]


def test_compose_publishes_ports_on_localhost_only(service):
    port = environment()["METRICS_PORT"]
    assert service["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert service["environment"]["METRICS_PORT"] == port


def test_compose_settings_override_the_env_file(service):
    """``.env`` is a copy of the example, whose paths are in the read-only root."""
    assert (DEPLOY / service["env_file"]).resolve() == ROOT / ".env"
    assert set(service["environment"]) <= SETTINGS
    assert {"DATABASE_PATH", "COURSES_DIR"} <= set(service["environment"])
    for name in ("DATABASE_PATH", "COURSES_DIR"):
        assert service["environment"][name] == environment()[name]


def test_compose_builds_this_file_and_waits_on_stop(service):
    build = service["build"]
    assert (DEPLOY / build["context"]).resolve() == ROOT
    assert ROOT / build["dockerfile"] == DEPLOY / "Containerfile"
    assert int(service["stop_grace_period"].removesuffix("s")) > GRACE_SECONDS + 5


# --- several processes on PostgreSQL ----------------------------------------------------------------------------------


@pytest.fixture
def services() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose-postgres.yaml").read_text("utf-8"))
    return read["services"]


def test_the_processes_share_a_database_and_serve_each_shard_once(services):
    bots = [service for name, service in services.items() if name.startswith("waymark")]
    environments = [bot["environment"] for bot in bots]
    count = {each["SHARD_COUNT"] for each in environments}
    assert count == {str(len(bots))}
    assert [each["SHARD_IDS"] for each in environments] == [str(number) for number in range(len(bots))]
    assert len({each["DATABASE_URL"] for each in environments}) == 1
    assert sum("BACKUP_DIR" in each for each in environments) == 1
    for bot in bots:
        assert set(bot["environment"]) <= SETTINGS
        assert bot["read_only"] is True
        assert bot["cap_drop"] == ["ALL"]
        assert bot["user"] == only(stages()[-1], "USER")
        assert bot["depends_on"]["database"]["condition"] == "service_healthy"
        assert int(bot["stop_grace_period"].removesuffix("s")) > GRACE_SECONDS + 5
    assert "ports" not in services["database"]
    assert re.fullmatch(r"docker\.io/library/postgres:\d+\.\d+-[a-z]+", services["database"]["image"])


def test_the_settings_of_each_process_can_be_used(services):
    for name, service in services.items():
        if name.startswith("waymark"):
            given = {key.lower(): str(value) for key, value in service["environment"].items()}
            given["database_url"] = given["database_url"].replace("${POSTGRES_PASSWORD:?set a password}", "x")
            settings = Settings(_env_file=None, **given)
            assert settings.database == "postgresql://waymark:x@database/waymark"
            assert settings.shard_count == 2


def test_each_pod_serves_the_shard_of_its_number():
    _, pods = yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text("utf-8"))
    assert pods["kind"] == "StatefulSet"
    (container,) = pods["spec"]["template"]["spec"]["containers"]
    environment = {each["name"]: each for each in container["env"]}
    assert set(environment) <= SETTINGS
    assert environment["SHARD_COUNT"]["value"] == str(pods["spec"]["replicas"])
    path = environment["SHARD_IDS"]["valueFrom"]["fieldRef"]["fieldPath"]
    assert path == "metadata.labels['apps.kubernetes.io/pod-index']"
    assert pods["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] > GRACE_SECONDS + 5
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert {probe["httpGet"]["path"] for probe in (container["readinessProbe"], container["livenessProbe"])} == {
        "/readyz",
        "/healthz",
    }


# --- systemd --------------------------------------------------------------------------------------------------------

needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze here")


@pytest.fixture
def unit() -> dict[str, list[str]]:
    """Return the values of each key of the systemd unit, in order."""
    found: dict[str, list[str]] = {}
    for line in (DEPLOY / "waymark.service").read_text("utf-8").split("\n"):
        if "=" in line and not line.startswith("#"):
            key, value = line.split("=", 1)
            found.setdefault(key, []).append(value)
    return found


def test_the_service_does_not_restart_after_permanent_errors(unit):
    assert unit["ExecStart"] == ["/opt/waymark/.venv/bin/waymark run"]
    assert unit["Restart"] == ["on-failure"]
    assert unit["RestartPreventExitStatus"] == ["78"]
    assert int(unit["TimeoutStopSec"][0]) > GRACE_SECONDS + 5
    names = {pair.split("=")[0] for line in unit["Environment"] for pair in line.split()}
    assert names <= SETTINGS | OF_PYTHON
    assert "DISCORD_TOKEN" not in names
    assert unit["WorkingDirectory"] == [f"/var/lib/{unit['StateDirectory'][0]}"]
    assert f"DATABASE_PATH={unit['WorkingDirectory'][0]}/waymark.db" in unit["Environment"][0]


@needs_systemd
def test_systemd_accepts_the_unit(tmp_path):
    """If the bot is not installed, the unit is checked with another executable."""
    text = (DEPLOY / "waymark.service").read_text("utf-8").replace("/opt/waymark/.venv/bin/waymark", sys.executable)
    (tmp_path / "waymark.service").write_text(text, "utf-8")
    command = ["systemd-analyze", "verify", "--man=no", str(tmp_path / "waymark.service")]
    done = subprocess.run(command, check=False, text=True, capture_output=True, timeout=180)
    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
def test_the_exposure_of_the_service_is_low():
    """systemd rates the exposure from 0 (confined) to 10 (unconfined); this unit has 1.2."""
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=15", str(DEPLOY / "waymark.service")]
    done = subprocess.run(command, check=False, text=True, capture_output=True, timeout=180)
    assert done.returncode == 0, done.stdout[-200:]


# --- what SECURITY.md says ------------------------------------------------------------------------------------------


async def test_the_threat_model_names_every_table(store, rows):
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    listed = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    assert listed == {name for (name,) in rows("select name from sqlite_master where type = 'table'")}
