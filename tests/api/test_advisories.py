"""The stream of publications, as machines read it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from tests.web.world import CVE

from hygie.domain.veille.models import Advisory, AdvisoryCve, AdvisoryKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from tests.web.world import World


@pytest.fixture
def advisory(world: World) -> Advisory:  # noqa: ARG001 - the world it may concern
    now = timezone.now()
    made = Advisory.objects.create(
        kind=AdvisoryKind.AVIS,
        reference="CERTFR-2099-AVI-0001",
        title="Avis d’essai",
        publisher="CERT-FR",
        content={"title": "Avis d’essai"},
        cve_ids=[CVE],
        sha256="a" * 64,
        published_on=dt.date(2099, 1, 2),
        came_at=now,
        changed_at=now,
    )
    AdvisoryCve.objects.create(advisory=made, cve_id=CVE)
    return made


def test_a_publication_is_listed_and_narrowed(
    advisory: Advisory, caller: Callable[[str], Client]
) -> None:
    client = caller("rssi")

    [found] = client.get("/api/v1/advisories").json()["items"]
    assert (found["id"], found["cve_ids"]) == (advisory.pk, [CVE])
    assert client.get("/api/v1/advisories", {"kind": "kev"}).json()["items"] == []
    assert client.get("/api/v1/advisories", {"q": "AVI-0001"}).json()["items"] == [found]


def test_its_detail_says_whom_it_concerns_to_who_may_know(
    advisory: Advisory, caller: Callable[[str], Client]
) -> None:
    path = f"/api/v1/advisories/{advisory.pk}"

    assert caller("rssi").get(path).json()["concern"]["answer"]
    assert caller("ministry").get(path).json()["concern"] is None
    assert caller("rssi").get("/api/v1/advisories/999999").status_code == 404
