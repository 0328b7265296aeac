from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from tests.web.world import World

pytestmark = pytest.mark.django_db


def test_a_service_stopped_comes_first_with_its_workaround(
    sign_in: Callable[[str], Client], world: World
) -> None:
    client, incident = sign_in("rssi"), world.incidents["own"]
    said = {
        "service": "laboratory",
        "running": "stopped",
        "since": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "workaround": "Résultats par porteur",
    }

    page = client.post(
        reverse("incident-service", args=[incident.key]), said, follow=True
    ).content.decode()

    assert "1 service touché" in page
    assert page.index("Laboratoire") < page.index("Urgences")
    assert "Résultats par porteur" in page


def test_a_service_nobody_knows_is_refused(sign_in: Callable[[str], Client], world: World) -> None:
    said = {"service": "casino", "running": "stopped", "since": "2026-03-04T10:00"}

    answer = sign_in("rssi").post(
        reverse("incident-service", args=[world.incidents["own"].key]), said
    )

    assert answer.status_code == 422


def test_the_copy_opens_without_server_nor_network(
    sign_in: Callable[[str], Client], world: World
) -> None:
    answer = sign_in("rssi").get(reverse("incident-copy", args=[world.incidents["own"].key]))

    page = answer.content.decode()
    assert "attachment" in answer["Content-Disposition"]
    assert "Vu à ch.own.example" in page
    assert not re.search(r"<(script|link|img|iframe)\b|\bsrc=|@import|url\(", page)
