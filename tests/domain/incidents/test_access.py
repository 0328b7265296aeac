from __future__ import annotations

import uuid

import pytest
from django.http import Http404
from tests.domain.incidents.samples import declared, drafted
from tests.domain.places import make_site, make_user

from hygie.domain.incidents.access import incident_for
from hygie.domain.people.roles import Permission
from hygie.vocabulary.enums import Role

pytestmark = pytest.mark.django_db


def test_a_draft_is_for_who_may_declare() -> None:
    site = make_site()
    draft = drafted(site)

    assert incident_for(make_user(Role.DIRECTOR, site), draft.key) == draft
    with pytest.raises(Http404):
        incident_for(make_user(Role.CERT_ANALYST, site), draft.key)


def test_reading_is_not_handling() -> None:
    site = make_site()
    incident = declared(site)
    officer = make_user(Role.CERT_ANALYST, site)

    assert incident_for(officer, incident.key) == incident
    with pytest.raises(Http404):
        incident_for(officer, incident.key, Permission.INCIDENT_HANDLE)


def test_the_absent_and_the_neighbour_are_the_same() -> None:
    incident = declared(make_site("CH d’Ici"))
    neighbour = make_user(Role.RSSI, make_site("CH de Là"))

    for key in (incident.key, uuid.uuid4()):
        with pytest.raises(Http404):
            incident_for(neighbour, key)
