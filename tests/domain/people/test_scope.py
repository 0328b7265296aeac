"""What a person may see: their nodes and below, today, and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils import timezone

from hygie.domain.estate.models import Asset
from hygie.domain.people.access import may, node_for
from hygie.domain.people.models import Grant, User
from hygie.domain.people.roles import GRANTED, Permission, roles_with
from hygie.domain.people.scope import node_ids_for, visible_nodes
from hygie.domain.territory.actions import NewEdge, NewNode, lay_territory
from hygie.domain.territory.models import EVER, EdgeRole, Kind, Node
from hygie.vocabulary.enums import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
TODAY = timezone.localdate()
TOMORROW = TODAY + dt.timedelta(days=1)
LAST_YEAR = TODAY - dt.timedelta(days=365)
LONG_AGO = TODAY - dt.timedelta(days=3650)

Tree = dict[str, Node]


@pytest.fixture
def tree() -> Tree:
    """Two groups of one region, a site that moved from south to north, one that closed."""
    kinds = {
        "nation": Kind.NATION,
        "region": Kind.ARS,
        "north": Kind.GHT,
        "south": Kind.GHT,
        "ej-north": Kind.EJ,
        "ej-south": Kind.EJ,
        "et-north": Kind.ET,
        "et-south": Kind.ET,
        "moved": Kind.ET,
        "closed": Kind.ET,
    }
    keys = {name: (kind, name) for name, kind in kinds.items()}
    edges = [
        NewEdge(keys["nation"], keys["region"]),
        NewEdge(keys["region"], keys["north"]),
        NewEdge(keys["region"], keys["south"]),
        NewEdge(keys["north"], keys["ej-north"], EdgeRole.SUPPORT),
        NewEdge(keys["south"], keys["ej-south"], EdgeRole.SUPPORT),
        NewEdge(keys["ej-north"], keys["et-north"]),
        NewEdge(keys["ej-south"], keys["et-south"]),
        NewEdge(keys["ej-south"], keys["moved"], valid_to=LAST_YEAR),
        NewEdge(keys["ej-north"], keys["moved"], valid_from=LAST_YEAR),
        NewEdge(keys["ej-north"], keys["closed"], valid_to=LAST_YEAR),
    ]
    nodes = [NewNode(*key, name) for name, key in keys.items()]
    laid = lay_territory(nodes, edges, actor="essai", now=NOW)
    return {name: laid[key] for name, key in keys.items()}


def person(
    role: Role,
    node: Node,
    *,
    valid_from: dt.date = LONG_AGO,
    valid_to: dt.date = EVER,
    is_active: bool = True,
) -> User:
    user = User.objects.create_user(f"{role}-{node.code}@essai.example", is_active=is_active)
    Grant.objects.create(user=user, role=role, node=node, valid_from=valid_from, valid_to=valid_to)
    return user


def seen(user: User | AnonymousUser, on: dt.date = TODAY) -> set[str]:
    ids = node_ids_for(user, Permission.FINDING_READ, on=on)
    return set(Node.objects.filter(pk__in=ids).values_list("code", flat=True))


def test_a_role_on_a_group_opens_the_group_and_what_lies_below(tree: Tree) -> None:
    assert seen(person(Role.RSSI, tree["north"])) == {"north", "ej-north", "et-north", "moved"}


def test_two_groups_see_nothing_of_each_other(tree: Tree) -> None:
    north, south = person(Role.RSSI, tree["north"]), person(Role.RSSI, tree["south"])

    assert seen(north) & seen(south) == set()


def test_a_site_that_moved_is_seen_where_it_is_on_that_day(tree: Tree) -> None:
    south = person(Role.RSSI, tree["south"])

    assert "moved" not in seen(south)
    assert "moved" in seen(south, on=LAST_YEAR - dt.timedelta(days=1))
    assert "moved" not in seen(south, on=LAST_YEAR)


def test_a_closed_site_is_seen_from_above_only_in_its_past(tree: Tree) -> None:
    north = person(Role.RSSI, tree["north"])

    assert "closed" not in seen(north)
    assert "closed" in seen(north, on=LAST_YEAR - dt.timedelta(days=1))
    assert seen(person(Role.RSSI, tree["closed"])) == {"closed"}


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "sees"),
    [
        pytest.param(LONG_AGO, EVER, True, id="in force"),
        pytest.param(TODAY, TOMORROW, True, id="one day"),
        pytest.param(LONG_AGO, TODAY, False, id="ended this morning"),
        pytest.param(TOMORROW, EVER, False, id="begins tomorrow"),
        pytest.param(TODAY, TODAY, False, id="withdrawn at once"),
    ],
)
def test_a_right_holds_between_its_dates(
    tree: Tree,
    valid_from: dt.date,
    valid_to: dt.date,
    sees: bool,  # noqa: FBT001 - a parametrised expectation
) -> None:
    user = person(Role.RSSI, tree["et-north"], valid_from=valid_from, valid_to=valid_to)

    assert bool(seen(user)) is sees


def test_an_account_that_was_closed_sees_nothing(tree: Tree) -> None:
    assert seen(person(Role.CERT_ANALYST, tree["nation"], is_active=False)) == set()


@pytest.mark.usefixtures("tree")
def test_a_visitor_and_a_person_without_role_see_nothing() -> None:
    assert seen(AnonymousUser()) == set()
    assert seen(User.objects.create_user("sans@essai.example")) == set()


def test_two_roles_add_up_and_each_keeps_its_own_rights(tree: Tree) -> None:
    user = person(Role.RSSI, tree["et-north"])
    Grant.objects.create(user=user, role=Role.MINISTRY, node=tree["nation"], valid_from=LONG_AGO)

    assert seen(user) == {"et-north"}
    assert visible_nodes(user, Permission.MEASURE_READ).count() == len(tree) - 1  # one is closed


@pytest.mark.parametrize("role", list(Role))
def test_a_role_sees_only_what_its_permissions_say(tree: Tree, role: Role) -> None:
    user = person(role, tree["nation"])

    for permission in Permission:
        expected = permission in GRANTED[role]
        assert visible_nodes(user, permission).exists() is expected
        assert may(user, permission, tree["et-south"].pk) is expected
        assert (role in roles_with(permission)) is expected


def test_rows_follow_their_node(tree: Tree) -> None:
    for name in ("et-north", "et-south"):
        Asset.objects.create(node=tree[name], kind="domain", name=f"{name}.example", added_at=NOW)

    def names(rows: Iterable[Asset]) -> list[str]:
        return [row.name for row in rows]

    assert names(Asset.objects.visible_to(person(Role.RSSI, tree["north"]))) == ["et-north.example"]
    assert names(Asset.objects.visible_to(person(Role.TRAINER, tree["south"]))) == []


def test_absent_and_forbidden_give_the_same_answer(tree: Tree) -> None:
    user = person(Role.RSSI, tree["north"])

    assert node_for(user, tree["moved"].pk) == tree["moved"]
    for forbidden in (tree["et-south"].pk, tree["region"].pk, 10**9):
        with pytest.raises(Http404) as refused:
            node_for(user, forbidden)
        assert str(refused.value) == ""
