"""The page where a person issues an API token."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from tests.web.world import World

from hygie.domain.people.models import ApiToken
from hygie.domain.people.roles import Permission
from hygie.domain.people.tokens import authenticate
from hygie.web.accounts import tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

NEXT_MONTH = timezone.localdate() + dt.timedelta(days=30)


def asked(world: World, **changes: object) -> dict[str, object]:
    return {
        "name": "SIEM",
        "node": world.nodes["own"].pk,
        "permissions": ["finding.read", "estate.read"],
        "last_day": NEXT_MONTH.isoformat(),
        **changes,
    }


def test_a_token_is_shown_once_and_works(world: World, sign_in: Callable[[str], Client]) -> None:
    client = sign_in("rssi")

    page = client.post(reverse("token-issue"), asked(world))

    secret = page.context["secret"]
    assert page.status_code == 201
    assert secret in page.content.decode()
    principal = authenticate(secret, now=timezone.now())
    assert principal.permissions == {Permission.FINDING_READ, Permission.ESTATE_READ}
    listed = client.get(reverse("token-list")).content.decode()
    assert "SIEM" in listed
    assert secret not in listed
    assert tokens.token_list.__name__ == "token_list"


def test_a_token_is_revoked(world: World, sign_in: Callable[[str], Client]) -> None:
    client = sign_in("rssi")
    client.post(reverse("token-issue"), asked(world))
    token = ApiToken.objects.get(user=world.users["rssi"])

    client.post(reverse("token-revoke", args=[token.pk]))

    token.refresh_from_db()
    assert token.revoked_at is not None
    assert "révoqué" in client.get(reverse("token-list")).content.decode()


def test_what_does_not_hold_comes_back_with_its_reason(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    client = sign_in("rssi")
    too_late = timezone.localdate() + dt.timedelta(days=800)
    for change in (
        {"permissions": []},
        {"permissions": ["people.grant"]},
        {"node": world.nodes["neighbour"].pk},
        {"last_day": too_late.isoformat()},
    ):
        page = client.post(reverse("token-issue"), asked(world, **change))
        assert page.status_code == 422, change
    assert not ApiToken.objects.filter(user=world.users["rssi"]).exists()


def test_nobody_touches_the_token_of_somebody_else(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    sign_in("rssi").post(reverse("token-issue"), asked(world))
    token = ApiToken.objects.get(user=world.users["rssi"])

    assert sign_in("ght_rssi").post(reverse("token-revoke", args=[token.pk])).status_code == 404
