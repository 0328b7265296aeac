from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import RequestFactory

from hygie.domain.territory.models import Node
from hygie.web.territory.page import PlaceRow, children_table, establishment_page, place_page

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from tests.web.world import World

    from hygie.web.asking import PersonRequest


def asked_by(world: World, name: str) -> PersonRequest:
    request = RequestFactory().get("/")
    request.user = world.users[name]
    return request  # type: ignore[return-value]


def test_a_measure_never_taken_is_not_zero() -> None:
    row = PlaceRow(Node(), "", {"findings.act": 0.0})

    assert (row.act, row.attend, row.overdue) == (0, None, None)


def test_the_worst_letter_is_the_last_one_that_somebody_has() -> None:
    row = PlaceRow(Node(), "", {"grade.B": 2.0, "grade.E": 1.0, "grade.F": 0.0})

    assert row.letters == [("B", 2), ("E", 1)]
    assert row.worst == "E"
    assert PlaceRow(Node(), "", {}).worst == ""


def test_a_table_has_grades_and_measures_in_two_queries(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    nodes = [world.nodes[name] for name in ("own", "annex", "neighbour")]
    request = asked_by(world, "cert")

    with django_assert_num_queries(2):
        rows = children_table(request, nodes)

    assert [(row.letter, row.act) for row in rows] == [("C", 2), ("", None), ("C", 2)]


def test_a_table_says_nothing_of_places_out_of_scope(world: World) -> None:
    [row] = children_table(asked_by(world, "rssi"), [world.nodes["neighbour"]])

    assert (row.letter, row.measures) == ("", {})


@pytest.mark.parametrize(
    ("role", "parts"),
    [
        ("rssi", {"grade", "summary", "mandates", "rounds"}),
        ("ministry", set()),
    ],
)
def test_each_part_of_an_establishment_is_for_those_who_may_read_it(
    role: str, parts: set[str], world: World
) -> None:
    page = establishment_page(asked_by(world, role), world.nodes["own"])

    assert set(page) & {"grade", "summary", "mandates", "rounds"} == parts


def test_a_place_sums_what_lies_under_it(world: World) -> None:
    page = place_page(asked_by(world, "ars"), world.nodes["x1"])

    assert {row.node for row in page["table"]} == {world.nodes["ght-a"], world.nodes["ght-b"]}  # type: ignore[attr-defined]
    assert page["own"].act == 2  # type: ignore[attr-defined]
    assert page["measured_at"] is not None
