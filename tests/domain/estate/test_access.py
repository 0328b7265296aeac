from __future__ import annotations

import pytest
from django.http import Http404
from tests.web.world import World, build

from hygie.domain.estate.access import mandate_for, may_revoke

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build()


def test_a_mandate_is_read_within_scope(world: World) -> None:
    own = world.mandates["own"]

    assert mandate_for(world.users["ars"], own.pk) == own
    with pytest.raises(Http404):
        mandate_for(world.users["rssi"], world.mandates["neighbour"].pk)


@pytest.mark.parametrize(("role", "may"), [("director", True), ("rssi", True), ("ars", False)])
def test_who_signs_or_runs_the_estate_may_revoke(role: str, may: bool, world: World) -> None:  # noqa: FBT001 - a parameter of the test
    own, user = world.mandates["own"], world.users[role]

    assert may_revoke(user, own) is may
    if may:
        assert mandate_for(user, own.pk, to_write=True) == own
    else:
        with pytest.raises(Http404):
            mandate_for(user, own.pk, to_write=True)
