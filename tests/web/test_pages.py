from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from hygie.web.pages.errors import broken

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.web.world import World


def test_pages_are_french_whatever_the_browser_asks(client: Client) -> None:
    answer = client.get(reverse("legal"), headers={"Accept-Language": "en"})

    assert answer["Content-Language"] == "fr"
    assert '<html lang="fr"' in answer.content.decode()


def test_the_language_is_chosen_by_a_post_and_kept(client: Client) -> None:
    url = reverse("legal")

    answer = client.post(reverse("language"), {"language": "en", "next": url})
    page = client.get(url)

    assert answer["Location"] == url
    assert page["Content-Language"] == "en"


def test_an_unknown_language_or_a_foreign_address_changes_nothing(client: Client) -> None:
    answer = client.post(
        reverse("language"), {"language": "xx", "next": "https://ailleurs.example/"}
    )

    assert answer["Location"] == "/"
    assert client.get(reverse("legal"))["Content-Language"] == "fr"


@pytest.mark.parametrize("role", ["rssi", "director", "ars", "ministry", "admin"])
def test_no_page_carries_inline_style_or_script(
    role: str, world: World, sign_in: Callable[[str], Client]
) -> None:
    client = sign_in(role)
    urls = [
        reverse("home"),
        reverse("account"),
        reverse("mfa_activate_totp"),
        reverse("node", args=[world.nodes["own"].pk]),
        reverse("finding", args=[world.findings["own.late"].pk]),
    ]

    for url in urls:
        text = client.get(url).content.decode()
        assert not re.search(r"<[^>]+\s(style|on[a-z]+)\s*=", text), url
        assert not re.search(r"<style|javascript:", text), url
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text)), url


def test_the_policy_of_content_allows_our_files_only(client: Client) -> None:
    policy = client.get(reverse("account_login"))["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "object-src 'none'" in policy


def test_an_address_that_does_not_exist_says_where_to_go(
    world: World,  # noqa: ARG001 - fills the database
    sign_in: Callable[[str], Client],
) -> None:
    answer = sign_in("rssi").get("/nulle/part/")

    assert answer.status_code == 404
    assert "hors de votre territoire" in answer.content.decode()


def test_a_form_without_its_token_is_refused_in_words(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.users["rssi"], backend="django.contrib.auth.backends.ModelBackend")

    answer = client.post(reverse("notice-read"))

    assert answer.status_code == 403


def test_what_breaks_says_that_nothing_was_kept() -> None:
    answer = broken(RequestFactory().get("/"))

    assert answer.status_code == 500
    assert "Rien n’a été enregistré" in answer.content.decode()


def test_each_role_has_only_the_menus_it_can_open(
    world: World,  # noqa: ARG001 - fills the database
    sign_in: Callable[[str], Client],
) -> None:
    menus = {
        role: re.findall(r'fr-nav__link" href="([^"]+)"', sign_in(role).get("/").content.decode())
        for role in ("rssi", "ministry", "admin")
    }

    assert menus == {
        "rssi": [
            "/",
            "/constats/",
            "/veille/",
            "/incidents/",
            "/territoire/",
            "/rondes/",
            "/travaux/",
            "/personnes/",
            "/journal/",
        ],
        "ministry": ["/", "/veille/", "/territoire/"],
        "admin": [
            "/",
            "/veille/",
            "/territoire/",
            "/rondes/",
            "/travaux/",
            "/personnes/",
            "/journal/",
        ],
    }
