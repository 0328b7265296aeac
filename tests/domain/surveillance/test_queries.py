from __future__ import annotations

import pytest
from tests.web.world import EVIDENCE, World, build

from hygie.domain.surveillance.queries import (
    Reach,
    grades,
    letters,
    not_reached,
    reach,
    sighting,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build()


def test_grades_come_newest_first_and_within_scope(world: World) -> None:
    own, neighbour = world.nodes["own"].pk, world.nodes["neighbour"].pk

    assert [grade.letter for grade in grades(world.users["rssi"], own)] == ["C", "D"]
    assert grades(world.users["rssi"], neighbour) == []
    assert grades(world.users["ministry"], own) == []


def test_the_last_letter_of_each_place_is_kept(world: World) -> None:
    ids = [node.pk for node in world.nodes.values()]

    assert letters(world.users["rssi"], ids) == {world.nodes["own"].pk: "C"}


def test_reach_counts_targets_at_and_below(world: World) -> None:
    assert reach(world.users["rssi"], world.nodes["own"].pk) == Reach(asked=2, reached=1)
    assert reach(world.users["cert"], world.nodes["x1"].pk) == Reach(asked=4, reached=2)
    assert reach(world.users["ministry"], world.nodes["x1"].pk) == Reach(asked=0, reached=0)


def test_what_got_no_answer_is_told_by_question_not_by_target(world: World) -> None:
    [attempt] = not_reached(world.users["rssi"], world.nodes["own"].pk)

    assert (attempt.probe, attempt.reason) == ("mail", "timeout")


def test_evidence_is_for_who_may_see_the_place(world: World) -> None:
    question = (world.nodes["own"].pk, "vpn.own.example:443", "tls")

    seen = sighting(world.users["rssi"], *question)

    assert seen is not None
    assert bytes(seen.evidence) == EVIDENCE
    assert sighting(world.users["neighbour_rssi"], *question) is None
