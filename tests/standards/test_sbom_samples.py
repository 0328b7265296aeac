"""Published and generated SBOMs of real software read with their known counts."""

from __future__ import annotations

import pytest
from tests.realdata import shared

from hygie.engines.exchange.sbom import read_sbom


@pytest.mark.parametrize(
    ("name", "format_name", "spec_version", "count"),
    [
        ("ohif-viewer-4.12.51.cdx.json.gz", "CycloneDX JSON", "1.5", 426),
        ("ohif-viewer-4.12.51.spdx.json.gz", "SPDX JSON", "2.3", 426),
        ("gnuhealth-his.cdx.json.gz", "CycloneDX JSON", "1.5", 118),
        ("pacs-orthanc-debian12.cdx.json.gz", "CycloneDX JSON", "1.5", 192),
        ("erp-tryton-debian12.cdx.json.gz", "CycloneDX JSON", "1.5", 206),
        ("juice-shop-11.1.2.cdx.json.gz", "CycloneDX JSON", "1.2", 840),
        ("dropwizard-1.3.15.cdx.json.gz", "CycloneDX JSON", "1.2", 167),
        ("dropwizard-1.3.15.cdx.xml.gz", "CycloneDX XML", "1.2", 167),
        ("laravel-7.12.0.cdx.json.gz", "CycloneDX JSON", "1.4", 62),
    ],
)
def test_a_real_sbom_reads_whole(
    name: str, format_name: str, spec_version: str, count: int
) -> None:
    sbom = read_sbom(shared(f"sbom/{name}"))

    assert (sbom.format, sbom.spec_version) == (format_name, spec_version)
    assert len(sbom.components) == count
    assert sbom.subject is not None


def test_json_and_xml_of_one_product_say_the_same() -> None:
    as_json = read_sbom(shared("sbom/dropwizard-1.3.15.cdx.json.gz"))
    as_xml = read_sbom(shared("sbom/dropwizard-1.3.15.cdx.xml.gz"))

    assert as_json.components == as_xml.components
    assert as_json.subject == as_xml.subject


def test_cyclonedx_and_spdx_of_one_product_name_the_same_packages() -> None:
    cyclonedx = read_sbom(shared("sbom/ohif-viewer-4.12.51.cdx.json.gz"))
    spdx = read_sbom(shared("sbom/ohif-viewer-4.12.51.spdx.json.gz"))

    assert {component.purl for component in cyclonedx.components} == {
        component.purl for component in spdx.components
    }


def test_every_published_vex_use_case_reads_as_a_document() -> None:
    for path in sorted(shared("sbom/vex").glob("*.json")):
        assert read_sbom(path).format == "CycloneDX JSON"
