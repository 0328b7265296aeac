from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.places import NOW, make_site

from hygie.domain.estate.actions import AssetLine, Document, import_assets
from hygie.domain.estate.models import Product
from hygie.domain.surveillance.actions import record_outcomes
from hygie.domain.territory.models import Node
from hygie.jobs.uses import assets_by_name, criticality_of, products_of, uses_of
from hygie.vocabulary.enums import Criticality
from hygie.vocabulary.facts import Observation

pytestmark = pytest.mark.django_db


def load(site: Node, *lines: AssetLine) -> None:
    document = Document("inventory", "inventaire.csv", "a" * 64)
    import_assets(site, lines, document, actor="essai", now=NOW)


def show(site: Node, version: str, at: dt.datetime = NOW) -> None:
    seen = Observation(
        "VPN.essai.example:443", "http", {}, b"", at, product="fortinet/fortios", version=version
    )
    record_outcomes(site, [seen])


def test_what_is_installed_is_not_exposed_and_what_is_shown_is() -> None:
    site = make_site()
    load(
        site,
        AssetLine("device", "PACS", vendor="Philips", model="Vue PACS", version="12.2"),
        AssetLine("domain", "vpn.essai.example", criticality=Criticality.VITAL),
    )
    show(site, "6.0.4")

    installed, shown = uses_of(site)

    assert (installed.product.name, installed.subject, installed.exposed, installed.probe) == (
        "Vue PACS",
        "PACS",
        False,
        "",
    )
    assert (shown.product.vendor, shown.product.name, shown.product.version) == (
        "fortinet",
        "fortios",
        "6.0.4",
    )
    assert (shown.exposed, shown.probe) == (True, "http")
    assert shown.asset is not None
    assert shown.asset.name == "vpn.essai.example"


def test_what_is_shown_no_more_is_in_use_no_more() -> None:
    site = make_site()
    show(site, "6.0.4")

    show(site, "7.4.8", NOW + dt.timedelta(hours=1))

    assert [use.product.version for use in uses_of(site)] == ["7.4.8"]


def test_a_product_installed_twice_is_one_product() -> None:
    site = make_site()
    load(
        site,
        *(
            AssetLine("device", name, vendor="Philips", model="Vue PACS", version="12.2")
            for name in ("PACS 1", "PACS 2")
        ),
    )

    assert len(uses_of(site)) == 2
    assert products_of(site) == [Product.objects.get()]


def test_a_neighbour_s_products_are_not_in_use_here() -> None:
    show(make_site("CH voisin"), "6.0.4")

    assert uses_of(make_site()) == []


def test_an_asset_that_is_gone_is_found_no_more() -> None:
    site = make_site()
    load(site, AssetLine("domain", "vieux.example"), AssetLine("domain", "Neuf.example"))

    load(site, AssetLine("domain", "Neuf.example"))

    assert list(assets_by_name(site)) == ["neuf.example"]


def test_an_asset_that_nobody_described_is_taken_as_important() -> None:
    assert criticality_of(None) == Criticality.IMPORTANT
