from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.places import NOW, make_site, make_user
from tests.domain.veille.test_declaring import claim, flaw

from hygie.domain.findings.models import EventKind, State
from hygie.domain.journal.models import Entry
from hygie.domain.veille.declaring import declare
from hygie.domain.veille.lapsing import lapse
from hygie.vocabulary.enums import Role

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(days=31)


def test_a_weakness_comes_back_the_day_after_the_last_day_and_once() -> None:
    site = make_site()
    finding = flaw(site)
    declare(finding, claim(), user=make_user(Role.RSSI, site), now=NOW)
    last = (NOW + dt.timedelta(days=30)).date()

    assert lapse(site, on=last, now=LATER) == 0
    assert lapse(site, on=LATER.date(), now=LATER) == 1
    assert lapse(site, on=LATER.date(), now=LATER) == 0

    finding.refresh_from_db()
    assert (finding.state, finding.times_returned) == (State.OPEN, 1)
    assert finding.events.filter(kind=EventKind.RETURNED, at=LATER).count() == 1
    assert Entry.objects.filter(action="finding.returned", node_id=site.pk).count() == 1


def test_what_was_joined_to_another_finding_does_not_come_back() -> None:
    site = make_site()
    finding = flaw(site, state=State.SET_ASIDE, closed_at=NOW)
    finding.events.create(at=NOW, kind=EventKind.SET_ASIDE, actor="s", detail={"joined": "x"})

    assert lapse(site, on=LATER.date(), now=LATER) == 0
