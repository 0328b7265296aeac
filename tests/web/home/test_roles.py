from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from hygie.domain.people.models import Grant, User
from hygie.domain.rounds.models import Item, Round
from hygie.vocabulary.enums import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries
    from tests.web.world import World

HOME = "/"


def page(client: Client) -> str:
    return client.get(HOME).content.decode()


def test_an_rssi_reads_what_to_do_first_and_why(sign_in: Callable[[str], Client]) -> None:
    text = page(sign_in("rssi"))

    assert "3 choses à faire d’abord" in text
    assert "Note C" in text
    assert "(D le mois dernier)" in text
    assert "1 cible atteinte sur 2" in text
    assert "5 faiblesses nouvelles" in text
    assert "Pourquoi ?" in text
    assert "Des attaquants utilisent déjà cette faille." in text


def test_a_group_reads_its_places_and_their_grades(sign_in: Callable[[str], Client]) -> None:
    text = page(sign_in("ght_rssi"))

    assert "Mes établissements" in text
    assert "Centre hospitalier d’Aurore" in text


def test_a_director_reads_three_lights_in_words(sign_in: Callable[[str], Client]) -> None:
    answer = sign_in("director").get(HOME)

    lights = [(light.kind, light.word) for light in answer.context["lights"]]
    assert lights == [("error", "Oui"), ("error", "Non"), ("success", "Oui")]


def test_an_officer_reads_who_needs_help_first(sign_in: Callable[[str], Client]) -> None:
    answer = sign_in("ars").get(HOME)

    names = [row.node.name for row in answer.context["table"]]
    assert set(names[:2]) == {"Hôpital d’Aurore", "Hôpital de Brume"}
    assert names[2:] == ["EHPAD d’Aurore"]
    assert "pas encore mesuré" in answer.content.decode()


def test_the_ministry_reads_measures_and_no_weakness(sign_in: Callable[[str], Client]) -> None:
    text = page(sign_in("ministry"))

    assert "faiblesses à traiter sans attendre dans le pays" in text
    assert "ARS des Îles" in text
    assert "passerelle inventée" not in text
    assert reverse("finding-list") not in text


def test_an_administrator_reads_whether_the_platform_works(
    sign_in: Callable[[str], Client],
) -> None:
    text = page(sign_in("admin"))

    assert "La plateforme fonctionne-t-elle ?" in text
    assert "13 comptes actifs" in text  # each role, and somebody in each place; no service


def test_a_trainer_is_told_honestly_what_exists(sign_in: Callable[[str], Client]) -> None:
    assert "ne suit pas encore les formations" in page(sign_in("trainer"))


def test_before_any_round_the_page_teaches_the_next_step(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    user = User.objects.create_user("neuf@exemple.example")
    Grant.objects.create(user=user, role=Role.RSSI, node=world.nodes["annex"])
    world.users["neuf"] = user
    Item.objects.all().delete()
    Round.objects.all().delete()

    text = page(sign_in("neuf"))

    assert "faites signer un mandat" in text
    assert "Aucune ronde pour l’instant" in text


def test_an_account_without_role_is_told_whom_to_ask(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    world.users["nouveau"] = User.objects.create_user("nouveau@exemple.example")

    assert "n’a pas encore de fonction" in page(sign_in("nouveau"))


def test_a_role_that_ended_opens_nothing(world: World, sign_in: Callable[[str], Client]) -> None:
    grant = world.users["rssi"].grants.get()
    grant.valid_to = dt.date(2021, 1, 1)
    grant.save()

    assert "n’a pas encore de fonction" in page(sign_in("rssi"))


def test_with_several_roles_one_is_chosen(world: World, sign_in: Callable[[str], Client]) -> None:
    user = world.users["rssi"]
    other = Grant.objects.create(user=user, role=Role.ARS_OFFICER, node=world.nodes["x1"])
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    client = sign_in("rssi")

    assert "À quel titre venez-vous" in page(client)
    client.post(reverse("choose-role"), {"grant": other.pk})

    assert "Qui a besoin d’aide" in page(client)


@pytest.mark.parametrize(
    ("role", "most"), [("rssi", 17), ("director", 14), ("ars", 13), ("ministry", 12), ("admin", 10)]
)
def test_a_home_costs_a_fixed_number_of_queries(
    role: str,
    most: int,
    sign_in: Callable[[str], Client],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = sign_in(role)

    with django_assert_max_num_queries(most):
        client.get(HOME)
