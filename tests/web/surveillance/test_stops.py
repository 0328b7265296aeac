from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from tests.web.world import World

from hygie.domain.surveillance.models import Stop
from hygie.web.surveillance.stops import stops_about

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

BANNER = "Surveillance arrêtée d’urgence"


def test_one_button_stops_and_every_page_says_so(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    rssi = sign_in("rssi")
    here = world.nodes["own"]
    assert BANNER not in rssi.get(reverse("home")).content.decode()

    rssi.post(reverse("stop-now"), {"node": here.pk, "reason": "panne"})

    assert Stop.objects.get().reason == "panne"
    assert BANNER in rssi.get(reverse("home")).content.decode()
    assert BANNER in sign_in("ars").get(reverse("home")).content.decode()
    assert BANNER not in sign_in("neighbour_rssi").get(reverse("home")).content.decode()
    page = rssi.get(reverse("stop-page")).content.decode()
    assert "Reprendre : Hôpital d’Aurore" in page


def test_who_stopped_a_region_is_not_undone_from_below(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    sign_in("ars").post(reverse("stop-now"), {"node": world.nodes["x1"].pk})
    held = Stop.objects.get()

    assert sign_in("rssi").post(reverse("stop-end"), {"stop": held.pk}).status_code == 404
    assert "ARS du Levant" in sign_in("rssi").get(reverse("stop-page")).content.decode()
    sign_in("ars").post(reverse("stop-end"), {"stop": held.pk})
    assert Stop.objects.get().ended_by.startswith("ars")


def test_nobody_stops_elsewhere(world: World, sign_in: Callable[[str], Client]) -> None:
    other = world.nodes["neighbour"].pk

    assert sign_in("rssi").post(reverse("stop-now"), {"node": other}).status_code == 404
    assert sign_in("rssi").post(reverse("stop-now"), {"node": "9" * 40}).status_code == 302
    assert not Stop.objects.exists()
    assert stops_about.__doc__
