from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from hygie.domain.incidents.kinds import State
from hygie.domain.incidents.models import Incident

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from tests.web.world import World

pytestmark = pytest.mark.django_db

SAID = {
    "nature": "incident",
    "kind": "ransomware",
    "origin": "malicious",
    "operation": "stopped",
    "danger": "potential",
    "summary": "Serveurs chiffrés",
    "aware_at": "2026-03-04T10:00",
}


@pytest.fixture
def rssi(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("rssi")


@pytest.fixture
def draft(rssi: Client, world: World) -> Incident:
    rssi.post(reverse("incident-start", args=[world.nodes["own"].pk]))
    return Incident.objects.get(state=State.DRAFT)


def test_one_chooses_among_ones_own_places(rssi: Client, world: World) -> None:
    page = rssi.get(reverse("incident-declare")).content.decode()

    assert world.nodes["own"].name in page
    assert world.nodes["neighbour"].name not in page


def test_a_field_is_kept_as_soon_as_it_is_filled(rssi: Client, draft: Incident) -> None:
    answer = rssi.post(
        reverse("incident-save", args=[draft.key]),
        {"kind": "ransomware", "fact_may_spread": "yes"},
        headers={"HX-Request": "true"},
    )

    draft.refresh_from_db()
    assert (draft.kind, draft.answers["may_spread"]) == ("ransomware", True)
    page = answer.content.decode()
    assert "CERT Santé" in page
    assert "<html" not in page


def test_without_script_the_draft_is_kept_by_its_button(rssi: Client, draft: Incident) -> None:
    answer = rssi.post(reverse("incident-save", args=[draft.key]), SAID, follow=True)

    assert "Le brouillon est gardé" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.summary == "Serveurs chiffrés"


def test_what_cannot_be_read_is_said_and_the_rest_is_kept(rssi: Client, draft: Incident) -> None:
    answer = rssi.post(
        reverse("incident-save", args=[draft.key]),
        SAID | {"aware_at": "hier"},
        headers={"HX-Request": "true"},
    )

    draft.refresh_from_db()
    assert draft.summary == "Serveurs chiffrés"
    assert "Quand l’avez-vous su" in answer.content.decode()


def test_a_named_person_is_noticed(rssi: Client, draft: Incident) -> None:
    answer = rssi.post(
        reverse("incident-save", args=[draft.key]),
        {"summary": "Vu par le Dr Martin"},
        headers={"HX-Request": "true"},
    )

    assert "civilité" in answer.content.decode()


def test_the_hour_typed_is_that_of_the_place(
    sign_in: Callable[[str], Client], world: World
) -> None:
    client = sign_in("cert")
    site = world.nodes["overseas"]
    world.users["cert"].grants.update(role="rssi", node=site)
    client.post(reverse("incident-start", args=[site.pk]))
    draft = Incident.objects.get(state=State.DRAFT)

    client.post(reverse("incident-save", args=[draft.key]), {"aware_at": "2026-03-04T10:00"})

    draft.refresh_from_db()
    assert draft.aware_at == dt.datetime(2026, 3, 4, 6, 0, tzinfo=dt.UTC)
    page = client.get(reverse("incident-draft", args=[draft.key])).content.decode()
    assert "2026-03-04T10:00" in page


def test_a_declaration_leads_to_whom_to_tell(rssi: Client, draft: Incident) -> None:
    answer = rssi.post(reverse("incident-send", args=[draft.key]), SAID, follow=True)

    draft.refresh_from_db()
    assert draft.state == State.DECLARED
    page = answer.content.decode()
    assert str(draft.number) in page
    assert "sans délai : maintenant" in page


def test_sent_twice_it_is_one_incident(rssi: Client, draft: Incident) -> None:
    before = Incident.objects.count()
    for _ in range(2):
        rssi.post(reverse("incident-send", args=[draft.key]), SAID)

    assert Incident.objects.count() == before
    assert draft.versions.count() == 1


def test_what_lacks_is_asked_and_what_was_typed_is_there(rssi: Client, draft: Incident) -> None:
    answer = rssi.post(reverse("incident-send", args=[draft.key]), SAID | {"kind": ""})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "il manque : ce qui s’est passé" in page
    assert "Serveurs chiffrés" in page


def test_a_draft_thrown_away_is_gone(rssi: Client, draft: Incident) -> None:
    rssi.post(reverse("incident-drop", args=[draft.key]))

    assert not Incident.objects.filter(pk=draft.pk).exists()


def test_completing_keeps_the_first_version(rssi: Client, world: World) -> None:
    incident = world.incidents["own"]
    url = reverse("incident-complete", args=[incident.key])
    assert "Panne à ch.own.example" in rssi.get(url).content.decode()

    answer = rssi.post(url, SAID | {"aware_at": _local(incident)}, follow=True)

    assert "Version 2 gardée" in answer.content.decode()
    assert incident.versions.count() == 2


def _local(incident: Incident) -> str:
    return timezone.localtime(incident.aware_at).strftime("%Y-%m-%dT%H:%M")


def test_an_exercise_says_so_everywhere(rssi: Client, world: World) -> None:
    rssi.post(reverse("incident-start", args=[world.nodes["own"].pk]), {"exercise": "1"})
    draft = Incident.objects.get(state=State.DRAFT)

    assert "exercice" in rssi.get(reverse("incident-draft", args=[draft.key])).content.decode()
