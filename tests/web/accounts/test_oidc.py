"""Pro Santé Connect and ProConnect, against allauth's own provider on loopback."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.web.world import PASSWORD, World

from hygie.config.identity import read_identity, social_providers
from hygie.domain.journal.models import Entry
from hygie.domain.people.models import User
from hygie.web.accounts import oidc, social

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

SITE = Path(__file__).parent / "vouching_site.py"
BACK = "http://testserver/comptes/identites/{key}/retour/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run the provider for the tests of this module; its address."""
    folder = tmp_path_factory.mktemp("idp")
    told = folder / "port"
    redirects = [BACK.format(key=key) for key in ("psc", "proconnect")]
    process = subprocess.Popen([sys.executable, str(SITE), str(folder), str(told), *redirects])
    try:
        until = time.monotonic() + 60
        while not told.exists():
            assert process.poll() is None, "the provider did not start"
            assert time.monotonic() < until, "the provider is too slow to start"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{told.read_text()}"
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture
def providers(site: str, settings: SettingsWrapper) -> Callable[..., None]:
    """Return what turns both providers on, with some of the provider's answers replaced."""

    def on(**overrides: str) -> None:
        variables = {}
        for prefix in ("HYGIE_PSC", "HYGIE_PROCONNECT"):
            variables[f"{prefix}_ISSUER"] = site
            variables[f"{prefix}_CLIENT_ID"] = "hygie"
            variables[f"{prefix}_CLIENT_SECRET"] = "invented secret"
        found = social_providers(read_identity(variables))
        for app in found["openid_connect"]["APPS"]:
            app["settings"]["openid_configuration_overrides"] = overrides
        settings.SOCIALACCOUNT_PROVIDERS = found

    on()
    return on


@pytest.fixture
def account(world: World) -> User:
    """The account of the address that the provider verified."""
    user = world.users["rssi"]
    User.objects.filter(pk=user.pk).update(email="verifie@essai.example", is_demo=False)
    user.refresh_from_db()
    return user


def vouch(
    client: Client, name: str, key: str = "proconnect", *, process: str = "login"
) -> HttpResponse:
    """Press the button, be recognised over there as ``name``, come back."""
    url = reverse("openid_connect_login", args=[key])
    away = client.post(f"{url}?process={process}")
    assert away.status_code == 302, away.content
    with requests.Session() as browser:
        root = "/".join(away["Location"].split("/")[:3])
        browser.get(f"{root}/enter/{name}/", timeout=10)
        answer = browser.get(away["Location"], allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return client.get(answer.headers["Location"])


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("home")).status_code == 200


@pytest.mark.usefixtures("providers")
def test_a_verified_address_opens_its_account_and_is_linked(account: User, client: Client) -> None:
    vouch(client, "verified")

    assert is_signed_in(client)
    linked = SocialAccount.objects.get()
    assert (linked.user, linked.provider) == (account, "proconnect")
    said = Entry.objects.filter(subject_type="user", subject_id=str(account.pk))
    actions = set(said.values_list("action", flat=True))
    assert {"identity.linked", "session.opened"} <= actions


@pytest.mark.usefixtures("providers")
def test_a_subject_once_linked_opens_the_account_whatever_its_address(
    account: User, client: Client
) -> None:
    vouch(client, "verified")
    User.objects.filter(pk=account.pk).update(email="autre@essai.example")

    other = Client()
    vouch(other, "verified")

    assert is_signed_in(other)
    assert SocialAccount.objects.count() == 1


@pytest.mark.usefixtures("providers")
@pytest.mark.parametrize("name", ["unverified", "nobody"])
def test_nobody_else_gets_in_and_no_account_is_made(
    name: str, account: User, client: Client
) -> None:
    User.objects.filter(pk=account.pk).update(email="douteux@essai.example")
    before = User.objects.count()

    answer = vouch(client, name)

    assert answer["Location"] == reverse("account_login")
    assert not is_signed_in(client)
    assert (User.objects.count(), SocialAccount.objects.count()) == (before, 0)


@pytest.mark.usefixtures("providers", "account")
def test_claims_give_no_right(client: Client, account: User) -> None:
    account.grants.all().delete()

    vouch(client, "verified")

    assert not account.grants.exists()


@pytest.mark.usefixtures("providers")
def test_a_closed_account_stays_closed(account: User, client: Client) -> None:
    User.objects.filter(pk=account.pk).update(is_active=False)

    vouch(client, "verified")

    assert not is_signed_in(client)


@pytest.mark.usefixtures("providers")
def test_pro_sante_connect_without_address_is_linked_once_signed_in(
    account: User, client: Client
) -> None:
    vouch(client, "verified", "psc")
    assert not is_signed_in(client)
    account.set_password(PASSWORD)
    account.save()
    client.post(reverse("account_login"), {"login": account.email, "password": PASSWORD})

    vouch(client, "verified", "psc", process="connect")

    assert SocialAccount.objects.get().provider == "psc"
    later = Client()
    vouch(later, "verified", "psc")
    assert is_signed_in(later)
    assert "Pro Santé Connect" in client.get(reverse("socialaccount_connections")).content.decode()


def test_a_signed_userinfo_is_read(
    site: str, providers: Callable[..., None], account: User, client: Client
) -> None:
    providers(userinfo_endpoint=f"{site}/signed/userinfo")

    vouch(client, "verified")

    assert is_signed_in(client)
    assert SocialAccount.objects.get().user == account


@pytest.mark.usefixtures("account")
def test_a_userinfo_about_somebody_else_opens_nothing(
    site: str, providers: Callable[..., None], client: Client
) -> None:
    providers(userinfo_endpoint=f"{site}/wrong/userinfo")

    answer = vouch(client, "verified")

    assert "ne tient pas" in answer.content.decode()
    assert not is_signed_in(client)


@pytest.mark.usefixtures("providers", "account")
def test_another_nonce_opens_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        oidc.CarefulAdapter, "nonce", property(lambda _: "replayed", lambda *_: None)
    )

    vouch(client, "verified")

    assert not is_signed_in(client)


@pytest.mark.usefixtures("providers", "account")
def test_what_is_asked_is_what_each_provider_documents(client: Client) -> None:
    psc = client.post(reverse("openid_connect_login", args=["psc"]))["Location"]
    pro = client.post(
        reverse("openid_connect_login", args=["proconnect"]) + "?scope=admin&auth_params=x%3D1"
    )["Location"]

    assert "acr_values=eidas1" in psc
    assert sorted(parse_qs(urlsplit(psc).query)["scope"][0].split()) == ["openid", "scope_all"]
    assert "code_challenge_method=S256" in psc
    asked = dict(part.split("=", 1) for part in pro.split("?", 1)[1].split("&"))
    assert set(asked) == {"client_id", "redirect_uri", "scope", "response_type", "state", "nonce"}
    assert "admin" not in asked["scope"]
    assert min(len(asked["state"]), len(asked["nonce"])) >= 32


@pytest.mark.usefixtures("providers", "db")
def test_the_sign_in_page_offers_the_providers_that_are_on(client: Client) -> None:
    text = client.get(reverse("account_login")).content.decode()

    assert "Se connecter avec Pro Santé Connect" in text
    assert "Se connecter avec ProConnect" in text
    assert social.LinkingAdapter().is_open_for_signup(None, None) is False


def test_a_provider_that_is_off_does_not_exist(client: Client, world: World) -> None:  # noqa: ARG001 - fills the database
    for name in ("openid_connect_login", "openid_connect_callback"):
        assert client.get(reverse(name, args=["psc"])).status_code == 404
