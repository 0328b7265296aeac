from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.web.world import World

from hygie.domain.surveillance.discovery import propose
from hygie.domain.surveillance.models import NameSource, Proposal
from hygie.engines.exchange.scans.names import Found
from hygie.web.surveillance import names

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client


@pytest.fixture
def found(world: World) -> list[Proposal]:
    some = [Found(f"n{at}.ch.own.example", "certificat 1") for at in range(2)]
    return propose(world.nodes["own"], NameSource.CT, some, actor="essai", now=timezone.now())


def decide(client: Client, world: World, act: str, rows: list[Proposal], **more: str) -> str:
    url = reverse("name-decide", args=[world.nodes["own"].pk])
    data = {"act": act, "name": [row.pk for row in rows], "from": "proposed", **more}
    return client.post(url, data, follow=True).content.decode()


def test_names_are_decided_together_and_undone(
    world: World, sign_in: Callable[[str], Client], found: list[Proposal]
) -> None:
    rssi = sign_in("rssi")
    page = rssi.get(reverse("name-list", args=[world.nodes["own"].pk])).content.decode()
    assert "n0.ch.own.example" in page
    assert "certificat 1" in page

    assert "2 nom(s) décidé(s)" in decide(rssi, world, "accept", found)
    assert set(Proposal.objects.values_list("state", flat=True)) == {"accepted"}
    decide(rssi, world, "undo", found)
    assert set(Proposal.objects.values_list("state", flat=True)) == {"proposed"}
    assert "dites en quelques mots" in decide(rssi, world, "refuse", found)
    decide(rssi, world, "refuse", found, reason="site fermé")
    decide(rssi, world, "disown", found)
    assert set(Proposal.objects.values_list("state", flat=True)) == {"foreign"}


def test_nothing_ticked_is_told(world: World, sign_in: Callable[[str], Client]) -> None:
    assert "Cochez des noms" in decide(sign_in("rssi"), world, "accept", [])


def test_a_name_of_another_place_is_not_decided_from_here(
    world: World, sign_in: Callable[[str], Client], found: list[Proposal]
) -> None:
    Proposal.objects.update(node=world.nodes["neighbour"])

    assert "Cochez des noms" in decide(sign_in("rssi"), world, "accept", found)
    assert names.AT_ONCE


def test_who_only_reads_sees_no_button(
    world: World, sign_in: Callable[[str], Client], found: list[Proposal]
) -> None:
    url = reverse("name-list", args=[world.nodes["own"].pk])

    assert found
    assert 'value="accept"' not in sign_in("ars").get(url).content.decode()
