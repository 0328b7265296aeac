from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from tests.web.world import World

from hygie.domain.surveillance.models import GradeGiven
from hygie.web.surveillance import exposure

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client


def test_the_page_explains_the_grade_and_links_each_proof(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    here = world.nodes["own"].pk
    page = sign_in("rssi").get(reverse("exposure", args=[here])).content.decode()

    given = GradeGiven.objects.filter(node=here).latest()
    assert f"?note={given.pk}" in page
    assert "Points de chaque thème" in page
    assert "Importer un rapport" in page
    assert (
        "Importer un rapport"
        not in sign_in("ars").get(reverse("exposure", args=[here])).content.decode()
    )
    assert exposure.GRADES


def test_a_grade_is_replayed_or_says_why_not(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    here = world.nodes["own"].pk
    url = reverse("grade-replay", args=[here])

    assert "Elle ne peut pas être rejouée" in sign_in("rssi").get(url).content.decode()
    other = GradeGiven.objects.filter(node=world.nodes["neighbour"]).latest()
    assert sign_in("rssi").get(url, {"note": other.pk}).status_code == 404
