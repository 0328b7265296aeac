from __future__ import annotations

import pytest
from django.http import Http404
from tests.domain.places import NOW, make_site, make_user
from tests.domain.veille.test_declaring import claim, flaw
from tests.domain.veille.test_excuses import typed

from hygie.domain.territory.models import Kind, Node
from hygie.domain.veille.access import publishes, statement_for
from hygie.domain.veille.declaring import declare
from hygie.domain.veille.national import publish_claim
from hygie.vocabulary.enums import Role

pytestmark = pytest.mark.django_db


def test_a_declaration_is_read_by_those_who_read_findings_there_and_written_by_fewer() -> None:
    site = make_site()
    nation = Node.objects.get(kind=Kind.NATION)
    made = declare(flaw(site), claim(), user=make_user(Role.RSSI, site), now=NOW)
    director, cert = make_user(Role.DIRECTOR, site), make_user(Role.CERT_ANALYST, nation)
    stranger = make_user(Role.RSSI, make_site("CH Voisin"))

    assert statement_for(director, made.pk, to_write=True) == made
    assert statement_for(cert, made.pk) == made
    for user, write in ((cert, True), (stranger, False), (stranger, True)):
        with pytest.raises(Http404):
            statement_for(user, made.pk, to_write=write)


def test_a_national_one_is_everybodys_to_read_and_the_analysts_to_write() -> None:
    site = make_site()
    nation = Node.objects.get(kind=Kind.NATION)
    made = publish_claim(typed(), actor="cert", now=NOW)
    rssi, cert = make_user(Role.RSSI, site), make_user(Role.CERT_ANALYST, nation)

    assert (publishes(rssi), publishes(cert)) == (False, True)
    assert statement_for(rssi, made.pk) == made
    assert statement_for(cert, made.pk, to_write=True) == made
    with pytest.raises(Http404):
        statement_for(rssi, made.pk, to_write=True)
