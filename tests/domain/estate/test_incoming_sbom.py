from __future__ import annotations

import pytest
from tests.domain.places import NOW, make_site

from hygie.domain.estate.actions import import_assets, import_sbom
from hygie.domain.estate.incoming_sbom import IncomingSbom, asset_of
from hygie.domain.estate.lines import AssetLine, Document
from hygie.domain.territory.models import Node
from hygie.engines.exchange.sbom import Sbom
from hygie.vocabulary.enums import Criticality
from hygie.vocabulary.errors import InputError, UsageError
from hygie.vocabulary.facts import Component

pytestmark = pytest.mark.django_db

LIBRARY = Component("log4j-core", "2.14.1")
PORTAL = Component("Portail", "3.1", vendor="Exemple SA", kind="application", purl="pkg:generic/p")


def sbom(*components: Component, subject: Component | None = PORTAL) -> Sbom:
    return Sbom(
        format="CycloneDX JSON",
        spec_version="1.5",
        name=subject.name if subject else "",
        version="",
        serial="",
        created_at=None,
        components=components,
        subject=subject,
    )


def describe(
    site: Node, read: Sbom, name: str = "", criticality: Criticality | None = None
) -> IncomingSbom:
    return asset_of(site, read, name=name, criticality=criticality, source="p.json")


def inventory(site: Node, *lines: AssetLine) -> None:
    import_assets(site, lines, Document("applications", "a.csv", "a" * 64), actor="x", now=NOW)


def test_a_new_asset_is_its_subject_and_itself_a_product() -> None:
    line = describe(make_site(), sbom(LIBRARY)).line

    assert (line.kind, line.name, line.vendor) == ("application", "Portail", "Exemple SA")
    assert [c.name for c in line.products] == ["Portail", "log4j-core"]
    assert line.products[0].purl == "pkg:generic/p"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("device", "device"), ("firmware", "device"), ("operating-system", "system")],
)
def test_the_subject_tells_the_kind(kind: str, expected: str) -> None:
    assert describe(make_site(), sbom(subject=Component("X", kind=kind))).line.kind == expected


def test_an_asset_of_the_inventory_is_kept_and_a_disagreement_is_said() -> None:
    site = make_site()
    inventory(site, AssetLine("device", "Portail", version="3.0", criticality="vital"))

    incoming = describe(site, sbom(LIBRARY))

    assert (incoming.line.kind, incoming.line.criticality) == ("device", "vital")
    assert incoming.line.components == (LIBRARY,)
    assert incoming.disagreement == ("3.0", "3.1")


def test_the_subject_is_a_component_of_an_asset_with_another_name() -> None:
    site = make_site()
    inventory(site, AssetLine("system", "srv-1"))

    line = describe(site, sbom(LIBRARY), "srv-1", Criticality.IMPORTANT).line

    assert (line.kind, line.criticality) == ("system", "important")
    assert line.components == (PORTAL, LIBRARY)


def test_a_newer_sbom_moves_an_asset_that_only_sboms_know() -> None:
    site = make_site()
    for version in ("3.0", "3.1"):
        subject = Component("Portail", version, kind="application")
        line = describe(site, sbom(LIBRARY, subject=subject)).line
        import_sbom(site, line, Document("sbom", "p.json", "a" * 64), actor="x", now=NOW)

    [asset] = site.assets.all()
    assert asset.version == "3.1"
    assert {held.product.version for held in asset.installed.all()} == {"3.1", "2.14.1"}


@pytest.mark.parametrize("name", ["", "x" * 201])
def test_an_asset_without_a_name_is_asked_for(name: str) -> None:
    with pytest.raises(UsageError, match="donnez-le"):
        describe(make_site(), sbom(subject=None), name)


def test_two_assets_of_one_name_are_not_chosen_between() -> None:
    site = make_site()
    inventory(site, AssetLine("system", "Portail"), AssetLine("device", "Portail"))

    with pytest.raises(UsageError, match="plusieurs"):
        describe(site, sbom())


@pytest.mark.parametrize("text", ["a\0b", "a\ud800"])
def test_text_that_no_database_holds_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="composant n° 2"):
        describe(make_site(), sbom(Component(text)))
