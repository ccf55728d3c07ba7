"""The dashboard uses exactly the metrics of the bot."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, get_args

import pytest

from bot.operation.metrics import KINDS, STORE, Metrics
from bot.study.delivery import Outcome
from tests.operation.conftest import Client

DEPLOY = Path(__file__).parent.parent.parent / "deploy"


@pytest.fixture(scope="module")
def dashboard() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((DEPLOY / "grafana-dashboard.json").read_text("utf-8"))
    return read


@pytest.fixture(scope="module")
def known() -> dict[str, set[str]]:
    """Return every metric after all events have happened, with its labels."""
    metrics = Metrics()
    metrics.watch(Client(latencies=[(0, 0.1)], guilds=["one"]))
    with metrics.track("command", 0.1) as tracked:
        tracked.acknowledged()
    for kind in KINDS:
        for outcome in get_args(Outcome):
            metrics.delivery(kind, outcome)
    for kind in STORE:
        metrics.store(kind, 0.1)
    return {
        sample.name: set(sample.labels)
        for family in metrics.registry.collect()
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


def expressions(dashboard: dict[str, Any]) -> list[str]:
    return [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]


def test_the_dashboard_uses_existing_metrics(dashboard, known):
    for asked in expressions(dashboard):
        names = re.findall(r"\b(?:waymark|process)_\w+", asked)
        assert names, asked
        assert set(names) <= set(known), asked
        labels = set(re.findall(r"(\w+)(?:=~|!~|!=|=)\"", asked))
        for grouped in re.findall(r"by \(([^)]*)\)", asked):
            labels |= {label.strip() for label in grouped.split(",")}
        assert labels <= {"instance"}.union(*(known[name] for name in names)), asked


def test_the_dashboard_shows_every_metric(dashboard, known):
    asked = " ".join(expressions(dashboard))
    ours = {re.sub(r"_(?:bucket|sum|count)$", "", name) for name in known if name.startswith("waymark_")}
    assert {name for name in ours if name not in asked} == set()


def test_panels_do_not_overlap_and_have_descriptions(dashboard):
    taken = set()
    for panel in dashboard["panels"]:
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert max(x for x, _ in cells) < 24
        assert not taken & cells, panel["title"]
        taken |= cells
        assert panel["description"]
        legends = re.findall(r"\{\{(\w+)\}\}", " ".join(target["legendFormat"] for target in panel["targets"]))
        assert all(label in panel["targets"][0]["expr"] or label in ("instance", "shard") for label in legends)
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(ids)) == len(ids)


@pytest.mark.skipif(not shutil.which("promtool"), reason="there is no promtool here")
def test_every_expression_is_valid(dashboard, tmp_path):
    asked = [each.replace("$__rate_interval", "5m").replace("$instance", ".*") for each in expressions(dashboard)]
    rules = [{"record": f"rule{number}", "expr": each} for number, each in enumerate(asked)]
    (tmp_path / "rules.yml").write_text(json.dumps({"groups": [{"name": "all", "rules": rules}]}), "utf-8")
    command = ["promtool", "check", "rules", str(tmp_path / "rules.yml")]
    done = subprocess.run(command, check=False, text=True, capture_output=True, timeout=180)
    assert done.returncode == 0, done.stderr
