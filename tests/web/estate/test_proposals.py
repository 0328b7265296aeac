"""The pages of a mandate that waits: asked for from what is known, read whole, signed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.web.world import PASSWORD, World

from hygie.domain.estate.models import Mandate, MandateProposal
from hygie.domain.people.models import Notice
from hygie.web.estate import proposals

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    SignedIn = Callable[[str], Client]

TODAY = timezone.localdate()
SIGNED = {"function": "Directrice générale", "read": "on"}


def asked(**changes: object) -> dict[str, object]:
    return {
        "domains": "ch-aurore.example\n\n",
        "hosts": "",
        "networks": "8.8.4.0/24",
        "valid_from": TODAY.isoformat(),
        "last_day": (TODAY + dt.timedelta(days=30)).isoformat(),
        "days": ["1", "2", "3"],
        "from_hour": "8",
        "to_hour": "18",
        "contact": "Astreinte, 01 00 00 00 00",
        **changes,
    }


def propose(client: Client, world: World, **changes: object) -> MandateProposal:
    url = reverse("mandate-propose", args=[world.nodes["own"].pk])
    answer = client.post(url, asked(**changes))
    assert answer.status_code == 302, answer.context["form"].errors
    return MandateProposal.objects.order_by("-pk")[0]


def test_the_form_begins_with_the_estate(world: World, sign_in: SignedIn) -> None:
    page = sign_in("rssi").get(reverse("mandate-propose", args=[world.nodes["own"].pk]))

    assert "vpn.own.example" in page.content.decode()


def test_from_proposal_to_signature(world: World, sign_in: SignedIn) -> None:
    made = propose(sign_in("rssi"), world)
    director = sign_in("director")
    place = [world.nodes["own"].pk]

    waiting = director.get(reverse("mandate-list", args=place)).content.decode()
    read = director.get(reverse("mandate-proposal", args=[made.pk])).content.decode()
    told = Notice.objects.filter(user=world.users["director"], text__contains="signature")
    answer = director.post(reverse("mandate-sign", args=[made.pk]), SIGNED)

    mandate = Mandate.objects.get(proposal=made)
    assert answer["Location"] == reverse("mandate", args=[mandate.pk])
    assert reverse("mandate-proposal", args=[made.pk]) in waiting
    assert "ch-aurore.example" in read
    assert "lundi, mardi, mercredi" in read
    assert told.exists()
    assert mandate.signatory.endswith("Directrice générale")
    assert Notice.objects.filter(user=world.users["rssi"], text__contains="est signé").exists()


def test_unread_is_unsigned(world: World, sign_in: SignedIn) -> None:
    made = world.proposals["own"]
    url = reverse("mandate-sign", args=[made.pk])

    answer = sign_in("director").post(url, {"function": "Directrice"})

    assert answer.status_code == 422
    assert not Mandate.objects.filter(proposal=made).exists()


def test_who_has_a_password_shows_it_again_to_sign(world: World, sign_in: SignedIn) -> None:
    user, made = world.users["director"], world.proposals["own"]
    user.set_password(PASSWORD)
    user.save()
    client, url = sign_in("director"), reverse("mandate-sign", args=[made.pk])

    asks = client.post(url, SIGNED)
    assert asks["Location"].startswith(reverse("account_reauthenticate"))
    assert not Mandate.objects.filter(proposal=made).exists()

    client.post(asks["Location"], {"password": PASSWORD})
    assert Mandate.objects.filter(proposal=made).exists()
    assert callable(proposals.sign)


def test_an_rssi_does_not_sign(world: World, sign_in: SignedIn) -> None:
    made, client = world.proposals["own"], sign_in("rssi")

    page = client.get(reverse("mandate-proposal", args=[made.pk])).content.decode()

    assert client.post(reverse("mandate-sign", args=[made.pk]), SIGNED).status_code == 404
    assert "Signer ce mandat" not in page
    assert "Retirer la proposition" in page


@pytest.mark.parametrize("role", ["rssi", "director"])
def test_sent_back_it_opens_nothing(role: str, world: World, sign_in: SignedIn) -> None:
    made, client = world.proposals["own"], sign_in(role)
    url = reverse("mandate-decline", args=[made.pk])

    page = client.post(url, follow=True).content.decode()
    again = client.post(url, follow=True).content.decode()
    signed = sign_in("director").post(reverse("mandate-sign", args=[made.pk]), SIGNED, follow=True)

    assert "rien n’est sondé" in page
    assert "n’attend plus" in again
    assert "n’attend plus" in signed.content.decode()
    assert not Mandate.objects.filter(proposal=made).exists()


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"domains": "gouv.fr"}, "domains", "partagé"),
        ({"hosts": "pas un nom !"}, "hosts", ""),
        ({"networks": "10.0.0.0/8\n8.8.8.8"}, "networks", "trop large"),
        ({"domains": "\n".join(f"a b{n}" for n in range(9))}, "domains", "4 autres lignes"),
        ({"domains": "", "networks": ""}, "__all__", "0 lignes"),
        ({"last_day": "2001-01-01"}, "__all__", ""),
        ({"days": []}, "days", ""),
        ({"from_hour": "18", "to_hour": "8"}, "__all__", "heures"),
        ({"contact": ""}, "contact", ""),
    ],
)
def test_what_cannot_be_signed_is_said_at_its_field(
    changes: dict[str, object], field: str, said: str, world: World, sign_in: SignedIn
) -> None:
    url = reverse("mandate-propose", args=[world.nodes["own"].pk])
    before = MandateProposal.objects.count()

    answer = sign_in("rssi").post(url, asked(**changes))

    assert answer.status_code == 422
    assert any(said in error for error in answer.context["form"].errors[field])
    assert MandateProposal.objects.count() == before


def test_a_group_asks_establishment_by_establishment(world: World, sign_in: SignedIn) -> None:
    url = reverse("mandate-propose", args=[world.nodes["ght-a"].pk])

    assert sign_in("ght_rssi").get(url).status_code == 404
