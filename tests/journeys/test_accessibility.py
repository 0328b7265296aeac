"""What axe-core, a narrow screen and the console say of every page, light and dark."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import ConsoleMessage, Page
    from tests.journeys.conftest import Axe

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "RGAAv4", "best-practice"]
_ASK = """async ([tags, locale]) => {
  if (locale) axe.configure({locale});
  const found = await axe.run(document, {runOnly: {type: "tag", values: tags}});
  return found.violations.map(v => [v.id, v.help, v.nodes.slice(0, 3).map(n => n.html)]);
}"""

OPEN: Final = (
    "/comptes/connexion/",
    "/comptes/inscription/",
    "/comptes/mot-de-passe/oublie/",
    "/comptes/mot-de-passe/envoye/",
    "/comptes/mot-de-passe/cle/1-x/",
    "/comptes/mot-de-passe/change/",
    "/comptes/inactif/",
    "/accessibilite/",
    "/mentions-legales/",
    "/personnes/invitation/inconnu/",
    "/nulle/part/",
)
SIGNED: Final = (
    "/",
    "/constats/",
    "/constats/?q=rien+de+tel",
    "/constats/1/",
    "/constats/2/",
    "/constats/4/",
    "/constats/5/",
    "/lieux/10/",
    "/lieux/10/parc/",
    "/lieux/10/mandats/",
    "/mandats/1/",
    "/rondes/",
    "/rondes/2/",
    "/recherche/?q=Aurore",
    "/recherche/?q=rien",
    "/avis/",
    "/journal/",
    "/comptes/",
    "/comptes/deconnexion/",
    "/comptes/double-authentification/",
    "/comptes/double-authentification/totp/activate/",
    "/comptes/mot-de-passe/choisir/",
    "/lieux/10/mandats/proposer/",
    "/mandats/propositions/1/",
    "/personnes/",
    "/personnes/?q=rien+de+tel",
    "/personnes/1/",
    "/personnes/inviter/10/",
    "/personnes/delegations/",
    "/comptes/double-authentification/webauthn/",
    "/comptes/double-authentification/webauthn/add/",
    "/comptes/sessions/",
    "/comptes/jetons/",
    "/comptes/jetons/nouveau/",
    "/comptes/services/",
    "/comptes/services/nouveau/",
    "/comptes/services/12/",
    "/comptes/services/12/jeton/",
    "/travaux/",
)
ADMINISTERED: Final = (
    "/personnes/",
    "/personnes/11/",
    "/travaux/",
    "/comptes/services/",
    "/comptes/services/12/",
    "/journal/",
)
ACTING: Final = (
    "/personnes/delegations/",
    "/personnes/delegations/proposer/",
    "/comptes/double-authentification/requise/",
)
HOMES: Final = ("ght_rssi", "director", "ars", "cert", "ministry", "trainer", "admin")
SCHEMES: Final = ("light", "dark")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("path", OPEN)
def test_an_open_page_is_accessible(
    path: str, scheme: str, axe: Axe, browse: Callable[..., Page]
) -> None:
    assert problems(browse("", color_scheme=scheme), path, axe) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_pages_of_an_rssi_are_accessible(
    scheme: str, axe: Axe, browse: Callable[..., Page]
) -> None:
    page = browse("rssi", color_scheme=scheme)

    assert {path: found for path in SIGNED if (found := problems(page, path, axe))} == {}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("role", "paths"),
    [
        ("admin", ADMINISTERED),
        ("ght_rssi", ACTING),
        ("director", ("/mandats/propositions/1/", "/personnes/delegations/")),
    ],
    ids=["admin", "ght_rssi", "director"],
)
def test_the_pages_of_who_manages_are_accessible(
    role: str, paths: tuple[str, ...], scheme: str, axe: Axe, browse: Callable[..., Page]
) -> None:
    page = browse(role, color_scheme=scheme)

    assert {path: found for path in paths if (found := problems(page, path, axe))} == {}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("role", HOMES)
def test_the_home_of_each_role_is_accessible(
    role: str, scheme: str, axe: Axe, browse: Callable[..., Page]
) -> None:
    page = browse(role, color_scheme=scheme)

    assert {path: problems(page, path, axe) for path in ("/", "/territoire/")} == {
        "/": [],
        "/territoire/": [],
    }


def test_an_opened_form_with_errors_is_accessible(axe: Axe, browse: Callable[..., Page]) -> None:
    page = browse("rssi")
    page.goto("/constats/2/")
    for summary in page.locator("summary").all():
        summary.click()
    page.get_by_label("Raison").fill("court")
    page.get_by_label("Accepter jusqu’au").fill("2099-01-01")
    page.get_by_role("button", name="Accepter jusqu’à cette date").click()
    page.locator("#id_reason_error").wait_for()

    assert run(page, axe) == []
    assert page.get_by_label("Raison").get_attribute("aria-invalid") == "true"


def test_the_menus_of_a_narrow_screen_are_accessible(axe: Axe, browse: Callable[..., Page]) -> None:
    page = browse("rssi", viewport={"width": 320, "height": 700})
    page.locator("#bouton-menu").click()
    page.wait_for_timeout(400)

    assert run(page, axe) == []


@pytest.mark.parametrize("role", ["rssi", "ars", "admin"])
def test_nothing_scrolls_sideways_at_320_pixels(role: str, browse: Callable[..., Page]) -> None:
    page = browse(role, viewport={"width": 320, "height": 700})

    wide = {}
    others = ("/", "/territoire/", "/rondes/", *(ADMINISTERED if role == "admin" else ()))
    for path in SIGNED if role == "rssi" else others:
        page.goto(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[path] = width
    assert wide == {}


def test_no_page_breaks_its_own_policy_nor_its_scripts(browse: Callable[..., Page]) -> None:
    page = browse("rssi")
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(f"{page.url}: {message.text}")

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    for path in SIGNED:
        page.goto(path)

    assert said == []


def problems(page: Page, path: str, axe: Axe) -> list[object]:
    page.goto(path)
    return run(page, axe)


def run(page: Page, axe: Axe) -> list[object]:
    page.evaluate(axe.source)
    found: list[object] = page.evaluate(_ASK, [TAGS, json.loads(axe.locale)])
    return found
