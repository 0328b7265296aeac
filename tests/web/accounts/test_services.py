"""The pages of programs: opened, given a token once, closed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.web.world import World

from hygie.domain.people.models import ApiToken, User
from hygie.web.accounts import services

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    SignedIn = Callable[[str], Client]

LAST_DAY = (timezone.localdate() + dt.timedelta(days=30)).isoformat()


@pytest.fixture
def client(sign_in: SignedIn) -> Client:
    return sign_in("rssi")


@pytest.fixture
def siem(world: World, client: Client) -> User:
    grant = world.users["rssi"].grants.get()
    answer = client.post(reverse("service-open"), {"name": "SIEM", "place": grant.pk})
    made = User.objects.get(email="siem.990100109@service.invalid")
    assert answer["Location"] == reverse("service-token", args=[made.pk])
    return made


def asked(world: World, **changes: object) -> dict[str, object]:
    return {
        "name": "Serveur 1",
        "node": world.nodes["own"].pk,
        "permissions": ["finding.read"],
        "last_day": LAST_DAY,
        **changes,
    }


def test_a_token_is_shown_once_and_opens_the_api(world: World, client: Client, siem: User) -> None:
    answer = client.post(reverse("service-token", args=[siem.pk]), asked(world))
    secret = answer.context["secret"]

    assert answer.status_code == 201
    assert secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    page = client.get(reverse("service", args=[siem.pk])).content.decode()
    assert "Serveur 1" in page
    assert secret not in page
    called = client.get(
        "/api/v1/findings", headers={"authorization": f"Bearer {secret}", "cookie": ""}
    )
    assert called.status_code == 200
    assert callable(services.issue)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"permissions": ["people.invite"]}, id="over people"),
        pytest.param({"permissions": []}, id="nothing"),
        pytest.param({"last_day": "2001-01-01"}, id="over"),
        pytest.param({"last_day": "2999-01-01"}, id="for ever"),
        pytest.param({"node": "999999"}, id="elsewhere"),
        pytest.param({"name": ""}, id="no name"),
    ],
)
def test_a_token_that_asks_too_much_is_refused(
    changes: dict[str, object], world: World, client: Client, siem: User
) -> None:
    answer = client.post(reverse("service-token", args=[siem.pk]), asked(world, **changes))

    assert answer.status_code == 422
    assert not ApiToken.objects.filter(user=siem).exists()


def test_a_name_already_taken_is_said_at_its_field(
    world: World, client: Client, siem: User
) -> None:
    grant = world.users["rssi"].grants.get()

    answer = client.post(reverse("service-open"), {"name": "siem", "place": grant.pk})

    assert answer.status_code == 422
    assert "déjà ce nom" in answer.context["form"].errors["name"][0]
    assert User.objects.filter(is_service=True, email__startswith="siem.").get() == siem


def test_closing_ends_its_tokens(world: World, client: Client, siem: User) -> None:
    client.post(reverse("service-token", args=[siem.pk]), asked(world))

    page = client.post(reverse("service-close", args=[siem.pk]), follow=True).content.decode()

    assert "n’ouvrent plus rien" in page
    assert "révoqué" in page
    assert "Fermer le service" not in page
    assert ApiToken.objects.filter(user=siem, revoked_at=None).count() == 0


def test_who_does_not_hold_its_role_is_told_so(
    world: World, client: Client, siem: User, sign_in: SignedIn
) -> None:
    client.post(reverse("service-token", args=[siem.pk]), asked(world))
    officer = sign_in("ars")

    page = officer.post(reverse("service-close", args=[siem.pk]), follow=True).content.decode()

    assert "pas la vôtre" in page
    siem.refresh_from_db()
    assert siem.is_active


def test_the_list_names_the_services_of_the_place(client: Client, siem: User) -> None:
    page = client.get(reverse("service-list")).content.decode()

    assert siem.email in page
    assert "neighbour" not in page


def test_the_tokens_name_their_service(client: Client, siem: User, world: World) -> None:
    client.post(reverse("service-token", args=[siem.pk]), asked(world))

    page = client.get(reverse("token-list")).content.decode()

    assert reverse("service", args=[siem.pk]) in page
