"""A passkey made in a browser opens the account without a password."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.journeys.conftest import BUTTONS
from tests.journeys.site import running_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def local_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site under the name localhost: browsers give no passkey to a bare address."""
    home = tmp_path_factory.mktemp("passkey")
    with running_site(home, DJANGO_SETTINGS_MODULE="tests.journeys.passkey_settings") as address:
        yield address.replace("127.0.0.1", "localhost")


def test_a_passkey_opens_the_account_without_a_password(chromium: Browser, local_site: str) -> None:
    context = chromium.new_context(base_url=local_site, locale="fr-FR")
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    page.goto("/comptes/connexion/")
    page.get_by_role("button", name=BUTTONS["rssi"]).click()
    page.wait_for_url(f"{local_site}/")

    page.goto("/comptes/double-authentification/webauthn/add/")
    page.get_by_label("Nom de la clé").fill("Téléphone d’essai")
    page.get_by_text("Elle ouvrira mon compte sans mot de passe").click()
    page.get_by_role("button", name="Ajouter la clé").click()
    # One-click accounts never gave a password: the codes are shown to who holds the key.
    page.get_by_role("link", name="clé").click()
    page.get_by_role("button", name="Utiliser une clé").click()
    page.get_by_role("heading", name="Imprimez ces codes de secours").wait_for()
    page.get_by_role("button", name="Se déconnecter").first.click()
    page.wait_for_url("**/comptes/connexion/**")
    page.get_by_role("button", name="Avec une clé d’accès").click()
    page.wait_for_url(f"{local_site}/")

    page.goto("/comptes/double-authentification/webauthn/")
    assert page.get_by_text("ouvre sans mot de passe").is_visible()
    assert errors == []
    context.close()
