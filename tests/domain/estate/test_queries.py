from __future__ import annotations

import pytest
from django.utils import timezone
from tests.web.world import World, build

from hygie.domain.estate.models import Asset
from hygie.domain.estate.queries import assets, kinds, mandates, sources

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build()


def test_kinds_are_counted_by_criticality(world: World) -> None:
    found = kinds(world.users["rssi"], world.nodes["own"].pk)

    assert [(line.kind, line.total, line.vital, line.important) for line in found] == [
        ("domain", 1, 1, 0),
        ("device", 1, 0, 1),
    ]


def test_what_was_removed_is_not_the_estate(world: World) -> None:
    own = world.nodes["own"]
    Asset.objects.filter(node=own, kind="device").update(removed_at=timezone.now())

    assert [asset.kind for asset in assets(world.users["rssi"], own.pk)] == ["domain"]


@pytest.mark.parametrize("read", [assets, kinds, mandates, sources])
def test_a_neighbour_s_estate_is_empty(read: object, world: World) -> None:
    found = read(world.users["rssi"], world.nodes["neighbour"].pk)  # type: ignore[operator]

    assert list(found) == []


def test_the_mandates_of_a_group_are_those_of_its_sites(world: World) -> None:
    found = mandates(world.users["cert"], world.nodes["x1"].pk)

    assert set(found) == {world.mandates["own"], world.mandates["neighbour"]}
