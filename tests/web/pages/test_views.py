from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["accessibility", "legal"])
def test_a_page_of_law_is_open_to_everybody_and_cannot_write(name: str, client: Client) -> None:
    assert client.get(reverse(name)).status_code == 200
    assert client.post(reverse(name)).status_code == 405


def test_the_legal_notice_says_who_runs_the_site(client: Client, settings: SettingsWrapper) -> None:
    settings.HYGIE_OPERATOR = "Groupement d’Essai"

    assert "Groupement d’Essai" in client.get(reverse("legal")).content.decode()


@pytest.mark.parametrize(
    ("back", "where"),
    [
        ("/mentions-legales/", "/mentions-legales/"),
        ("https://ailleurs.example/", "/"),
        ("//ailleurs.example/", "/"),
        ("", "/"),
    ],
)
def test_choosing_a_language_goes_back_to_the_page_and_to_no_other_site(
    back: str, where: str, client: Client
) -> None:
    answer = client.post(reverse("language"), {"language": "en", "next": back})

    assert answer["Location"] == where


def test_the_choice_is_kept_in_a_cookie_that_no_script_reads(
    client: Client, settings: SettingsWrapper
) -> None:
    client.post(reverse("language"), {"language": "en"})

    kept = client.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (kept.value, kept["httponly"], kept["samesite"]) == ("en", True, "Lax")
