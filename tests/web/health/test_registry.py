from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import OperationalError
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from tests.web.world import World

from hygie.domain.territory.models import Node
from hygie.web.health import registry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("operated")]
NOW = dt.datetime.now(dt.UTC)


def samples() -> dict[str, list[tuple[dict[str, str], float]]]:
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(registry.exposition(now=NOW).decode()):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((dict(sample.labels), sample.value))
    return found


def test_requests_are_counted_by_view_and_never_by_path(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    client = sign_in("rssi")
    client.get("/")
    client.get(f"/lieux/{world.nodes['own'].pk}/")
    client.get("/nulle-part/0123456789/")

    views = {labels["view"] for labels, _ in samples()["hygie_requests_total"]}
    assert {"home", "node", "none"} <= views
    assert not any("/" in view for view in views)


def test_no_hospital_is_named_in_any_label(world: World, sign_in: Callable[[str], Client]) -> None:
    sign_in("rssi").get(f"/lieux/{world.nodes['own'].pk}/")

    text = registry.exposition(now=NOW).decode()

    assert not [node.name for node in Node.objects.all() if node.name in text]
    assert not [user.email for user in world.users.values() if user.email in text]


@pytest.mark.usefixtures("world")
def test_the_state_of_the_platform_is_told() -> None:
    found = samples()

    assert found["hygie_database_up"] == [({}, 1.0)]
    assert sum(number for _, number in found["hygie_findings_open"]) > 0
    assert {labels["kind"] for labels, _ in found["hygie_queue_depth"]} == {
        "items",
        "mails",
        "jobs",
    }


def test_a_database_that_is_down_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def down() -> None:
        raise OperationalError

    monkeypatch.setattr(registry, "_findings", down)

    found = samples()

    assert found["hygie_database_up"] == [({}, 0.0)]
    assert "hygie_findings_open" not in found


SCRIPT = """
import datetime as dt, sys
import django; django.setup()
from hygie.web.health import registry
registry.REQUESTS.labels("home", "GET", "200").inc()
print(registry.exposition(now=dt.datetime.now(dt.UTC)).decode())
"""


@pytest.mark.slow
def test_several_processes_add_up(tmp_path: Path) -> None:
    (tmp_path / "metrics").mkdir()
    environment = os.environ | {
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics"),
        "DJANGO_SETTINGS_MODULE": "hygie.config.settings",
        "HYGIE_HOME": str(tmp_path / "home"),
    }
    environment.pop("DATABASE_URL", None)

    for _ in range(3):
        said = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env=environment, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip

    assert 'hygie_requests_total{method="GET",status="200",view="home"} 3.0' in said
    assert "hygie_database_up 0.0" in said  # this home has no tables
