from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import DatabaseError
from pytest_django import DjangoAssertNumQueries
from tests.domain.places import NOW, make_site

from hygie.domain.estate.actions import import_assets, import_sbom, import_sboms
from hygie.domain.estate.comparing import compare_inventory, compare_sboms
from hygie.domain.estate.lines import AssetLine, Document
from hygie.domain.estate.models import Asset, Installed, Source
from hygie.domain.estate.writing import open_source, write_difference
from hygie.domain.journal.models import Entry
from hygie.vocabulary.facts import Component

pytestmark = pytest.mark.django_db

PARK = Document("devices", "parc.csv", "a" * 64)
OTHER = Document("devices", "autre.csv", "b" * 64)
BILL = Document("sbom", "pacs.json", "c" * 64)
PACS = AssetLine("device", "PACS", vendor="Exemple SA", model="Vue", version="12.2")
PUMP = AssetLine("device", "Pompe", vendor="Exemple SA", model="P1", version="2", quantity=3)
LIBRARY = Component("log4j-core", "2.14.1")


def many(count: int) -> list[AssetLine]:
    return [
        AssetLine("device", f"Pompe {i}", vendor="E", model=f"P{i % 9}", version=f"{i % 7}")
        for i in range(count)
    ]


def test_a_difference_says_what_comes_changes_goes_and_stays() -> None:
    site = make_site()
    gone, same = AssetLine("device", "Vieux"), AssetLine("device", "Pareil", version="1")
    import_assets(site, [PUMP, gone, same], PARK, actor="x", now=NOW)

    found = compare_inventory(site, [PACS, replace(PUMP, version="3"), same], PARK)

    assert [change.line.name for change in found.added] == ["PACS"]
    [change] = found.changed
    assert change.fields == (("version", "2", "3"),)
    assert (len(change.installed), len(change.dropped)) == (1, 1)
    assert [asset.name for asset in found.removed] == ["Vieux"]
    assert found.same == 1


def test_comparing_writes_nothing() -> None:
    site = make_site()

    compare_inventory(site, [PACS], PARK)
    compare_sboms(site, [replace(PACS, components=(LIBRARY,))])

    assert not Asset.objects.exists()
    assert not Entry.objects.exists()


def test_of_two_lines_with_one_name_the_last_counts() -> None:
    site = make_site()

    import_assets(site, [PACS, replace(PACS, version="13")], PARK, actor="x", now=NOW)

    assert Asset.objects.get().version == "13"


def test_an_inventory_leaves_the_components_that_an_sbom_stated() -> None:
    site = make_site()
    import_assets(site, [PACS], PARK, actor="x", now=NOW)
    import_sbom(site, replace(PACS, components=(LIBRARY,)), BILL, actor="x", now=NOW)

    import_assets(site, [replace(PACS, version="13")], PARK, actor="x", now=NOW)

    held = {held.product.name: held.product.version for held in Installed.objects.all()}
    assert held == {"Vue": "13", "log4j-core": "2.14.1"}


def test_an_sbom_leaves_the_inventory_its_asset() -> None:
    site = make_site()
    import_assets(site, [PACS], PARK, actor="x", now=NOW)
    import_sbom(site, AssetLine("device", "PACS", criticality="vital"), BILL, actor="x", now=NOW)

    asset = Asset.objects.get()
    assert (asset.version, asset.criticality) == ("12.2", "vital")
    import_assets(site, [PUMP], PARK, actor="x", now=NOW)
    asset.refresh_from_db()
    assert asset.removed_at == NOW


def test_an_asset_named_by_another_file_stays_when_the_first_drops_it() -> None:
    site = make_site()
    import_assets(site, [PACS], PARK, actor="x", now=NOW)
    import_assets(site, [PACS], OTHER, actor="x", now=NOW)

    import_assets(site, [PUMP], PARK, actor="x", now=NOW)

    assert Asset.objects.filter(removed_at__isnull=True).count() == 2


def test_a_new_quantity_reaches_the_products_already_installed() -> None:
    site = make_site()
    import_assets(site, [PUMP, PACS], PARK, actor="x", now=NOW)

    import_assets(site, [replace(PUMP, quantity=7), PACS], PARK, actor="x", now=NOW)

    quantities = {row.asset.name: row.quantity for row in Installed.objects.all()}
    assert quantities == {"Pompe": 7, "PACS": 1}


def test_an_asset_that_went_may_come_back_as_a_new_one() -> None:
    site = make_site()
    for lines in ([PACS], [PUMP], [PACS]):
        import_assets(site, lines, PARK, actor="x", now=NOW)

    assert Asset.objects.filter(name="PACS").count() == 2
    assert Asset.objects.filter(name="PACS", removed_at__isnull=True).count() == 1


def test_a_difference_is_carried_out_as_planned() -> None:
    site = make_site()
    source = open_source(site, PARK, 1, actor="x", now=NOW)

    assets = write_difference(site, compare_inventory(site, [PACS], PARK), source, now=NOW)

    assert assets["device", "PACS"].source == source


def test_of_several_sboms_all_or_none_are_written() -> None:
    site = make_site()
    lines = [AssetLine("application", "Un"), AssetLine("application", "Deux", quantity=-1)]

    with pytest.raises(DatabaseError):
        import_sboms(
            site, [(line, replace(BILL, name=line.name)) for line in lines], actor="x", now=NOW
        )

    assert not Source.objects.exists()


def test_queries_do_not_grow_with_the_rows(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    site = make_site()

    with django_assert_max_num_queries(35):
        import_assets(site, many(300), PARK, actor="x", now=NOW)
    with django_assert_max_num_queries(20):
        import_assets(site, many(300), PARK, actor="x", now=NOW)
    with django_assert_max_num_queries(5):
        compare_inventory(site, many(300), PARK)


def test_an_sbom_of_thousands_is_a_matter_of_batches(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    site = make_site()
    components = tuple(Component(f"lib-{i}", "1.0") for i in range(2_000))

    with django_assert_max_num_queries(60):
        import_sbom(
            site, AssetLine("application", "P", components=components), BILL, actor="x", now=NOW
        )

    assert Installed.objects.count() == 2_000


@pytest.mark.slow
def test_twenty_thousand_rows_are_imported_well_under_a_minute() -> None:
    import time

    site = make_site()
    lines = many(20_000)

    started = time.monotonic()
    import_assets(site, lines, PARK, actor="x", now=NOW)
    import_assets(site, [replace(line, version="9") for line in lines], PARK, actor="x", now=NOW)

    assert time.monotonic() - started < 60
    assert Asset.objects.count() == 20_000
