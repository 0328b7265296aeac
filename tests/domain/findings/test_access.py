from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from tests.web.world import World, build

from hygie.domain.findings.access import finding_for, finding_to_reopen
from hygie.domain.people.roles import Permission

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build()


def test_the_door_opens_within_scope(world: World) -> None:
    finding = world.findings["own.late"]

    assert finding_for(world.users["rssi"], finding.pk) == finding
    assert finding_for(world.users["rssi"], finding.pk, Permission.FINDING_PLAN) == finding


@pytest.mark.parametrize(
    ("role", "name", "permission"),
    [
        pytest.param("rssi", "neighbour.late", Permission.FINDING_READ, id="another place"),
        pytest.param("ministry", "own.late", Permission.FINDING_READ, id="another right"),
        pytest.param("ars", "own.late", Permission.FINDING_PLAN, id="reads, does not plan"),
    ],
)
def test_the_door_stays_shut_as_if_there_were_nothing(
    role: str, name: str, permission: Permission, world: World
) -> None:
    with pytest.raises(Http404):
        finding_for(world.users[role], world.findings[name].pk, permission)


def test_nobody_is_let_in_without_an_account(world: World) -> None:
    with pytest.raises(Http404):
        finding_for(AnonymousUser(), world.findings["own.late"].pk)


@pytest.mark.parametrize(
    ("role", "name", "opens"),
    [
        pytest.param("rssi", "own.taken", True, id="plans"),
        pytest.param("director", "own.accepted", True, id="accepts, and it was accepted"),
        pytest.param("director", "own.taken", False, id="accepts, and it was not"),
        pytest.param("ars", "own.accepted", False, id="reads"),
        pytest.param("rssi", "neighbour.taken", False, id="another place"),
    ],
)
def test_who_undoes_a_move(role: str, name: str, opens: bool, world: World) -> None:  # noqa: FBT001 - a parameter of the test
    finding = world.findings[name]

    if opens:
        assert finding_to_reopen(world.users[role], finding.pk) == finding
    else:
        with pytest.raises(Http404):
            finding_to_reopen(world.users[role], finding.pk)
