from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from hygie.engines.exchange import sbom_document
from hygie.engines.exchange.sbom import SbomFormatError, parse_sbom
from hygie.vocabulary.errors import TooLargeError
from hygie.vocabulary.facts import Component


def bom(*components: object, **more: Any) -> bytes:  # noqa: ANN401 - any JSON
    document = {"bomFormat": "CycloneDX", "specVersion": "1.5", "components": components}
    return json.dumps(document | more).encode()


def test_a_component_keeps_what_identifies_it() -> None:
    document = bom(
        {
            "type": "firmware",
            "bom-ref": "pompe",
            "supplier": {"name": "Exemple SA"},
            "group": "exemple",
            "name": "pompe-fw",
            "version": "2.1",
            "purl": "pkg:generic/pompe-fw@2.1",
            "cpe": "cpe:/o:exemple:pompe-fw:2.1",
        }
    )

    [component] = parse_sbom(document, source="x").components

    assert component == Component(
        name="pompe-fw",
        version="2.1",
        purl="pkg:generic/pompe-fw@2.1",
        cpe="cpe:/o:exemple:pompe-fw:2.1",
        vendor="Exemple SA",
        kind="firmware",
        ref="pompe",
    )


@pytest.mark.parametrize(
    ("fields", "vendor"),
    [
        ({"manufacturer": {"name": "M"}, "publisher": "P", "group": "G"}, "M"),
        ({"publisher": "P", "group": "G"}, "P"),
        ({"group": "G"}, "G"),
        ({}, ""),
    ],
)
def test_the_vendor_is_the_best_stated_party(fields: dict[str, object], vendor: str) -> None:
    [component] = parse_sbom(bom({"name": "a"} | fields), source="x").components

    assert component.vendor == vendor


def test_nested_components_are_flattened_in_document_order() -> None:
    document = bom(
        {"name": "b", "components": [{"name": "c", "components": [{"name": "d"}]}]},
        {"name": "e"},
        metadata={
            "timestamp": "2026-01-02T03:04:05Z",
            "component": {"name": "s", "version": "7", "components": [{"name": "a"}]},
        },
        serialNumber="urn:uuid:1",
    )

    sbom = parse_sbom(document, source="x")

    assert [component.name for component in sbom.components] == ["a", "b", "c", "d", "e"]
    assert sbom.subject == Component("s", "7")
    assert (sbom.name, sbom.version, sbom.serial) == ("s", "7", "urn:uuid:1")
    assert sbom.created_at == dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def test_the_xml_form_reads_as_the_json_form() -> None:
    xml = b"""<bom xmlns="http://cyclonedx.org/schema/bom/1.6" serialNumber="urn:uuid:1">
      <metadata><timestamp>2026-01-02T03:04:05Z</timestamp>
        <component type="application"><name>s</name><version>7</version></component></metadata>
      <components><component type="library" bom-ref="r"><publisher>P</publisher>
        <name>a</name><version> 1 </version><purl>pkg:npm/a@1</purl>
        <components><component type="library"><name>b</name></component></components>
      </component></components></bom>"""

    sbom = parse_sbom(xml, source="x")

    assert (sbom.format, sbom.spec_version) == ("CycloneDX XML", "1.6")
    assert sbom.subject == Component("s", "7", kind="application")
    assert sbom.components == (
        Component("a", "1", purl="pkg:npm/a@1", vendor="P", ref="r"),
        Component("b"),
    )


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (bom({"name": "a"}, {"version": "1"}), r"components\[1\]\.name"),
        (bom({"name": "a", "components": [{}]}), r"components\[0\]\.components\[0\]\.name"),
        (bom({"name": "a", "version": 2}), r"components\[0\]\.version"),
        (bom("a"), r"components\[0\]"),
        (bom(metadata={"component": {}}), r"metadata\.component\.name"),
        (bom(metadata=[]), "metadata"),
    ],
)
def test_a_bad_component_refuses_the_document_and_says_where(document: bytes, place: str) -> None:
    with pytest.raises(SbomFormatError, match=place):
        parse_sbom(document, source="x")


def test_too_many_components_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sbom_document, "MAX_COMPONENTS", 2)

    with pytest.raises(TooLargeError):
        parse_sbom(bom({"name": "a"}, {"name": "b"}, {"name": "c"}), source="x")
    with pytest.raises(TooLargeError):
        parse_sbom(bom({"name": "a", "components": [{"name": "b"}, {"name": "c"}]}), source="x")
