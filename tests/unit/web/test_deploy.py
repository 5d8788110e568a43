"""The dashboard and the alerts name what there is, and read."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from medusa.counters import Counters
from medusa.vitals import Finding
from medusa.web.metrics import exposition
from medusa.web.status import Figures
from tests.unit.web.promql import metrics
from tests.unit.web.saying import VERSIONS, WELL

DEPLOY = Path(__file__).parents[3] / "deploy"
OF_PROMETHEUS = {"up"}


def known() -> set[str]:
    """Every name that a process tells."""
    counters = Counters()
    counters.end("done")
    findings = tuple(Finding(vital, state) for vital, state in WELL.items())
    figures = Figures(findings, counters, VERSIONS, "worker", date(2026, 11, 5))
    return {
        sample.name
        for family in text_string_to_metric_families(exposition(figures).decode())
        for sample in family.samples
    }


def expressions() -> Iterator[tuple[str, str]]:
    """Where each is, and itself."""
    dashboard = json.loads((DEPLOY / "grafana.json").read_text())
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]
    for group in yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"]


@pytest.mark.parametrize(("place", "expression"), [*expressions()])
def test_every_metric_that_is_named_exists(place: str, expression: str) -> None:
    named = metrics(expression)
    assert named
    assert named <= known() | OF_PROMETHEUS, place


def test_every_metric_is_shown_or_alerts() -> None:
    named = {name for _, expression in expressions() for name in metrics(expression)}
    own = {re.sub("_(sum|count|created)$", "_bucket", name) for name in known() if name.startswith("medusa_")}
    assert own - named <= {"medusa_disk_bytes"}


def test_the_dashboard_has_its_places() -> None:
    dashboard = json.loads((DEPLOY / "grafana.json").read_text())
    places = [tuple(panel["gridPos"].values()) for panel in dashboard["panels"]]
    assert len(set(places)) == len(places) == len({panel["id"] for panel in dashboard["panels"]})
    assert {one["name"] for one in dashboard["templating"]["list"]} == {"datasource", "job"}


def test_every_alert_says_what_to_do() -> None:
    for group in yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"]:
        for rule in group["rules"]:
            assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
            assert re.fullmatch("[0-9]+[smh]", rule.get("for", "1m"))
            assert rule["labels"]["severity"] in {"info", "warning", "critical"}
            assert {*rule["annotations"]} == {"summary", "action"}


@pytest.mark.parametrize(
    "nonsense",
    [
        *(
            "",
            "sum(",
            "sum)",
            "a +",
            "+ a",
            "rat(a[5m])",
            "sum(a}",
            'a{b="c}',
            "a[5 minutes]",
            "a > ",
            "a == ?",
        ),
    ],
)
def test_nonsense_is_found(nonsense: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        metrics(nonsense)
