"""A reader's places, known for one request: the same rows, asked another way."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.world import World, build

from hygie.domain.findings.models import Finding
from hygie.domain.people.breadth import asking, held_places
from hygie.domain.people.principal import Principal
from hygie.domain.people.queries import grants_in_force
from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import node_ids_for
from hygie.domain.territory.models import Closure, Node

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
        assert held_places(cert, Permission.JOURNAL_READ) is None
        assert held_places(world.users["anssi"], Permission.FINDING_READ) is None
        assert held_places(narrowed(world), Permission.FINDING_READ) is None
    assert held_places(cert, Permission.FINDING_READ) is None


def test_the_database_decides_for_an_rssi_whom_a_delegation_may_open_more(world: World) -> None:
    rssi = world.users["rssi"]

    with asking(rssi.pk, lambda: list(grants_in_force(rssi))):
        assert held_places(rssi, Permission.FINDING_READ) is None


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
