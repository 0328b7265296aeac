from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.places import NOW, make_site, make_user
from tests.domain.veille.test_declaring import claim, flaw
from tests.domain.veille.test_excuses import typed

from hygie.domain.veille.declaring import declare, revoke
from hygie.domain.veille.models import Cve, VexStatement
from hygie.domain.veille.national import publish_claim
from hygie.domain.veille.statements import (
    StatementFilters,
    local_statements,
    national_statements,
    standing_of,
    statement_behind,
    waiting_about,
)
from hygie.vocabulary.enums import Role

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


def test_a_list_shows_what_is_in_force_in_the_scope_of_its_reader() -> None:
    site, neighbour = make_site(), make_site("CH Voisin")
    user = make_user(Role.RSSI, site)
    declare(flaw(neighbour), claim(), user=make_user(Role.RSSI, neighbour), now=NOW)
    ours = declare(flaw(site), claim(), user=user, now=NOW)
    publish_claim(typed(), actor="cert", now=NOW)

    assert list(local_statements(user, StatementFilters(), on=TODAY)) == [ours]
    assert national_statements(StatementFilters(), on=TODAY).count() == 1
    assert VexStatement.objects.visible_to(user).count() == 2


def test_a_list_is_narrowed_by_standing_and_text() -> None:
    site = make_site()
    user = make_user(Role.RSSI, site)
    ended = declare(flaw(site), claim(), user=user, now=NOW)
    ended = revoke(ended, user=user, now=NOW)
    Cve.objects.update(kev_added_on=TODAY)
    waiting = declare(flaw(site, "Secours"), claim(), user=user, now=NOW)

    def found(**asked: str) -> list[VexStatement]:
        return list(local_statements(user, StatementFilters(**asked), on=TODAY))  # type: ignore[arg-type]

    assert found() == []
    assert found(standing="over") == [ended]
    assert found(standing="waiting") == [waiting]
    assert set(found(standing="all", text="fortios")) == {ended, waiting}
    assert found(standing="all", text="rien de tel") == []
    assert [standing_of(one, on=TODAY) for one in (ended, waiting)] == ["revoked", "waiting"]
    assert standing_of(waiting, on=TODAY + dt.timedelta(days=40)) == "over"


def test_a_finding_tells_what_set_it_aside_or_waits() -> None:
    site = make_site()
    user, finding = make_user(Role.RSSI, site), flaw(site)
    assert statement_behind(finding) is None
    assert waiting_about(finding) is None

    made = declare(finding, claim(), user=user, now=NOW)
    assert statement_behind(finding) == made

    Cve.objects.update(kev_added_on=TODAY)
    other = flaw(site, "Secours")
    assert waiting_about(other) is None
    assert waiting_about(other) != declare(other, claim(), user=user, now=NOW)
    assert waiting_about(other) is not None
