from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from hygie.web.navigation import entries

if TYPE_CHECKING:
    from tests.web.world import World


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", {"/": "page"}),
        ("/constats/", {"/constats/": "page"}),
        ("/constats/12/", {"/constats/": "true"}),
        ("/compte/", {}),
    ],
    ids=["home", "a list", "below a list", "elsewhere"],
)
def test_the_menu_says_where_the_page_stands(
    path: str, current: dict[str, str], world: World
) -> None:
    request = RequestFactory().get(path)
    request.user = world.users["rssi"]

    assert {entry.url: entry.current for entry in entries(request) if entry.current} == current


def test_a_stranger_has_the_home_only() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()

    assert [entry.url for entry in entries(request)] == ["/"]
