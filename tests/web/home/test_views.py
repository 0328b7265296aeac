from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from hygie.domain.people.models import Grant
from hygie.vocabulary.enums import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from tests.web.world import World


def test_the_first_page_asks_to_sign_in(client: Client) -> None:
    assert client.get(reverse("home"))["Location"].startswith(reverse("account_login"))


def test_a_role_of_somebody_else_cannot_be_chosen(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    client = sign_in("trainer")
    foreign = world.users["ars"].grants.get()

    for asked in (str(foreign.pk), "", "n’importe"):
        assert client.post(reverse("choose-role"), {"grant": asked}).status_code == 404


def test_the_role_chosen_is_kept_until_another_is(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    user = world.users["trainer"]
    first = user.grants.get()
    second = Grant.objects.create(user=user, role=Role.DIRECTOR, node=world.nodes["ej-b"])
    client = sign_in("trainer")
    shown = []

    for grant in (second, first):
        client.post(reverse("choose-role"), {"grant": grant.pk})
        shown.append(client.get("/").context["grant"])

    assert shown == [second, first]


def test_a_role_chosen_then_ended_is_shown_no_more(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    user = world.users["trainer"]
    second = Grant.objects.create(user=user, role=Role.DIRECTOR, node=world.nodes["ej-b"])
    client = sign_in("trainer")
    client.post(reverse("choose-role"), {"grant": second.pk})

    second.delete()

    assert client.get("/").context["grant"] == user.grants.get()
