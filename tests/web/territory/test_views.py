from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from hygie.domain.surveillance.models import GradeGiven
from hygie.domain.territory.models import Node

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries
    from tests.web.world import World


def test_the_territory_opens_where_the_role_lies(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    answer = sign_in("ght_rssi").get(reverse("territory"))

    assert answer["Location"] == reverse("node", args=[world.nodes["ght-a"].pk])


def test_a_place_shows_what_lies_under_it_and_the_way_up(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    answer = sign_in("ars").get(reverse("node", args=[world.nodes["ght-a"].pk]))

    assert [row.node.name for row in answer.context["table"]] == ["Centre hospitalier d’Aurore"]
    assert [node.name for node in answer.context["path"]] == ["ARS du Levant"]


def test_a_place_costs_a_fixed_number_of_queries(
    world: World,
    sign_in: Callable[[str], Client],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = sign_in("cert")

    with django_assert_max_num_queries(18):
        client.get(reverse("node", args=[world.nodes["nation"].pk]))


def test_an_establishment_explains_its_grade(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    text = sign_in("rssi").get(reverse("node", args=[world.nodes["own"].pk])).content.decode()

    assert "Chiffrement" in text
    assert "−45" in text
    assert "pas de réponse en 5 secondes" in text
    assert "Mandat signé par Sacha Invention" in text
    assert "Console d’imagerie" not in text


def test_a_grade_without_letter_says_that_nothing_answered(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    GradeGiven.objects.filter(node=world.nodes["own"]).update(letter="", points=[], themes={})

    text = sign_in("rssi").get(reverse("node", args=[world.nodes["own"].pk])).content.decode()

    assert "Rien n’a répondu" in text


def test_an_establishment_costs_a_fixed_number_of_queries(
    world: World,
    sign_in: Callable[[str], Client],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = sign_in("rssi")

    with django_assert_max_num_queries(23):
        client.get(reverse("node", args=[world.nodes["own"].pk]))


def test_who_reads_measures_only_is_told_so(world: World, sign_in: Callable[[str], Client]) -> None:
    text = sign_in("ministry").get(reverse("node", args=[world.nodes["own"].pk])).content.decode()

    assert "seules les mesures d’ensemble" in text
    assert "Chiffrement" not in text


def test_a_name_is_found_without_its_accents(
    world: World,  # noqa: ARG001 - fills the database
    sign_in: Callable[[str], Client],
) -> None:
    answer = sign_in("rssi").get(reverse("search"), {"q": "hopital aurore"})

    assert [node.name for node in answer.context["page"].rows] == ["Hôpital d’Aurore"]


def test_a_finess_number_opens_its_place(world: World, sign_in: Callable[[str], Client]) -> None:
    answer = sign_in("rssi").get(reverse("search"), {"q": "990 100 109"})

    assert answer["Location"] == reverse("node", args=[world.nodes["own"].pk])


def test_a_search_that_finds_nothing_says_what_to_try(
    world: World,  # noqa: ARG001 - fills the database
    sign_in: Callable[[str], Client],
) -> None:
    text = sign_in("rssi").get(reverse("search"), {"q": "Brume"}).content.decode()

    assert "Rien dans votre territoire" in text


def test_a_name_is_shown_as_text(world: World, sign_in: Callable[[str], Client]) -> None:
    Node.objects.filter(pk=world.nodes["own"].pk).update(name="<b>gras</b>")

    text = sign_in("rssi").get(reverse("node", args=[world.nodes["own"].pk])).content.decode()

    assert "<b>gras" not in text
