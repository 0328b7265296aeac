from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.web.world import World, build

from hygie.domain.observatory.queries import (
    ACT,
    by_need_for_help,
    current,
    measured_at,
    series,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build()


def test_measures_are_those_of_the_last_round(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    own = world.nodes["own"].pk

    with django_assert_num_queries(1):
        found = current(world.users["rssi"], [own, world.nodes["neighbour"].pk])

    assert set(found) == {own}
    assert found[own][ACT] == 2


def test_a_series_is_oldest_first(world: World) -> None:
    found = series(world.users["ministry"], world.nodes["nation"].pk, ACT)

    assert len(found) == 2
    assert found[0].at < found[1].at


def test_who_is_late_comes_first_and_the_unmeasured_last(world: World) -> None:
    found = list(by_need_for_help(world.users["ars"], world.nodes["x1"].pk))

    assert {node.name for node in found[:2]} == {"Hôpital d’Aurore", "Hôpital de Brume"}
    assert found[2] == world.nodes["annex"]


def test_nothing_was_measured_before_the_first_round(world: World) -> None:
    assert measured_at(world.users["ars"], world.nodes["annex"].pk) is None
    assert measured_at(world.users["ars"], world.nodes["own"].pk) is not None
