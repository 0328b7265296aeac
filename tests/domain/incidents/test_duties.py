from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.incidents.samples import RSSI, declared, drafted
from tests.domain.places import NOW, make_site

from hygie.domain.incidents.declaring import complete
from hygie.domain.incidents.duties import called_for, standings
from hygie.domain.incidents.filing import file_duty
from hygie.domain.incidents.models import Channel
from hygie.engines.clocks.state import State as ClockState

pytestmark = pytest.mark.django_db

BREACH = {"personal_data_breach": True, "risk_to_persons": True}
AWARE = NOW - dt.timedelta(hours=1)


def of(incident: object, regime: str, *, now: dt.datetime = NOW, step: str = "") -> object:
    found = [
        one
        for one in standings(incident, now=now)  # type: ignore[arg-type]
        if one.called.regime.id == regime and step in ("", one.called.step.id)
    ]
    assert len(found) == 1
    return found[0]


def test_the_cnil_clock_runs_from_awareness_to_the_second() -> None:
    incident = declared(answers=BREACH)
    end = AWARE + dt.timedelta(hours=72)

    assert of(incident, "regime.rgpd").standing.due.at == end
    assert of(incident, "regime.rgpd", now=end).standing.state is ClockState.RUNNING
    assert of(incident, "regime.rgpd", now=end + dt.timedelta(seconds=1)).is_late


def test_a_draft_shows_what_it_would_owe() -> None:
    draft = drafted(answers=BREACH)

    one = of(draft, "regime.rgpd")

    assert one.duty is None
    assert one.standing.due.at == AWARE + dt.timedelta(hours=72)


def test_what_nobody_answered_is_to_check() -> None:
    incident = declared(answers={"is_ose": True, "sie_affected": True})

    one = of(incident, "regime.ose", step="declaration")

    assert one.called.concern == "to_check"
    assert [fact.id for fact in one.called.missing] == ["essential_service_impact"]
    assert not one.is_waiting


def test_nis2_binds_from_the_day_the_operator_gives(settings: object) -> None:
    answers = {"nis2_entity": "essential", "nis2_important_incident": True}
    incident = declared(answers=answers)
    assert not of(incident, "regime.nis2", step="early-warning").called.in_force

    settings.HYGIE_REGIMES_IN_FORCE = {"regime.nis2": dt.date(2026, 1, 1)}  # type: ignore[attr-defined]

    assert of(incident, "regime.nis2", step="early-warning").is_waiting


def test_the_month_of_the_final_report_runs_from_the_notification(settings: object) -> None:
    settings.HYGIE_REGIMES_IN_FORCE = {"regime.nis2": dt.date(2026, 1, 1)}  # type: ignore[attr-defined]
    answers = {"nis2_entity": "essential", "nis2_important_incident": True}
    incident = declared(answers=answers)
    report = of(incident, "regime.nis2", step="final-report")
    assert report.standing.state is ClockState.NOT_STARTED

    duty = incident.duties.get(regime="regime.nis2", step="notification")
    file_duty(duty, channel=Channel.HAND, filed_at=NOW, actor=RSSI, now=NOW, proof="A-1")

    report = of(incident, "regime.nis2", step="final-report")
    assert report.standing.due.at.date() == dt.date(2026, 4, 7)  # the Tuesday after Easter Monday


def test_the_clock_of_an_overseas_hospital_is_its_own() -> None:
    site = make_site("CH de l’île", time_zone="Indian/Reunion", department="974")
    incident = declared(site, answers={"serious_adverse_event": True})
    duty = incident.duties.get(regime="regime.eigs", step="part-1")
    late_evening = dt.datetime(2026, 3, 4, 21, 0, tzinfo=dt.UTC)  # the 5th, 01:00 there
    file_duty(
        duty, channel=Channel.HAND, filed_at=late_evening, actor=RSSI, now=late_evening, proof="A"
    )

    end = of(incident, "regime.eigs", step="part-2", now=late_evening).standing.due.at

    assert end == dt.datetime(2026, 6, 5, 19, 59, 59, tzinfo=dt.UTC)


def test_persons_are_told_from_the_day_the_risk_is_known_high() -> None:
    incident = declared(answers=BREACH)
    later = NOW + dt.timedelta(hours=5)

    complete(incident, {"answers": {"high_risk_to_persons": True}}, actor=RSSI, now=later)
    incident.refresh_from_db()

    assert of(incident, "regime.rgpd-persons", now=later).standing.due.at == later


def test_what_waits_comes_first_the_earliest_end_before() -> None:
    incident = declared(answers=BREACH | {"cyber_insured": True})

    shown = standings(incident, now=NOW)

    waiting = [one.is_waiting for one in shown]
    assert waiting == sorted(waiting, reverse=True)
    ends = [one.standing.due.at for one in shown if one.is_waiting]
    assert ends == sorted(ends)


def test_the_reason_of_each_duty_is_said() -> None:
    incident = declared(answers=BREACH)

    assert all(one.reasons for one in called_for(incident) if one.concern == "owed")
