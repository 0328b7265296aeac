from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.places import NOW, make_site

from hygie.domain.estate.actions import AssetLine, Document, import_assets
from hygie.domain.estate.mandates import Line
from hygie.domain.estate.models import PerimeterKind
from hygie.domain.estate.permits import Terms, revoke_mandate, sign_mandate
from hygie.domain.surveillance.targets import perimeter_of
from hygie.domain.territory.models import Node

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


def equip(site: Node, *names: str) -> None:
    lines = [AssetLine("domain", name) for name in names]
    document = Document("inventory", "inventaire.csv", "a" * 64)
    import_assets(site, lines, document, actor="essai", now=NOW)


def allow(site: Node, domain: str = "essai.example", **changes: object) -> object:
    terms: dict[str, object] = {
        "signatory": "Sacha Invention",
        "contact": "astreinte@essai.example",
        "signed_on": TODAY,
        "valid_from": TODAY,
        "valid_to": TODAY + dt.timedelta(days=30),
        **changes,
    }
    line = Line(PerimeterKind.DOMAIN, domain)
    return sign_mandate(site, Terms(**terms), [line], actor="essai", now=NOW)  # type: ignore[arg-type]


def test_what_an_open_mandate_covers_may_be_probed_and_the_rest_is_left_out() -> None:
    site = make_site()
    equip(site, "vpn.essai.example", "ailleurs.example")
    allow(site)

    found = perimeter_of(site, now=NOW)

    assert found.names == ("vpn.essai.example",)
    assert found.left_out == ("ailleurs.example",)
    assert found.why_nothing == ""
    assert len(found.permissions) == 1


def test_the_mandate_of_a_neighbour_allows_nothing_here() -> None:
    site = make_site()
    equip(site, "vpn.essai.example")
    allow(make_site("CH voisin"))

    found = perimeter_of(site, now=NOW)

    assert (found.names, found.why_nothing) == ((), "aucun mandat signé : rien n’est sondé")


@pytest.mark.parametrize(
    ("changes", "now", "why"),
    [
        ({"valid_from": TODAY + dt.timedelta(days=2)}, NOW, "n’a pas encore commencé"),
        ({}, NOW + dt.timedelta(days=60), "expiré"),
        ({"from_hour": 22, "to_hour": 24}, NOW, "hors de la fenêtre"),
    ],
    ids=["not begun", "over", "outside its hours"],
)
def test_a_mandate_that_allows_nothing_now_says_why(
    changes: dict[str, object], now: dt.datetime, why: str
) -> None:
    site = make_site()
    equip(site, "vpn.essai.example")
    allow(site, **changes)

    found = perimeter_of(site, now=now)

    assert found.names == ()
    assert found.left_out == ("vpn.essai.example",)
    assert why in found.why_nothing


def test_a_mandate_that_was_revoked_says_so() -> None:
    site = make_site()
    equip(site, "vpn.essai.example")
    revoke_mandate(allow(site), actor="essai", now=NOW)  # type: ignore[arg-type]

    assert perimeter_of(site, now=NOW).why_nothing == "mandat révoqué"


def test_an_estate_without_names_is_told_to_add_them() -> None:
    site = make_site()
    allow(site)

    assert "ajoutez-les" in perimeter_of(site, now=NOW).why_nothing
