"""An RSSI follows one weakness, with scripts and without, and by keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_taking_and_undoing(scripts: bool, browse: Callable[..., Page]) -> None:  # noqa: FBT001 - a parameter of the test
    page = browse("rssi", java_script_enabled=scripts)

    page.get_by_role("button", name="Prendre").first.click()
    page.locator("#messages").get_by_text("vous vous en occupez").wait_for()

    page.get_by_role("button", name="Annuler").click()
    page.locator("#messages").get_by_text("de nouveau à traiter").wait_for()


def test_why_opens_in_place_without_scripts(browse: Callable[..., Page]) -> None:
    page = browse("rssi", java_script_enabled=False)
    reason = page.get_by_text("Des attaquants utilisent déjà cette faille.")
    assert not reason.is_visible()

    page.get_by_text("Pourquoi ?").first.click()

    assert reason.is_visible()


def test_a_filter_changes_the_list_and_the_address_in_place(browse: Callable[..., Page]) -> None:
    page = browse("rssi")
    page.goto("/constats/")

    with page.expect_response(lambda answer: "overdue=on" in answer.url):
        page.get_by_text("En retard seulement").click()

    page.wait_for_url("**overdue=on**")
    page.get_by_text("1 constat", exact=True).wait_for()


def test_a_filter_works_without_scripts(browse: Callable[..., Page]) -> None:
    page = browse("rssi", java_script_enabled=False)
    page.goto("/constats/")

    page.get_by_label("Décision").select_option("attend")
    page.get_by_role("button", name="Filtrer").click()

    page.get_by_text("1 constat", exact=True).wait_for()


def test_a_narrow_screen_without_scripts_keeps_menu_and_search(
    browse: Callable[..., Page],
) -> None:
    page = browse("rssi", java_script_enabled=False, viewport={"width": 320, "height": 700})

    page.get_by_label("Nom ou numéro FINESS").fill("Aurore")
    page.get_by_label("Nom ou numéro FINESS").press("Enter")
    page.get_by_text("1 lieu pour « Aurore »").wait_for()

    page.get_by_role("link", name="Constats").first.click()
    page.get_by_role("heading", level=1, name="Que faut-il réparer d’abord ?").wait_for()


def test_the_keyboard_alone_reaches_the_content(browse: Callable[..., Page]) -> None:
    page = browse("rssi")
    page.goto("/constats/")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Contenu"
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "contenu"


def test_english_is_chosen_and_kept(browse: Callable[..., Page]) -> None:
    page = browse("rssi")

    page.get_by_role("button", name="English").click()
    page.locator("html[lang=en]").wait_for()
    page.goto("/constats/")

    assert page.locator("h1").inner_text() == "What to repair first?"
    assert page.get_attribute("html", "lang") == "en"
