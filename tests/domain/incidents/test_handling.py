from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.incidents.samples import RSSI, declared, drafted
from tests.domain.places import NOW

from hygie.domain.incidents.content import IncidentError
from hygie.domain.incidents.handling import add_task, conclude, move, tick, write_line
from hygie.domain.incidents.kinds import FOLLOWS, State

pytestmark = pytest.mark.django_db


def test_an_incident_goes_through_its_states_to_the_lessons() -> None:
    incident = declared()
    for state in (State.ACKNOWLEDGED, State.QUALIFIED, State.HANDLING, State.RESOLVED):
        incident = move(incident, state, actor=RSSI, now=NOW)
    with pytest.raises(IncidentError, match="cause"):
        move(incident, State.CLOSED, actor=RSSI, now=NOW)

    conclude(
        incident,
        cause="Passerelle non corrigée",
        lessons="Corriger sous 48 h",
        cost_cents=1_200_00,
        actor=RSSI,
        now=NOW,
    )

    assert move(incident, State.CLOSED, actor=RSSI, now=NOW).closed_at == NOW


def test_a_state_that_does_not_follow_is_refused() -> None:
    with pytest.raises(IncidentError, match="ne devient pas"):
        move(declared(), State.CLOSED, actor=RSSI, now=NOW)


def test_every_state_but_the_draft_leads_somewhere() -> None:
    assert set(FOLLOWS) == set(State) - {State.DRAFT}


def test_a_line_has_the_hour_of_the_fact_and_that_of_the_writing() -> None:
    at = NOW - dt.timedelta(minutes=40)

    line = write_line(declared(), "Liaison coupée", at=at, actor=RSSI, now=NOW)

    assert (line.at, line.entered_at) == (at, NOW)


@pytest.mark.parametrize(("text", "ahead_h"), [(" ", 0), ("demain", 24)])
def test_a_line_that_says_nothing_or_foretells_is_refused(text: str, ahead_h: int) -> None:
    with pytest.raises(IncidentError):
        write_line(declared(), text, at=NOW + dt.timedelta(hours=ahead_h), actor=RSSI, now=NOW)


def test_a_task_is_ticked_and_may_be_taken_up_again() -> None:
    task = add_task(declared(), "Prévenir le laboratoire", actor=RSSI, now=NOW)

    assert tick(task, done=True, actor=RSSI, now=NOW).done_at == NOW
    assert tick(task, done=False, actor=RSSI, now=NOW).done_at is None


def test_nothing_is_written_on_a_draft() -> None:
    with pytest.raises(IncidentError, match="ouvert"):
        add_task(drafted(), "x", actor=RSSI, now=NOW)
