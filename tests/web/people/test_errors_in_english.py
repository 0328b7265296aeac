"""What the domain refuses is said in the language of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from tests.web.world import World


def test_a_refusal_of_the_domain_is_in_english_on_an_english_page(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    client = sign_in("rssi")
    client.post(reverse("language"), {"language": "en", "next": "/"})
    place = [world.nodes["own"].pk]

    invited = client.post(
        reverse("invite", args=place), {"email": world.users["rssi"].email, "role": "trainer"}
    )
    client.post(reverse("mandate-decline", args=[world.proposals["own"].pk]))
    declined = client.post(
        reverse("mandate-decline", args=[world.proposals["own"].pk]), follow=True
    )

    assert settings.LANGUAGE_CODE.startswith("fr")
    assert "one does not invite oneself" in invited.content.decode()
    assert "this mandate awaits no signature any more" in declined.content.decode()
