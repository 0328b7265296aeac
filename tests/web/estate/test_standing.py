from __future__ import annotations

import datetime as dt

import pytest

from hygie.domain.estate.models import Mandate
from hygie.domain.territory.models import Node
from hygie.web.estate.standing import state_of, with_standing

NOON = dt.datetime(2026, 3, 4, 11, tzinfo=dt.UTC)
"""A Wednesday, noon in Paris, three in the afternoon in La Réunion."""

pytestmark = pytest.mark.django_db


def mandate(**changes: object) -> Mandate:
    values = {"valid_from": dt.date(2026, 1, 1), "valid_to": dt.date(2026, 6, 1), **changes}
    node = Node.objects.create(kind="et", code="990100109", name="CH", time_zone="Indian/Reunion")
    return Mandate.objects.create(node=node, signed_on=dt.date(2026, 1, 1), **values)


@pytest.mark.parametrize(
    ("changes", "state", "words", "why"),
    [
        ({}, "valid", "en cours", ""),
        ({"valid_from": dt.date(2026, 4, 1)}, "future", "à venir", "n’a pas commencé"),
        ({"valid_to": dt.date(2026, 3, 4)}, "expired", "expiré", "renouveler"),
        ({"revoked_at": NOON}, "revoked", "révoqué", "est révoqué"),
        ({"days": "67"}, "valid", "en cours", "Hors des jours et heures"),
        ({"from_hour": 9, "to_hour": 15}, "valid", "en cours", "Hors des jours et heures"),
        ({"from_hour": 15, "to_hour": 16}, "valid", "en cours", ""),
    ],
    ids=["open", "future", "expired", "revoked", "other days", "closed there", "open there"],
)
def test_a_mandate_is_said_with_what_it_allows_now(
    changes: dict[str, object], state: str, words: str, why: str
) -> None:
    [found] = with_standing([mandate(**changes)], now=NOON)

    assert (found.state, str(found.words)) == (state, words)
    assert why in str(found.why_not)
    assert bool(why) == bool(str(found.why_not))


def test_days_are_named_in_order_and_the_last_day_is_one_on_which_it_holds() -> None:
    found = state_of(mandate(days="531"), now=NOON)

    assert found.days == "lundi, mercredi, vendredi"
    assert found.last_day == dt.date(2026, 5, 31)
