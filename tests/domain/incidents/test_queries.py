from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.incidents.samples import RSSI, declared, drafted
from tests.domain.places import NOW, make_site, make_user

from hygie.domain.incidents.handling import move
from hygie.domain.incidents.kinds import State
from hygie.domain.incidents.queries import drafts, incidents, picture, places_to_declare
from hygie.vocabulary.enums import Role

pytestmark = pytest.mark.django_db


def test_a_neighbour_reads_neither_incidents_nor_drafts() -> None:
    here, there = make_site("CH d’Ici"), make_site("CH de Là")
    declared(here)
    drafted(here)
    own, other = make_user(Role.RSSI, here), make_user(Role.RSSI, there)

    assert incidents(own).count() == 1
    assert incidents(other).count() == 0
    assert drafts(own, RSSI).count() == 1
    assert drafts(other, RSSI).count() == 0


def test_a_list_is_narrowed_by_state_kind_and_text() -> None:
    site = make_site("CH d’Ici")
    incident = declared(site)
    user = make_user(Role.RSSI, site)

    assert incidents(user, state="open", kind="ransomware", text="ici").get() == incident
    assert not incidents(user, kind="power").exists()
    move(incident, State.REJECTED, actor=RSSI, now=NOW)
    assert not incidents(user, state="open").exists()


def test_who_reads_does_not_declare_by_that() -> None:
    site = make_site()

    assert places_to_declare(make_user(Role.RSSI, site)).get() == site
    assert not places_to_declare(make_user(Role.CERT_ANALYST, site)).exists()


def test_the_picture_counts_weeks_without_any_and_no_exercise() -> None:
    site = make_site()
    declared(site)
    declared(site, is_exercise=True)

    seen = picture(make_user(Role.CERT_ANALYST, site), now=NOW + dt.timedelta(days=1))

    assert (seen.week, seen.open, seen.in_crisis) == (1, 1, 1)
    assert seen.by_kind == (("ransomware", 1),)
    assert len(seen.by_week) == 26
    assert sum(count for _, count in seen.by_week) == 1
