from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from hygie.domain.people.models import Grant
from hygie.vocabulary.enums import Role
from hygie.web.territory.reading import children_of, matching, path_to, roots_of

if TYPE_CHECKING:
    from tests.web.world import World


def test_the_way_up_stops_where_the_reader_s_scope_does(world: World) -> None:
    site = world.nodes["own"]

    assert path_to(world.users["ght_rssi"], site) == [world.nodes["ght-a"], world.nodes["ej-a"]]
    assert path_to(world.users["rssi"], site) == []
    assert path_to(world.users["admin"], site) == [
        world.nodes[name] for name in ("nation", "x1", "ght-a", "ej-a")
    ]


def test_what_lies_under_a_place_is_what_is_open_and_readable(world: World) -> None:
    ars, entity = world.users["ars"], world.nodes["ej-a"]
    assert set(children_of(ars, entity)) == {world.nodes["own"], world.nodes["annex"]}

    closed = world.nodes["annex"]
    closed.closed_on = timezone.localdate() - dt.timedelta(days=1)
    closed.save()

    assert list(children_of(ars, entity)) == [world.nodes["own"]]
    assert list(children_of(world.users["neighbour_rssi"], entity)) == []


def test_a_search_stays_in_scope_and_puts_wide_places_first(world: World) -> None:
    found = list(matching(world.users["admin"], "aurore"))

    assert found == [world.nodes["ej-a"], world.nodes["annex"], world.nodes["own"]]
    assert list(matching(world.users["rssi"], "aurore")) == [world.nodes["own"]]
    assert list(matching(AnonymousUser(), "aurore")) == []


def test_roots_are_each_once_widest_first(world: World) -> None:
    user = world.users["rssi"]
    for role, place in ((Role.TRAINER, "own"), (Role.DIRECTOR, "ght-b"), (Role.DIRECTOR, "x2")):
        Grant.objects.create(user=user, role=role, node=world.nodes[place])

    roots = roots_of(list(user.grants.select_related("node")))

    assert roots == [world.nodes[name] for name in ("x2", "ght-b", "own")]
