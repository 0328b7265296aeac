from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.places import NOW, make_site

from hygie.domain.estate.actions import (
    AssetLine,
    Document,
    import_assets,
    import_sbom,
    save_mapping,
)
from hygie.domain.estate.models import Asset, Installed, Mapping, Product, Source
from hygie.domain.estate.products import record_products
from hygie.domain.journal.models import Entry
from hygie.domain.territory.models import Node
from hygie.vocabulary.facts import Component

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(days=1)
INVENTORY = Document("inventory", "inventaire.csv", "a" * 64)
PACS = AssetLine("device", "PACS", vendor="Philips", model="Vue PACS", version="12.2.5")
LOG4J = Component("log4j-core", "2.14.1", purl="pkg:maven/org.apache/log4j-core@2.14.1")


def load(site: Node, *lines: AssetLine, document: Document = INVENTORY) -> Source:
    return import_assets(site, lines, document, actor="rssi@essai.example", now=NOW)


def test_a_device_with_a_version_is_an_asset_and_a_product() -> None:
    site = make_site()

    load(site, PACS)

    asset = Asset.objects.get()
    [held] = asset.installed.all()
    assert (asset.name, asset.vendor) == ("PACS", "Philips")
    assert (held.product.name, held.product.version) == ("Vue PACS", "12.2.5")


def test_a_domain_is_no_product() -> None:
    load(make_site(), AssetLine("domain", "ch-essai.example", version="1"))

    assert not Product.objects.exists()


def test_a_new_version_replaces_the_old_one() -> None:
    site = make_site()
    load(site, PACS)

    load(site, AssetLine("device", "PACS", vendor="Philips", model="Vue PACS", version="12.3"))

    assert [held.product.version for held in Installed.objects.all()] == ["12.3"]
    assert Asset.objects.count() == 1


def test_what_the_same_file_no_longer_names_is_removed_and_dated() -> None:
    site = make_site()
    load(site, PACS, AssetLine("domain", "ch-essai.example"))

    load(site, AssetLine("domain", "ch-essai.example"))

    assert Asset.objects.get(name="PACS").removed_at == NOW
    assert not Installed.objects.exists()


def test_another_file_removes_nothing() -> None:
    site = make_site()
    load(site, PACS)

    load(
        site, AssetLine("application", "Agenda"), document=Document("inventory", "b.csv", "b" * 64)
    )

    assert Asset.objects.filter(removed_at__isnull=True).count() == 2


def test_the_same_product_at_two_hospitals_is_one_row() -> None:
    for name in ("Ici", "Ailleurs"):
        load(make_site(name), PACS)

    assert Product.objects.count() == 1
    assert Installed.objects.count() == 2


def test_an_sbom_sets_the_components_of_its_application() -> None:
    site = make_site()
    line = AssetLine("application", "Portail", components=(LOG4J, LOG4J))

    import_sbom(site, line, Document("sbom", "portail.json", "c" * 64), actor="x", now=NOW)
    import_sbom(
        site,
        AssetLine("application", "Portail", components=()),
        Document("sbom", "portail.json", "d" * 64),
        actor="x",
        now=LATER,
    )

    assert not Installed.objects.exists()
    assert [source.replaced_at for source in Source.objects.order_by("pk")] == [LATER, None]


def test_every_import_leaves_its_line() -> None:
    load(make_site(), PACS)

    entry = Entry.objects.get()
    assert (entry.action, entry.actor) == ("estate.imported", "rssi@essai.example")


def test_a_mapping_saved_twice_under_a_name_is_one() -> None:
    site = make_site()
    for column in ("Nom", "Libellé"):
        save_mapping(site, "inventory", "GMAO", {"name": column}, actor="x", now=NOW)

    assert Mapping.objects.get().columns == {"name": "Libellé"}


def test_an_identifier_too_long_is_left_out_rather_than_cut() -> None:
    long = Component("x", "1", purl="pkg:generic/" + "x" * 600)
    record_products([long])

    assert Product.objects.get().purl == ""
