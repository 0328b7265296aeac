from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.incidents.samples import RSSI, declared
from tests.domain.places import NOW, make_site

from hygie.domain.incidents.content import IncidentError
from hygie.domain.incidents.drafting import drop_draft, save_draft, start_draft
from hygie.domain.incidents.models import Incident
from hygie.domain.journal.models import Entry

pytestmark = pytest.mark.django_db


def test_a_draft_begins_with_what_is_known() -> None:
    draft = start_draft(make_site(), actor=RSSI, now=NOW)

    assert draft.answers == {"structure_kind": "health"}
    assert draft.aware_at == NOW
    assert draft.number is None


def test_a_person_comes_back_to_the_draft_they_left() -> None:
    site = make_site()

    assert start_draft(site, actor=RSSI, now=NOW) == start_draft(site, actor=RSSI, now=NOW)
    assert start_draft(site, actor=RSSI, now=NOW, is_exercise=True).is_exercise
    assert Incident.objects.count() == 2


def test_each_field_is_kept_alone() -> None:
    draft = start_draft(make_site(), actor=RSSI, now=NOW)

    save_draft(draft, {"summary": "Panne"}, now=NOW)
    save_draft(draft, {"answers": {"may_spread": True}}, now=NOW)
    kept = save_draft(draft, {"answers": {"cyber_insured": False}}, now=NOW)

    assert kept.summary == "Panne"
    assert kept.answers == {
        "structure_kind": "health",
        "may_spread": True,
        "cyber_insured": False,
    }


def test_an_answer_taken_back_is_unknown_again() -> None:
    draft = start_draft(make_site(), actor=RSSI, now=NOW)
    save_draft(draft, {"answers": {"may_spread": True}}, now=NOW)

    assert "may_spread" not in save_draft(draft, {"answers": {"may_spread": None}}, now=NOW).answers


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "fire"},
        {"number": "INC-1"},
        {"occurred_at": NOW + dt.timedelta(hours=1)},
        {"answers": {"nobody_asks": True}},
        {"answers": {"may_spread": "maybe"}},
        {"answers": {"structure_kind": "castle"}},
    ],
)
def test_nothing_of_a_senseless_change_is_kept(changes: dict[str, object]) -> None:
    draft = start_draft(make_site(), actor=RSSI, now=NOW)

    with pytest.raises(IncidentError):
        save_draft(draft, {"summary": "Panne"} | changes, now=NOW)

    draft.refresh_from_db()
    assert draft.summary == ""


def test_a_draft_can_be_thrown_away_and_a_declaration_cannot() -> None:
    drop_draft(start_draft(make_site(), actor=RSSI, now=NOW), actor=RSSI, now=NOW)
    assert not Incident.objects.exists()
    assert Entry.objects.filter(action="incident.dropped").exists()

    incident = declared()
    with pytest.raises(IncidentError):
        drop_draft(incident, actor=RSSI, now=NOW)
    with pytest.raises(IncidentError):
        save_draft(incident, {"summary": "autre"}, now=NOW)
