from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.incidents.samples import RSSI, declared, drafted
from tests.domain.places import NOW

from hygie.domain.incidents.content import IncidentError
from hygie.domain.incidents.declaring import complete, declare
from hygie.domain.incidents.kinds import State
from hygie.domain.incidents.models import Incident
from hygie.domain.journal.models import Entry

pytestmark = pytest.mark.django_db


def test_a_declaration_has_a_number_duties_tasks_and_a_trace() -> None:
    incident = declared()

    assert incident.number == f"INC-2026-{incident.pk:06d}"
    assert incident.state == State.DECLARED
    assert incident.duties.filter(regime="regime.csp").exists()
    assert incident.tasks.filter(step="hold.isolate").exists()
    assert incident.versions.get().content["kind"] == "ransomware"
    assert Entry.objects.filter(action="incident.declared").count() == 1


def test_sent_twice_it_is_one_incident() -> None:
    draft = drafted()

    first = declare(draft, actor=RSSI, now=NOW)
    second = declare(draft, actor=RSSI, now=NOW + dt.timedelta(seconds=1))

    assert (second.pk, second.declared_at) == (first.pk, NOW)
    assert first.versions.count() == 1
    assert Entry.objects.filter(action="incident.declared").count() == 1


@pytest.mark.parametrize("lacking", [{"kind": ""}, {"summary": " "}, {"aware_at": None}])
def test_what_lacks_is_named(lacking: dict[str, object]) -> None:
    draft = drafted(**lacking)

    with pytest.raises(IncidentError, match="il manque"):
        declare(draft, actor=RSSI, now=NOW)

    assert Incident.objects.get().state == State.DRAFT


def test_nobody_knows_before_it_happens() -> None:
    with pytest.raises(IncidentError, match="connu avant"):
        declare(drafted(occurred_at=NOW), actor=RSSI, now=NOW)


def test_an_exercise_is_numbered_apart() -> None:
    draft = drafted(is_exercise=True)

    assert str(declare(draft, actor=RSSI, now=NOW).number).startswith("EXE-2026-")


def test_saying_more_is_a_new_version_and_may_call_for_more() -> None:
    incident = declared()
    later = NOW + dt.timedelta(hours=2)

    version = complete(
        incident,
        {"answers": {"personal_data_breach": True, "risk_to_persons": True}},
        actor=RSSI,
        now=later,
    )

    assert version.number == 2
    assert incident.versions.first().content["answers"].get("risk_to_persons") is None
    assert incident.duties.get(regime="regime.rgpd").concern == "owed"


def test_saying_the_same_again_is_no_version() -> None:
    incident = declared()

    assert complete(incident, {"kind": "ransomware"}, actor=RSSI, now=NOW).number == 1


def test_a_duty_owed_no_longer_is_dated_and_stays() -> None:
    incident = declared(answers={"personal_data_breach": True, "risk_to_persons": True})

    complete(incident, {"answers": {"personal_data_breach": False}}, actor=RSSI, now=NOW)

    assert incident.duties.get(regime="regime.rgpd").dropped_at == NOW


def test_another_kind_adds_tasks_and_takes_none() -> None:
    incident = declared()
    before = incident.tasks.count()

    complete(incident, {"kind": "data_theft"}, actor=RSSI, now=NOW)

    assert incident.tasks.count() > before
    assert incident.tasks.filter(step="hold.isolate").exists()


def test_a_draft_is_not_completed() -> None:
    with pytest.raises(IncidentError):
        complete(drafted(), {"summary": "x"}, actor=RSSI, now=NOW)
