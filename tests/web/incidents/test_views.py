from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.domain.incidents.samples import declared

from hygie.domain.incidents.models import Incident

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from tests.web.world import World

pytestmark = pytest.mark.django_db


def test_the_list_counts_and_draws_what_one_reads(
    sign_in: Callable[[str], Client], world: World
) -> None:
    page = sign_in("ars").get(reverse("incident-list")).content.decode()

    assert "<strong>2</strong> déclarés en sept jours" in page
    assert "Incidents déclarés par semaine" in page
    assert world.nodes["overseas"].name not in page


def test_an_empty_list_says_what_to_do(sign_in: Callable[[str], Client], world: World) -> None:
    Incident.objects.filter(pk__in=[one.pk for one in world.incidents.values()]).update(
        kind="power", is_exercise=True
    )

    page = sign_in("rssi").get(reverse("incident-list"), {"kind": "ransomware"}).content.decode()

    assert "Aucun incident ici" in page
    assert "Incidents déclarés par semaine" not in page


def test_an_incident_shows_duties_journal_tasks_and_versions(
    sign_in: Callable[[str], Client], world: World
) -> None:
    incident = world.incidents["own"]
    page = sign_in("rssi").get(reverse("incident", args=[incident.key])).content.decode()

    for text in ("CERT Santé", "Vu à ch.own.example", "C’est fait", "Version 1", "Envoi n° 1"):
        assert text in page


def test_who_only_reads_gets_no_button(sign_in: Callable[[str], Client], world: World) -> None:
    page = sign_in("ars").get(reverse("incident", args=[world.incidents["own"].key]))

    assert "C’est fait" not in page.content.decode()


def test_what_was_sent_comes_back_as_its_fingerprint_says(
    sign_in: Callable[[str], Client], world: World
) -> None:
    filing = world.incidents["own"].filings.get()
    url = reverse("incident-filing", args=[world.incidents["own"].key, filing.pk])

    answer = sign_in("cert").get(url)

    assert hashlib.sha256(answer.content).hexdigest() == filing.sha256
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_list_costs_the_same_however_long(sign_in: Callable[[str], Client], world: World) -> None:
    client = sign_in("cert")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("incident-list"))
        counts.append(len(queries))
        declared(world.nodes["own"])

    assert counts[0] == counts[1] <= 20
