from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from hygie.domain.incidents.kinds import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from tests.web.world import World

    from hygie.domain.incidents.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def rssi(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("rssi")


@pytest.fixture
def incident(world: World) -> Incident:
    return world.incidents["own"]


def now() -> str:
    return timezone.localtime().strftime("%Y-%m-%dT%H:%M:%S")


def test_what_was_said_by_hand_is_noted(rssi: Client, incident: Incident) -> None:
    duty = incident.duties.exclude(filings__isnull=False).earliest("pk")

    rssi.post(
        reverse("incident-file", args=[incident.key, duty.pk]), {"filed_at": now(), "proof": "B-2"}
    )

    assert duty.filings.get().proof == "B-2"


def test_without_proof_nothing_is_noted_and_one_line_says_why(
    rssi: Client, incident: Incident
) -> None:
    duty = incident.duties.exclude(filings__isnull=False).earliest("pk")

    answer = rssi.post(reverse("incident-file", args=[incident.key, duty.pk]), {"filed_at": now()})

    assert answer.status_code == 422
    assert "Preuve" in answer.content.decode()
    assert not duty.filings.exists()


def test_the_duty_of_another_incident_does_not_exist(
    rssi: Client, incident: Incident, world: World
) -> None:
    foreign = world.incidents["neighbour"].duties.earliest("pk")

    answer = rssi.post(reverse("incident-file", args=[incident.key, foreign.pk]))

    assert answer.status_code == 404


def test_a_line_is_written(rssi: Client, incident: Incident) -> None:
    rssi.post(
        reverse("incident-line", args=[incident.key]), {"at": now(), "text": "Groupe démarré"}
    )

    assert incident.lines.filter(text="Groupe démarré").exists()


def test_a_task_is_added_done_and_taken_up_again(rssi: Client, incident: Incident) -> None:
    rssi.post(reverse("incident-task", args=[incident.key]), {"label": "Appeler le fournisseur"})
    task = incident.tasks.get(label="Appeler le fournisseur")

    for done in ("1", "0"):
        rssi.post(reverse("incident-tick", args=[incident.key, task.pk]), {"done": done})
        task.refresh_from_db()
        assert bool(task.done_at) is (done == "1")


def test_the_analyst_qualifies_and_a_senseless_state_is_refused(
    sign_in: Callable[[str], Client], incident: Incident
) -> None:
    analyst, url = sign_in("cert"), reverse("incident-move", args=[incident.key])

    assert analyst.post(url, {"state": "qualified"}).status_code == 302
    assert analyst.post(url, {"state": "closed"}).status_code == 422
    assert analyst.post(url, {"state": "castle"}).status_code == 422
    incident.refresh_from_db()
    assert incident.state == State.QUALIFIED


def test_cause_lessons_and_cost_are_kept_in_cents(rssi: Client, incident: Incident) -> None:
    rssi.post(
        reverse("incident-conclude", args=[incident.key]),
        {"cause": "Onduleur", "lessons": "L’essayer chaque mois", "cost": "1234.56"},
    )

    incident.refresh_from_db()
    assert incident.cost_cents == 123_456
