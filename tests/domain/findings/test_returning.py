from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.places import NOW, make_site
from tests.domain.veille.test_declaring import flaw

from hygie.domain.findings.models import EventKind, State
from hygie.domain.findings.returning import bring_back, reasons_set_aside
from hygie.domain.journal.models import Entry

pytestmark = pytest.mark.django_db


def test_the_last_reason_speaks() -> None:
    site = make_site()
    finding = flaw(site, state=State.SET_ASIDE, closed_at=NOW)
    for minutes, reason in ((0, "first"), (5, "second")):
        finding.events.create(
            at=NOW + dt.timedelta(minutes=minutes),
            kind=EventKind.SET_ASIDE,
            actor="s",
            detail={"why": reason},
        )

    assert reasons_set_aside(site) == {finding.pk: {"why": "second"}}


def test_what_is_brought_back_is_open_counted_and_told_once() -> None:
    site = make_site()
    finding = flaw(site, state=State.SET_ASIDE, closed_at=NOW)
    why = {finding.pk: {"because": "ended"}}

    assert bring_back(site, why, now=NOW) == 1
    assert bring_back(site, why, now=NOW) == 0

    finding.refresh_from_db()
    assert (finding.state, finding.closed_at, finding.times_returned) == (State.OPEN, None, 1)
    event = finding.events.get(kind=EventKind.RETURNED)
    assert event.detail == {"times": 1, "because": "ended"}
    assert Entry.objects.filter(action="finding.returned").count() == 1


def test_a_finding_of_another_place_stays_as_it_is() -> None:
    finding = flaw(make_site("CH d’Ici"), state=State.SET_ASIDE, closed_at=NOW)

    assert bring_back(make_site("CH de Là"), {finding.pk: {}}, now=NOW) == 0
