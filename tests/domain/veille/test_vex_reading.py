from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.veille.vex_documents import FLAW, csaf, cyclonedx, openvex

from hygie.domain.veille.vex_reading import (
    MAX_BYTES,
    VexFormatError,
    as_plain,
    from_plain,
    parse_vex,
    read_vex,
)
from hygie.vocabulary.errors import HygieError, InputError, TooLargeError

if TYPE_CHECKING:
    from pathlib import Path

CPE = "cpe:2.3:a:acme:pacs:2.1:*:*:*:*:*:*:*"


@pytest.mark.parametrize(
    ("document", "identity"),
    [
        pytest.param(openvex("pkg:pypi/essai@2.1"), "pkg:pypi/essai", id="OpenVEX"),
        pytest.param(cyclonedx("pkg:pypi/essai@2.1"), "pkg:pypi/essai", id="CycloneDX"),
        pytest.param(csaf(CPE), "acme/pacs", id="CSAF"),
    ],
)
def test_each_format_tells_which_version_is_not_affected(document: bytes, identity: str) -> None:
    found = parse_vex(document, name="vex.json")

    statements = [told.statement for told in found.told if told.statement.identity == identity]
    assert [one.not_spans[0].exact for one in statements] == ["2.1"]
    assert {told.cve_id for told in found.told} == {FLAW}


def test_what_a_declaration_keeps_is_read_back_whole() -> None:
    [told] = parse_vex(openvex("pkg:pypi/essai@2.1"), name="vex.json").told

    kept = json.loads(json.dumps(as_plain(told.statement)))

    back = from_plain(kept, status="not_affected")
    assert (back.identity, back.not_spans) == (told.statement.identity, told.statement.not_spans)


def test_what_changes_no_verdict_is_left_out_and_said() -> None:
    found = parse_vex(openvex("pkg:pypi/essai@2.1", status="affected"), name="vex.json")

    assert found.told == ()
    assert [why for why, _ in found.left_out] == [
        "dit « touché » : rangez le document parmi les sources du corpus"
    ]


def test_a_component_inside_a_product_says_nothing_of_it_elsewhere() -> None:
    document = json.loads(openvex("pkg:pypi/essai@2.1"))
    product = document["statements"][0]["products"][0]
    product["subcomponents"] = [{"@id": "pkg:pypi/inside@1.0"}]

    found = parse_vex(json.dumps(document).encode(), name="vex.json")

    assert [told.statement.identity for told in found.told] == ["pkg:pypi/essai"]
    assert found.left_out == (("parle d’un composant à l’intérieur d’un produit", 1),)


@pytest.mark.parametrize("document", [b"", b"{}", b"<html>maintenance</html>", b"[1,2"])
def test_anything_else_is_refused(document: bytes) -> None:
    with pytest.raises(InputError):
        parse_vex(document, name="vex.json")


def test_a_document_of_another_format_says_what_is_read() -> None:
    with pytest.raises(VexFormatError, match="ni OpenVEX, ni CSAF, ni CycloneDX"):
        parse_vex(b'{"dataType": "CVE_RECORD"}', name="vex.json")


def test_a_file_past_the_bound_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "vex.json"
    with path.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)

    with pytest.raises(TooLargeError):
        read_vex(path)


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.json"):
        read_vex(tmp_path / "absent.json")


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(document: bytes) -> None:
    with contextlib.suppress(HygieError):
        parse_vex(document, name="vex.json")
