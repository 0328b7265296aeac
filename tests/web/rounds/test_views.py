from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from tests.web.world import World


def test_a_national_round_shows_each_his_own_part(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    url = reverse("round", args=[world.rounds["national"].pk])

    own, everywhere = sign_in("rssi").get(url), sign_in("cert").get(url)

    assert [(line.done, line.failed) for line in own.context["steps"]] == [(1, 0)]
    assert [(line.done, line.failed) for line in everywhere.context["steps"]] == [(2, 1)]
    assert "résolveur injoignable" not in own.content.decode()
    assert "résolveur injoignable" in everywhere.content.decode()


def test_the_rounds_are_listed_newest_first(world: World, sign_in: Callable[[str], Client]) -> None:
    answer = sign_in("rssi").get(reverse("round-list"))

    found = [turn.pk for turn in answer.context["page"].rows]
    assert found == sorted(found, reverse=True)
    assert world.rounds["own"].pk in found
    assert world.rounds["neighbour"].pk not in found
