from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from hygie.domain.findings.models import Finding, State
from hygie.domain.veille.models import Cve, VexStatement

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.test import Client
    from tests.web.world import World

TYPED = {
    "justification": "component_not_present",
    "impact": "Le module concerné n’est pas installé.",
}


def declare(client: Client, finding: Finding, **more: object) -> HttpResponse:
    until = timezone.localdate() + dt.timedelta(days=30)
    data = {**TYPED, "until": until.isoformat(), **more}
    return client.post(reverse("finding-not-affected", args=[finding.pk]), data, follow=True)


def test_from_a_finding_to_set_aside_and_its_reason_on_the_page(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    client, finding = sign_in("rssi"), world.findings["own.flaw"]
    page = client.get(reverse("finding", args=[finding.pk])).content.decode()
    assert reverse("finding-not-affected", args=[finding.pk]) in page

    done = declare(client, finding).content.decode()

    finding.refresh_from_db()
    assert finding.state == State.SET_ASIDE
    assert "Écarté par rssi@exemple.example" in done
    assert "le composant vulnérable n’est pas présent" in done
    assert TYPED["impact"] in done


def test_what_does_not_hold_comes_back_beside_its_field(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    answer = declare(sign_in("rssi"), world.findings["own.flaw"], impact="RAS")

    assert answer.status_code == 422
    assert "expliquez en 15 caractères au moins pourquoi" in answer.content.decode()


def test_a_weakness_seen_from_outside_goes_back_to_its_page(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    finding = world.findings["own.late"]

    answer = sign_in("rssi").get(reverse("finding-not-affected", args=[finding.pk]))

    assert answer.url == reverse("finding", args=[finding.pk])  # type: ignore[attr-defined]


def test_a_serious_case_is_approved_by_the_director(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    Cve.objects.update(kev_added_on=timezone.localdate())
    rssi, finding = sign_in("rssi"), world.findings["own.flaw"]
    said = declare(rssi, finding).content.decode()
    assert "en attente de l’accord d’une seconde personne" in said
    made = VexStatement.objects.latest("pk")
    waiting = f"{reverse('statement-list')}?standing=waiting"
    approve = reverse("statement-approve", args=[made.pk])
    assert approve not in rssi.get(waiting).content.decode()

    director = sign_in("director")
    assert approve in director.get(waiting).content.decode()
    director.post(approve)

    finding.refresh_from_db()
    assert finding.state == State.SET_ASIDE


def test_the_list_says_until_when_and_takes_back(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    client, made = sign_in("rssi"), world.statements["own"]
    page = client.get(reverse("statement-list")).content.decode()
    assert "une protection en place suffit" in page

    client.post(reverse("statement-revoke", args=[made.pk]))

    made.refresh_from_db()
    assert made.revoked_by == "rssi@exemple.example"
    page = client.get(reverse("statement-list"), {"standing": "over"}).content.decode()
    assert "retirée le" in page


@pytest.mark.parametrize(("form", "key"), [("openvex", "statements"), ("csaf", "vulnerabilities")])
def test_the_list_is_exported_within_scope(
    form: str, key: str, sign_in: Callable[[str], Client]
) -> None:
    answer = sign_in("rssi").get(reverse("statement-export"), {"format": form})

    assert len(json.loads(answer.content)[key]) == 1
    assert "neighbour" not in answer.content.decode()


def test_a_format_that_does_not_exist_is_not_found(sign_in: Callable[[str], Client]) -> None:
    answer = sign_in("rssi").get(reverse("statement-export"), {"format": "xml"})

    assert answer.status_code == 404


def test_an_analyst_shares_what_a_manufacturer_says(sign_in: Callable[[str], Client]) -> None:
    cert = sign_in("cert")
    typed = {**TYPED, "cve_id": "CVE-2099-0001", "author": "Acme Santé", "vendor": "Acme"}
    refused = cert.post(reverse("national-statement-new"), {**typed, "name": "PACS", "cve_id": "x"})
    assert refused.status_code == 422

    cert.post(reverse("national-statement-new"), {**typed, "name": "PACS", "last": "3.0"})

    page = sign_in("rssi").get(reverse("national-statements")).content.decode()
    assert "Acme Santé" in page
    assert "3.0" in page
