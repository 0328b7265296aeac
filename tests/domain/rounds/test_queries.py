from __future__ import annotations

import pytest
from django.http import Http404
from tests.web.world import World, build

from hygie.domain.rounds.access import round_for
from hygie.domain.rounds.queries import failures, last_round, rounds, rounds_of, steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build()


def test_a_round_is_known_to_whom_it_touched(world: World) -> None:
    found = set(rounds(world.users["rssi"]))

    assert world.rounds["national"] in found
    assert world.rounds["own"] in found
    assert world.rounds["neighbour"] not in found
    assert list(rounds(world.users["ministry"])) == []


def test_the_last_round_of_a_place_looks_below_it(world: World) -> None:
    assert last_round(world.users["cert"], world.nodes["ej-a"].pk) == world.rounds["own"]
    assert last_round(world.users["cert"], world.nodes["annex"].pk) is None
    assert rounds_of(world.users["rssi"], world.nodes["own"].pk).count() == 3


def test_steps_and_failures_are_those_of_the_reader_s_places(world: World) -> None:
    turn = world.rounds["national"].pk

    assert [(line.done, line.failed, line.total) for line in steps(world.users["ars"], turn)] == [
        (1, 1, 2)
    ]
    assert [item.node for item in failures(world.users["ars"], turn)] == [world.nodes["neighbour"]]
    assert list(failures(world.users["rssi"], turn)) == []


def test_a_round_elsewhere_does_not_exist(world: World) -> None:
    with pytest.raises(Http404):
        round_for(world.users["rssi"], world.rounds["neighbour"].pk)
