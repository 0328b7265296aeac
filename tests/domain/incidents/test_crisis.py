from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.incidents.samples import RSSI, declared
from tests.domain.places import NOW

from hygie.domain.incidents.content import IncidentError
from hygie.domain.incidents.crisis import Report, set_service
from hygie.domain.incidents.kinds import Running
from hygie.domain.incidents.queries import board

pytestmark = pytest.mark.django_db


def test_the_board_shows_the_latest_word_and_keeps_the_others() -> None:
    incident = declared()
    hour = dt.timedelta(hours=1)
    set_service(
        incident, "imaging", Report(Running.STOPPED, NOW - hour), actor=RSSI, now=NOW - hour
    )
    set_service(
        incident, "imaging", Report(Running.DEGRADED, NOW, "CD gravés"), actor=RSSI, now=NOW
    )
    set_service(incident, "emergency", Report(Running.STOPPED, NOW), actor=RSSI, now=NOW)

    first, second, third, *_ = board(incident, on=NOW.date())

    assert (first.service.id, first.running) == ("emergency", Running.STOPPED)
    assert (second.service.id, second.row.workaround) == ("imaging", "CD gravés")
    assert third.running is Running.NORMAL
    assert incident.services.count() == 3


@pytest.mark.parametrize(
    ("service", "report"),
    [
        ("casino", Report(Running.STOPPED, NOW)),
        ("imaging", Report(Running.STOPPED, NOW + dt.timedelta(hours=1))),
        ("imaging", Report(Running.STOPPED, NOW, expected_at=NOW - dt.timedelta(hours=1))),
    ],
)
def test_what_makes_no_sense_is_refused(service: str, report: Report) -> None:
    with pytest.raises(IncidentError):
        set_service(declared(), service, report, actor=RSSI, now=NOW)
