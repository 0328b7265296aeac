"""Declarations "not affected because", as machines read and make them."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import TYPE_CHECKING

from django.utils import timezone

from hygie.domain.findings.models import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.test import Client
    from tests.web.world import World


def post(client: Client, path: str, body: object = None) -> HttpResponse:
    """Send JSON under a key of its own."""
    return client.post(
        f"/api/v1/{path}",
        json.dumps(body) if body else "",
        content_type="application/json",
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )


def test_a_declaration_is_made_read_and_revoked(
    world: World, caller: Callable[[str], Client]
) -> None:
    client, finding = caller("rssi"), world.findings["own.flaw"]
    until = (timezone.localdate() + dt.timedelta(days=30)).isoformat()
    body = {
        "justification": "vulnerable_code_not_present",
        "impact": "Le module n’est pas installé.",
        "until": until,
    }

    made = post(client, f"findings/{finding.pk}/not-affected", body)

    assert made.status_code == 200, made.content
    statement = made.json()
    assert (statement["cve_id"], statement["expires_on"]) == (finding.cve_id, until)
    listed = client.get("/api/v1/vex-statements", {"standing": "all"}).json()["items"]
    assert statement["id"] in [one["id"] for one in listed]
    assert post(client, f"vex-statements/{statement['id']}/revoke").status_code == 200
    finding.refresh_from_db()
    assert finding.state == State.OPEN


def test_a_neighbour_has_no_such_declaration(world: World, caller: Callable[[str], Client]) -> None:
    statement = world.statements["own"]

    answer = post(caller("neighbour_rssi"), f"vex-statements/{statement.pk}/revoke")

    assert answer.status_code == 404
