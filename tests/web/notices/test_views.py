from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from hygie.domain.people.models import Notice

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from tests.web.world import World


def test_notices_are_one_s_own(world: World, sign_in: Callable[[str], Client]) -> None:
    answer = sign_in("rssi").get(reverse("notice-list"))

    assert [notice.user for notice in answer.context["page"].rows] == [world.users["rssi"]]
    assert "Avis (1)" in answer.content.decode()


def test_marking_read_touches_one_s_own_only(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    answer = sign_in("rssi").post(reverse("notice-read"), follow=True)

    assert "Avis (0)" in answer.content.decode()
    assert Notice.objects.filter(read_at__isnull=False).count() == 1
    assert Notice.objects.get(user=world.users["rssi"]).read_at is not None
