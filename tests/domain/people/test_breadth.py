"""A reader's places, known for one request: the same rows, asked another way."""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.web.world import World, build

from hygie.domain.findings.models import Finding
from hygie.domain.people.access import may
from hygie.domain.people.breadth import asking, held_places, is_wide, reaches
from hygie.domain.people.models import DelegatedPermission, Delegation
from hygie.domain.people.principal import Principal
from hygie.domain.people.queries import grants_in_force
from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import node_ids_for
from hygie.domain.territory.models import Closure, Node
from hygie.domain.territory.queries import below

NOW = timezone.now()
TODAY = timezone.localdate(NOW)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build()


@pytest.mark.parametrize("role", ["rssi", "director", "ars", "cert", "anssi", "trainer", "admin"])
@pytest.mark.parametrize("permission", list(Permission))
def test_the_same_rows_are_seen_with_and_without(
    role: str, permission: Permission, world: World
) -> None:
    user = world.users[role]
    Node.objects.create(kind="et", code="990199999", name="Détaché")
    places = set(node_ids_for(user, permission).values_list("descendant_id", flat=True))
    rows = set(Finding.objects.visible_to(user))

    with asking(user.pk, lambda: list(grants_in_force(user))):
        known = set(node_ids_for(user, permission).values_list("descendant_id", flat=True))

        assert known == places
        assert set(Finding.objects.visible_to(user)) == rows


def test_a_place_that_left_the_nation_is_not_seen(world: World) -> None:
    cert, today = world.users["cert"], timezone.localdate()
    Closure.objects.filter(descendant=world.nodes["own"]).update(
        valid_to=today - dt.timedelta(days=1)
    )

    with asking(cert.pk, lambda: list(grants_in_force(cert))):
        seen = Finding.objects.visible_to(cert)

        assert {finding.node for finding in seen} == {
            world.nodes["neighbour"],
            world.nodes["overseas"],
        }


def test_only_the_one_who_asks_is_answered(world: World) -> None:
    cert = world.users["cert"]

    with asking(cert.pk, lambda: list(grants_in_force(cert))):
        assert held_places(cert, Permission.FINDING_READ) == (world.nodes["nation"].pk,)
        assert held_places(cert, Permission.JOURNAL_READ) == ()
        assert held_places(world.users["anssi"], Permission.FINDING_READ) is None
        assert held_places(narrowed(world), Permission.FINDING_READ) is None
    assert held_places(cert, Permission.FINDING_READ) is None


