from __future__ import annotations

import gzip
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.engines.exchange.sbom import SbomFormatError, parse_sbom, read_sbom
from hygie.vocabulary.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def as_json(**document: Any) -> bytes:  # noqa: ANN401 - any JSON
    return json.dumps(document).encode()


def test_the_format_is_found_from_the_content(tmp_path: Path) -> None:
    path = tmp_path / "inventaire.txt"
    path.write_bytes(gzip.compress(b"\xef\xbb\xbf \n" + as_json(spdxVersion="SPDX-2.2")))

    assert read_sbom(path).format == "SPDX JSON"


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"nom;version\nnginx;1.2\n", id="CSV"),
        pytest.param(b'{"components": []}', id="JSON of another kind"),
        pytest.param(b"[1]", id="JSON list"),
        pytest.param(b"<html>maintenance</html>", id="a maintenance page"),
        pytest.param(b'{"bomFormat": "CycloneDX"', id="cut"),
        pytest.param(b"\x00\x01\x02", id="binary"),
        pytest.param(
            as_json(**{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"}), id="SPDX 3"
        ),
    ],
)
def test_anything_else_is_refused_in_one_line(document: bytes) -> None:
    with pytest.raises(InputError) as raised:
        parse_sbom(document, source="inventaire.json")

    assert str(raised.value).startswith("inventaire.json")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("document", "versions"),
    [
        (as_json(bomFormat="CycloneDX", specVersion="9.9"), "1.2, 1.3, 1.4, 1.5, 1.6"),
        (b'<bom xmlns="http://cyclonedx.org/schema/bom/9.9"/>', "1.0, 1.1, 1.2"),
        (as_json(spdxVersion="SPDX-1.9"), "2.2, 2.3"),
        (b"SPDXVersion: SPDX-9.9\n", "2.2, 2.3"),
    ],
)
def test_an_unknown_version_is_answered_with_those_read(document: bytes, versions: str) -> None:
    with pytest.raises(SbomFormatError, match=f"n’est pas lu.*{versions}"):
        parse_sbom(document, source="x")


KEYS = st.sampled_from(
    ["bomFormat", "specVersion", "components", "metadata", "component", "name", "version",
     "type", "supplier", "spdxVersion", "packages", "externalRefs", "relationships", "CycloneDX",
     "SPDX-2.3", "1.5", "creationInfo", "documentDescribes", "serialNumber", "timestamp"]
)  # fmt: skip
VALUES = st.recursive(
    KEYS | st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
HEADERS = st.sampled_from(
    [{"bomFormat": "CycloneDX", "specVersion": "1.5"}, {"spdxVersion": "SPDX-2.3"}]
)


@given(st.builds(lambda head, body: head | body, st.dictionaries(KEYS, VALUES), HEADERS))
def test_any_json_is_an_sbom_or_refused(document: dict[str, object]) -> None:
    with suppress(InputError):
        parse_sbom(json.dumps(document).encode(), source="x")


@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: f"SPDXVersion: SPDX-2.3\n{text}".encode())
    | st.lists(
        st.sampled_from(
            ["PackageName: a", "ExternalRef: a", "ExternalRef: a purl b", "<text>", "FileName: b",
             "PackageVersion: <text>1", "</text>", "SPDXID: c", "# d", "Relationship: a", "e"]
        )
    ).map(lambda lines: "\n".join(["SPDXVersion: SPDX-2.3", *lines]).encode())
)  # fmt: skip
def test_any_bytes_are_an_sbom_or_refused(document: bytes) -> None:
    with suppress(InputError):
        parse_sbom(document, source="x")
