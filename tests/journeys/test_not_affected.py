"""From a declaration to the finding set aside, to the day it ends and the weakness comes back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.domain.places import make_site, make_user

from hygie.domain.estate.actions import AssetLine, Document, import_assets
from hygie.domain.findings.models import Finding, State
from hygie.domain.journal.queries import verify
from hygie.domain.people.models import Notice
from hygie.domain.rounds.actions import open_round
from hygie.domain.rounds.claims import enlist
from hygie.domain.rounds.models import Step
from hygie.jobs.round_runner import run_round
from hygie.jobs.workbench import Workbench
from hygie.vocabulary.enums import Role

if TYPE_CHECKING:
    from pathlib import Path

    from hygie.domain.territory.models import Node

pytestmark = pytest.mark.django_db

CPE = "cpe:2.3:o:fortinet:fortios:6.0.4:*:*:*:*:*:*:*"
FLAW = "CVE-2018-13379"
STEPS = (Step.REFRESH, Step.MATCH, Step.RECONCILE, Step.DECIDE, Step.NOTIFY)


def turn(site: Node, bench: Workbench) -> None:
    made, _ = open_round(site, STEPS, actor="essai", now=bench.clock())
    run_round(made, bench, enlist("essai", "machine", 1, ""))


def signed_in(role: Role, site: Node) -> Client:
    client = Client()
    user = make_user(role, site, f"{role}@essai.example")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def state() -> str:
    return str(Finding.objects.get(cve_id=FLAW).state)


def test_a_declaration_from_its_first_to_its_last_day(tmp_path: Path) -> None:
    start = timezone.now()
    bench = Workbench(home=tmp_path, clock=lambda: start, network=lambda _: None)  # type: ignore[arg-type, return-value]
    site = make_site()
    rssi, director = signed_in(Role.RSSI, site), signed_in(Role.DIRECTOR, site)
    line = AssetLine("device", "Passerelle", "Fortinet", "FortiOS", "6.0.4", cpe=CPE)
    import_assets(site, [line], Document("inventory", "i.csv", "a" * 64), actor="e", now=start)
    turn(site, bench)
    finding = Finding.objects.get(cve_id=FLAW)

    until = timezone.localdate(start) + dt.timedelta(days=10)
    rssi.post(
        reverse("finding-not-affected", args=[finding.pk]),
        {
            "justification": "vulnerable_code_not_in_execute_path",
            "impact": "Le VPN SSL n’est pas activé sur cette passerelle.",
            "until": until.isoformat(),
        },
    )
    assert state() == State.OPEN  # exploited: a second person must agree
    statement = site.vex_statements.get()
    director.post(reverse("statement-approve", args=[statement.pk]))
    assert state() == State.SET_ASIDE

    after = replace(bench, clock=lambda: start + dt.timedelta(days=5))
    turn(site, after)
    assert state() == State.SET_ASIDE

    later = replace(bench, clock=lambda: start + dt.timedelta(days=12))
    turn(site, later)
    assert state() == State.OPEN
    finding.refresh_from_db()
    assert finding.times_returned == 1
    assert finding.decision
    assert finding.due_at is not None
    said = Notice.objects.filter(user__email="rssi@essai.example").values_list("text", flat=True)
    assert any("1 faiblesse revenue" in text for text in said)
    assert verify().whole
