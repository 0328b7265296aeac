"""A browser and a site for the journeys; each says why it is skipped."""

from __future__ import annotations

import importlib.resources
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.journeys.site import running_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@dataclass(frozen=True)
class Axe:
    """The source of axe-core, and its messages in French when they are beside it."""

    source: str
    locale: str


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no browser: apt install chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_site(tmp_path_factory.mktemp("home")) as address:
        yield address


@pytest.fixture(scope="session")
def axe() -> Axe:
    """Read axe-core (MPL-2.0) from HYGIE_AXE, else from the package axe-playwright-python."""
    given = os.environ.get("HYGIE_AXE")
    if given:
        path = Path(given)
        locale = path.parent / "locales" / "fr.json"
        return Axe(path.read_text(), locale.read_text() if locale.exists() else "null")
    pytest.importorskip("axe_playwright_python", reason="no axe-core: install the test group")
    file = importlib.resources.files("axe_playwright_python") / "axe.min.js"
    return Axe(file.read_text(), "null")


@pytest.fixture
def browse(chromium: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Return pages signed in as an account of the world, in a context of their own."""
    contexts: list[BrowserContext] = []

    def opened(role: str, **options: object) -> Page:
        context = chromium.new_context(base_url=site, locale="fr-FR", **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        if role:
            page.goto("/comptes/connexion/")
            page.get_by_role("button", name=BUTTONS[role]).click()
            page.wait_for_url(f"{site}/")
        return page

    yield opened
    for context in contexts:
        context.close()


BUTTONS = {
    "rssi": "RSSI – Hôpital d’Aurore",
    "ght_rssi": "RSSI – GHT du Levant nord",
    "director": "Direction – Centre hospitalier d’Aurore",
    "ars": "Référent ARS – ARS du Levant",
    "cert": "Analyste CERT Santé – Nation d’essai",
    "ministry": "Ministère – Nation d’essai",
    "trainer": "Formation – GHT du Levant nord",
    "admin": "Administration de la plateforme – Nation d’essai",
}
"""The one-click button of each account."""