@pytest.mark.parametrize("named", [True, False])
def test_an_rssi_holds_what_is_delegated_read_once(
    *, named: bool, world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rssi = world.users["rssi"]
    hands = {"to_user": rssi} if named else {"to_role": "rssi", "to_node": world.nodes["own"]}
    delegate(world, **hands)
    places = set(node_ids_for(rssi, Permission.FINDING_READ).values_list("descendant_id"))

    with asking(rssi.pk, lambda: list(grants_in_force(rssi))):
        with django_assert_num_queries(2):
            held = held_places(rssi, Permission.FINDING_READ)
            assert held_places(rssi, Permission.ESTATE_READ) == (world.nodes["own"].pk,)
        known = set(node_ids_for(rssi, Permission.FINDING_READ).values_list("descendant_id"))

    assert held == tuple(sorted((world.nodes["own"].pk, world.nodes["neighbour"].pk)))
    assert known == places


@pytest.mark.parametrize(
    "changed",
    [
        {"accepted_at": None, "accepted_by": None},
        {"revoked_at": NOW},
        {"valid_from": TODAY - dt.timedelta(days=9), "valid_to": TODAY},
        {"valid_from": TODAY + dt.timedelta(days=1)},
    ],
)
def test_a_delegation_out_of_force_opens_nothing(changed: dict[str, object], world: World) -> None:
    rssi = world.users["rssi"]
    made = delegate(world, to_user=rssi)
    Delegation.objects.filter(pk=made.pk).update(**changed)

    with asking(rssi.pk, lambda: list(grants_in_force(rssi))):
        assert held_places(rssi, Permission.FINDING_READ) == (world.nodes["own"].pk,)


def test_a_delegation_opens_nothing_to_who_is_no_rssi(world: World) -> None:
    director = world.users["director"]
    delegate(world, to_user=director)

    with asking(director.pk, lambda: list(grants_in_force(director))):
        held = held_places(director, Permission.FINDING_READ)

    assert held == tuple(grants_in_force(director).values_list("node_id", flat=True))


@pytest.mark.parametrize("role", ["rssi", "director", "ars", "cert", "ministry", "admin"])
def test_a_place_is_reached_as_the_database_says(role: str, world: World) -> None:
    user = world.users[role]
    wanted = {
        (name, permission): may(user, permission, node.pk)
        for name, node in world.nodes.items()
        for permission in (Permission.FINDING_READ, Permission.TERRITORY_READ)
    }

    with asking(user.pk, lambda: list(grants_in_force(user))):
        found = {
            (name, permission): reaches(user, permission, world.nodes[name].pk)
            for name, permission in wanted
        }

    assert found == wanted
    assert reaches(user, Permission.FINDING_READ, world.nodes["own"].pk) is None


def test_only_a_role_on_the_nation_is_wide(world: World) -> None:
    cert, ars = world.users["cert"], world.users["ars"]

    with asking(cert.pk, lambda: list(grants_in_force(cert))):
        assert is_wide(cert, Permission.FINDING_READ)
        assert not is_wide(cert, Permission.JOURNAL_READ)
    with asking(ars.pk, lambda: list(grants_in_force(ars))):
        assert not is_wide(ars, Permission.FINDING_READ)
    assert not is_wide(cert, Permission.FINDING_READ)


@pytest.mark.parametrize("role", ["rssi", "ght_rssi", "director", "ars", "cert", "ministry"])
@pytest.mark.parametrize("place", ["own", "neighbour", "x1", "nation"])
def test_the_rows_of_a_place_are_those_in_scope(role: str, place: str, world: World) -> None:
    user, node_id = world.users[role], world.nodes[place].pk
    seen = Finding.objects.visible_to(user)
    at, under = set(seen.filter(node_id=node_id)), set(seen.filter(node_id__in=below(node_id)))

    for known in (False, True):
        with asking(user.pk, lambda: list(grants_in_force(user))) if known else nullcontext():
            assert set(Finding.objects.visible_at(user, node_id)) == at
            assert set(Finding.objects.visible_under(user, node_id)) == under


def delegate(world: World, **hands: object) -> Delegation:
    """Return a delegation in force that lets read the findings of the neighbour."""
    made = Delegation.objects.create(
        node=world.nodes["neighbour"],
        reason="Absence du RSSI du membre",
        valid_from=TODAY,
        valid_to=TODAY + dt.timedelta(days=30),
        proposed_by=world.users["rssi"],
        proposed_at=NOW,
        accepted_by=world.users["director"],
        accepted_at=NOW,
        **hands,
    )
    DelegatedPermission.objects.create(delegation=made, permission=Permission.FINDING_READ)
    return made


def narrowed(world: World) -> Principal:
    """Return a token of the same account for one establishment."""
    return Principal(
        world.users["cert"],
        "hyg_essai",
        frozenset({Permission.FINDING_READ}),
        world.nodes["own"].pk,
    )


def test_a_token_of_a_national_account_stays_at_its_place(world: World) -> None:
    cert, token = world.users["cert"], narrowed(world)

    with asking(cert.pk, lambda: list(grants_in_force(cert))):
        seen = {finding.node for finding in Finding.objects.visible_to(token)}

    assert seen == {world.nodes["own"]}


def test_a_page_reads_with_it_and_leaves_nothing_behind(world: World) -> None:
    client = Client()
    client.force_login(world.users["cert"], backend="django.contrib.auth.backends.ModelBackend")

    answer = client.get(reverse("finding-list"))

    assert answer.status_code == 200
    assert held_places(world.users["cert"], Permission.FINDING_READ) is None
