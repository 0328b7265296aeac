from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from hygie.domain.estate.models import Mandate

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from tests.web.world import World


def test_assets_are_listed_and_narrowed(world: World, sign_in: Callable[[str], Client]) -> None:
    url = reverse("asset-list", args=[world.nodes["own"].pk])
    client = sign_in("rssi")

    everything = client.get(url).context["page"].rows
    devices = client.get(url, {"kind": "device"}).context["page"].rows
    vital = client.get(url, {"criticality": "vital", "q": "vpn"}).context["page"].rows

    assert len(everything) == 2
    assert [asset.name for asset in devices] == ["Console d’imagerie"]
    assert [asset.name for asset in vital] == ["vpn.own.example"]


def test_a_mandate_says_its_perimeter_and_its_end(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    answer = sign_in("director").get(reverse("mandate", args=[world.mandates["own"].pk]))

    text = answer.content.decode()
    assert "own.example" in text
    assert "tous les jours" in text
    assert "Révoquer ce mandat" in text


@pytest.mark.parametrize("role", ["director", "rssi"])
def test_a_mandate_is_revoked_by_who_signs_or_runs_the_estate(
    role: str, world: World, sign_in: Callable[[str], Client]
) -> None:
    mandate = world.mandates["own"]

    answer = sign_in(role).post(reverse("mandate-revoke", args=[mandate.pk]), follow=True)

    mandate.refresh_from_db()
    assert mandate.revoked_at is not None
    assert "plus aucune sonde ne part" in answer.content.decode()
    assert "Révoquer ce mandat" not in answer.content.decode()


def test_revoking_twice_says_so(world: World, sign_in: Callable[[str], Client]) -> None:
    client, url = sign_in("director"), reverse("mandate-revoke", args=[world.mandates["own"].pk])

    client.post(url)
    answer = client.post(url, follow=True)

    assert "déjà révoqué" in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"valid_to": -1, "valid_from": -9}, "Le mandat est expiré"),
        ({"valid_from": 5}, "Le mandat n’a pas commencé"),
        ({"days": ""}, "Hors des jours et heures prévus"),
    ],
)
def test_a_mandate_says_why_nothing_is_probed(
    change: dict[str, int | str], word: str, world: World, sign_in: Callable[[str], Client]
) -> None:
    today = timezone.localdate()
    values = {
        name: today + dt.timedelta(days=days) if isinstance(days, int) else days
        for name, days in change.items()
    }
    Mandate.objects.filter(pk=world.mandates["own"].pk).update(**values)

    answer = sign_in("rssi").get(reverse("mandate", args=[world.mandates["own"].pk]))

    assert word in answer.content.decode()


def test_a_place_without_mandate_is_told_how_to_get_one(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    answer = sign_in("ght_rssi").get(reverse("mandate-list", args=[world.nodes["annex"].pk]))

    assert "La direction en signe un" in answer.content.decode()
