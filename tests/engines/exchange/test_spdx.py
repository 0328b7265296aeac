from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from hygie.engines.exchange.sbom import SbomFormatError, parse_sbom
from hygie.vocabulary.facts import Component

TAG_VALUE = b"""SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: poste
DocumentNamespace: https://example.org/poste
# a comment
Creator: Tool: exemple
Created: 2026-01-02T03:04:05Z
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-s

PackageName: poste
SPDXID: SPDXRef-s
PackageVersion: 7
PackageComment: <text>over
PackageName: not a package
two lines</text>

PackageName: nginx
SPDXID: SPDXRef-a
PackageVersion: 1.2
PackageSupplier: Organization: Exemple (contact@example.org)
PrimaryPackagePurpose: APPLICATION
ExternalRef: PACKAGE-MANAGER purl pkg:generic/nginx@1.2
ExternalRef: SECURITY cpe23Type cpe:2.3:a:f5:nginx:1.2:*:*:*:*:*:*:*

FileName: ./a
SPDXID: SPDXRef-f
"""


def spdx(*packages: object, **more: Any) -> bytes:  # noqa: ANN401 - any JSON
    return json.dumps({"spdxVersion": "SPDX-2.3", "packages": packages} | more).encode()


def test_tag_value_is_read() -> None:
    sbom = parse_sbom(TAG_VALUE, source="x")

    assert (sbom.format, sbom.spec_version) == ("SPDX tag-value", "2.3")
    assert (sbom.name, sbom.version) == ("poste", "7")
    assert sbom.serial == "https://example.org/poste"
    assert sbom.created_at == dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    assert sbom.subject == Component("poste", "7", ref="SPDXRef-s")
    assert sbom.components == (
        Component(
            "nginx",
            "1.2",
            purl="pkg:generic/nginx@1.2",
            cpe="cpe:2.3:a:f5:nginx:1.2:*:*:*:*:*:*:*",
            vendor="Exemple",
            kind="application",
            ref="SPDXRef-a",
        ),
    )


def test_no_assertion_is_no_value() -> None:
    document = spdx({"name": "a", "versionInfo": "NOASSERTION", "supplier": "NOASSERTION"})

    assert parse_sbom(document, source="x").components == (Component("a"),)


def test_a_reference_type_may_be_a_uri_and_cpe_2_2_is_kept_as_given() -> None:
    prefix = "http://spdx.org/rdf/references/"
    document = spdx(
        {
            "name": "a",
            "originator": "Person: Exemple",
            "externalRefs": [
                {"referenceType": f"{prefix}purl", "referenceLocator": "pkg:npm/a"},
                {"referenceType": "cpe22Type", "referenceLocator": "cpe:/a:b:c"},
            ],
        }
    )

    [component] = parse_sbom(document, source="x").components

    assert component == Component("a", purl="pkg:npm/a", cpe="cpe:/a:b:c", vendor="Exemple")


@pytest.mark.parametrize(
    "link",
    [
        ("SPDXRef-DOCUMENT", "DESCRIBES", "s"),
        ("s", "DESCRIBED_BY", "SPDXRef-DOCUMENT"),
    ],
)
def test_the_one_described_package_is_the_subject(link: tuple[str, str, str]) -> None:
    keys = ("spdxElementId", "relationshipType", "relatedSpdxElement")
    document = spdx(
        {"name": "a", "SPDXID": "a"},
        {"name": "s", "SPDXID": "s"},
        relationships=[dict(zip(keys, link, strict=True))],
    )

    sbom = parse_sbom(document, source="x")

    assert sbom.subject is not None
    assert sbom.subject.name == "s"
    assert len(sbom.components) == 1


def test_several_described_packages_stay_components() -> None:
    document = spdx(
        {"name": "a", "SPDXID": "a"}, {"name": "b", "SPDXID": "b"}, documentDescribes=["a", "b"]
    )

    sbom = parse_sbom(document, source="x")

    assert sbom.subject is None
    assert len(sbom.components) == 2


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (spdx({"name": "a"}, {}), r"packages\[1\]\.name"),
        (spdx({"name": "a", "externalRefs": ["b"]}), r"packages\[0\]\.externalRefs\[0\]"),
        (spdx(relationships=[3]), r"relationships\[0\]"),
        (TAG_VALUE + b"no tag here\n", "ligne 28"),
        (TAG_VALUE + b"PackageName: b\nExternalRef: purl\n", "ligne 29 : ExternalRef"),
        (TAG_VALUE + b"FileComment: <text>never closed\n", "ligne 28 : texte jamais"),
    ],
)
def test_a_bad_package_refuses_the_document_and_says_where(document: bytes, message: str) -> None:
    with pytest.raises(SbomFormatError, match=message):
        parse_sbom(document, source="x")
