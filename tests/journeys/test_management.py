"""Who manages people, programs and mandates does it by keyboard alone, and axe finds nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.journeys.test_accessibility import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from tests.journeys.conftest import Axe

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_MOST_TABS = 150


def tab_to(page: Page, label: str, *, whole: bool = False) -> None:
    """Walk by the Tab key to what bears ``label``, as somebody without a mouse does."""
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        named = name_of_focus(page)
        first, every = named.partition("\n")[0].strip(), " ".join(named.split())
        if first == label if whole else label in every:
            assert page.evaluate(_OUTLINED), f"the focus of « {label} » does not show"
            return
    raise AssertionError(f"« {label} » is not reached")


def name_of_focus(page: Page) -> str:
    return str(page.evaluate(_NAME))


_NAME = """() => {
  const here = document.activeElement;
  const label = here.labels && here.labels.length ? here.labels[0].innerText : '';
  return (label || here.innerText || here.getAttribute('aria-label') || '').trim();
}"""
_OUTLINED = """() => {
  const here = document.activeElement;
  const beside = here.labels && here.labels.length ? [here.labels[0]] : [];
  const seen = [here, ...beside].flatMap(one => ['', '::before', '::after']
    .map(part => getComputedStyle(one, part || null)));
  return seen.some(style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0);
}"""


def fill(page: Page, label: str, text: str) -> None:
    tab_to(page, label, whole=True)
    page.keyboard.type(text)


def press(page: Page, label: str) -> None:
    tab_to(page, label)
    page.keyboard.press("Enter")


def test_somebody_is_invited_by_keyboard(axe: Axe, browse: Callable[..., Page]) -> None:
    page = browse("rssi")
    page.goto("/personnes/")
    press(page, "Inviter")
    page.wait_for_url("**/personnes/inviter/**")
    fill(page, "Adresse électronique", "clavier@essai.example")
    press(page, "Envoyer")
    page.get_by_text("Invitation envoyée à clavier@essai.example").wait_for()

    assert run(page, axe) == []
    press(page, "Retirer clavier@essai.example")
    page.get_by_text("son lien n’ouvre plus rien").wait_for()


def test_an_invitation_in_error_is_accessible(axe: Axe, browse: Callable[..., Page]) -> None:
    page = browse("rssi")
    page.goto("/personnes/inviter/10/")
    page.get_by_label("Adresse électronique").fill("rssi@exemple.example")
    page.get_by_role("button", name="Envoyer").click()
    page.locator("#id_email_error").wait_for()

    assert run(page, axe) == []
    assert page.get_by_label("Adresse électronique").get_attribute("aria-invalid") == "true"


def test_a_service_and_its_token_by_keyboard(axe: Axe, browse: Callable[..., Page]) -> None:
    page = browse("rssi")
    page.goto("/comptes/services/")
    press(page, "Ouvrir un service")
    page.wait_for_url("**/services/nouveau/")
    fill(page, "Nom", "Clavier")
    press(page, "Ouvrir le service")
    page.wait_for_url("**/jeton/")
    assert run(page, axe) == []

    fill(page, "Nom", "Serveur 1")
    tab_to(page, "Lire les constats")
    page.keyboard.press("Space")
    press(page, "Émettre le jeton")
    page.get_by_role("heading", name="Copiez ce secret maintenant").wait_for()
    secret = page.get_by_label("Secret").input_value()
    assert re.fullmatch(r"hyg_[0-9a-f]{8}_\S{43}", secret)
    assert run(page, axe) == []

    press(page, "C’est copié")
    page.get_by_role("heading", level=1, name="Clavier").wait_for()
    assert secret not in page.content()
    press(page, "Fermer le service")
    page.get_by_text("n’ouvrent plus rien").wait_for()
    assert run(page, axe) == []


def test_a_mandate_is_proposed_then_signed_by_keyboard(
    axe: Axe, browse: Callable[..., Page]
) -> None:
    page = browse("rssi")
    page.goto("/lieux/10/mandats/")
    press(page, "Proposer un mandat")
    page.wait_for_url("**/proposer/")
    fill(page, "Noms d’hôte, seuls", "clavier.own.example")
    fill(page, "Qui prévenir si une sonde gêne", "Astreinte, 01 00 00 00 00")
    press(page, "Proposer à la signature")
    page.get_by_text("rien n’est sondé avant la signature").first.wait_for()
    assert run(page, axe) == []
    address = page.url

    director = browse("director")
    director.goto(address)
    fill(director, "Votre fonction", "Directrice générale")
    tab_to(director, "J’ai lu le périmètre")
    director.keyboard.press("Space")
    press(director, "Signer ce mandat")
    director.get_by_text("Mandat signé").first.wait_for()
    assert director.get_by_text("clavier.own.example").is_visible()
    assert run(director, axe) == []


def test_a_refused_mandate_says_why_at_its_field(axe: Axe, browse: Callable[..., Page]) -> None:
    page = browse("rssi")
    page.goto("/lieux/10/mandats/proposer/")
    page.get_by_label("Domaines, avec leurs sous-domaines").fill("gouv.fr")
    page.get_by_label("Qui prévenir si une sonde gêne").fill("Astreinte")
    page.get_by_role("button", name="Proposer à la signature").click()
    page.locator("#id_domains_error").wait_for()

    assert run(page, axe) == []
    assert page.get_by_label("Domaines, avec").get_attribute("aria-invalid") == "true"
    assert page.get_by_label("Premier jour").input_value() != ""


def test_a_round_is_asked_for_by_keyboard(axe: Axe, browse: Callable[..., Page]) -> None:
    page = browse("admin")
    page.goto("/travaux/")

    assert run(page, axe) == []
    tab_to(page, "Lancer")


def test_a_session_elsewhere_is_closed_by_keyboard(axe: Axe, browse: Callable[..., Page]) -> None:
    browse("trainer")
    page = browse("trainer")
    page.goto("/comptes/sessions/")
    press(page, "Fermer toutes les autres")
    page.get_by_text("fermée").first.wait_for()

    assert run(page, axe) == []
