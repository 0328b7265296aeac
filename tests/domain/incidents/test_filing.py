from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.incidents.samples import RSSI, declared
from tests.domain.places import NOW

from hygie.domain.incidents.content import IncidentError
from hygie.domain.incidents.declaring import complete
from hygie.domain.incidents.filing import changes_between, file_duty, fingerprint
from hygie.domain.incidents.models import Channel, Duty, Filing
from hygie.domain.journal.models import Entry

pytestmark = pytest.mark.django_db


def told(duty: Duty, *, now: dt.datetime = NOW, proof: str = "A-2026-17") -> Filing:
    return file_duty(duty, channel=Channel.HAND, filed_at=now, actor=RSSI, now=now, proof=proof)


def health_cert() -> Duty:
    return declared().duties.get(regime="regime.csp")


def test_what_was_told_is_kept_with_its_fingerprint_and_its_proof() -> None:
    filing = told(health_cert())

    assert filing.proof == "A-2026-17"
    assert filing.sha256 == fingerprint(filing.document)
    assert filing.document["content"]["incident.kind"] == "ransomware"
    assert filing.document["content"]["structure.name"] == "CH d’Essai"
    assert Entry.objects.filter(action="incident.filed").exists()


def test_each_recipient_is_told_in_its_own_order() -> None:
    incident = declared(answers={"personal_data_breach": True, "risk_to_persons": True})

    cnil = told(incident.duties.get(regime="regime.rgpd")).document["content"]
    cert = told(incident.duties.get(regime="regime.csp")).document["content"]

    assert "incident.operation" not in cnil
    assert next(iter(cert)) == "structure.name"
    assert [one["recipient"] for one in cert["others"]] == ["cnil"]


def test_a_supplement_completes_and_shows_what_changed() -> None:
    duty = health_cert()
    first = told(duty)
    later = NOW + dt.timedelta(hours=2)
    complete(duty.incident, {"perimeter": "Trois serveurs"}, actor=RSSI, now=later)

    second = told(duty, now=later)

    assert (first.number, second.number) == (1, 2)
    assert changes_between(first, second) == [("incident.perimeter", "", "Trois serveurs")]
    first.refresh_from_db()
    assert first.document["content"]["incident.perimeter"] == ""


def test_the_same_version_is_not_told_twice() -> None:
    duty = health_cert()
    told(duty)

    with pytest.raises(IncidentError, match="déjà envoyée"):
        told(duty)


@pytest.mark.parametrize("at", [NOW + dt.timedelta(hours=1), NOW - dt.timedelta(days=1)])
def test_an_impossible_hour_is_refused(at: dt.datetime) -> None:
    duty = health_cert()

    with pytest.raises(IncidentError, match="entre la connaissance"):
        file_duty(duty, channel=Channel.HAND, filed_at=at, actor=RSSI, now=NOW, proof="A")


def test_by_hand_needs_its_proof() -> None:
    with pytest.raises(IncidentError, match="accusé"):
        told(health_cert(), proof=" ")
