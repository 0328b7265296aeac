from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.places import make_site

from hygie.domain.people.actions import create_account, end_grant, grant
from hygie.domain.people.queries import grants_in_force
from hygie.vocabulary.enums import Role

pytestmark = pytest.mark.django_db

LATE = dt.datetime(2026, 3, 4, 23, 30, tzinfo=dt.UTC)
"""Half past midnight in Paris: the date in UTC is still the day before."""
IN_PARIS = dt.date(2026, 3, 5)


def test_a_role_given_after_midnight_in_paris_begins_that_day_and_ends_that_day() -> None:
    user = create_account("tard@essai.example", "Tard", actor="essai", now=LATE)

    given = grant(user, Role.RSSI, make_site(), actor="essai", now=LATE)

    assert given.valid_from == IN_PARIS
    assert list(grants_in_force(user, on=IN_PARIS)) == [given]
    assert end_grant(given, actor="essai", now=LATE).valid_to == IN_PARIS
    assert not grants_in_force(user, on=IN_PARIS)


def test_a_role_given_twice_on_one_day_is_one_role() -> None:
    user, site = create_account("deux@essai.example", "Deux", actor="essai", now=LATE), make_site()

    first, again = (grant(user, Role.RSSI, site, actor="essai", now=LATE) for _ in range(2))

    assert first == again


def test_the_account_of_a_known_address_is_the_same_account() -> None:
    made = create_account("une@essai.example", "Une", actor="essai", now=LATE)

    assert create_account("UNE@essai.example", "Autre", actor="essai", now=LATE) == made
