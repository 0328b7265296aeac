from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.engines.corpus.formats.vers import read_range
from hygie.engines.exchange.bulletins.csaf_products import ProductTree, as_vers
from hygie.engines.exchange.bulletins.document import AffectedProduct, VersionRange


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (VersionRange("1", "2"), "vers:generic/>=1|<2"),
        (VersionRange("1", start_included=False), "vers:generic/>1"),
        (VersionRange(end="2 b", end_included=True), "vers:generic/<=2%20b"),
        (VersionRange(), "vers:all/*"),
        (None, "vers:all/*"),
    ],
)
def test_a_range_is_written_as_vers(span: VersionRange | None, text: str) -> None:
    assert as_vers(span) == text


@given(st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3}){0,3}(-[a-z0-9]{1,4})?", fullmatch=True))
def test_a_version_survives_its_range(version: str) -> None:
    _, [span] = read_range(as_vers(VersionRange(end=version)))

    assert span.end == version


def test_two_same_products_are_one_branch() -> None:
    product = AffectedProduct("Acme", "Gate", (VersionRange("1", "1"),))

    tree = ProductTree([product, product])

    [vendor] = tree.as_json()["branches"]
    assert len(vendor["branches"][0]["branches"]) == 1
    assert len(tree.affected) == 1


def test_the_name_of_a_fixed_version_bears_it() -> None:
    cpe = "cpe:2.3:a:acme:gate:*:*:*:*:*:*:*:*"
    tree = ProductTree([AffectedProduct("Acme", "Gate", (), ("2.4+b",), cpe)])

    leaf = tree.as_json()["branches"][0]["branches"][0]["branches"][1]["product"]
    assert leaf["product_identification_helper"]["cpe"].split(":")[5] == "2.4\\+b"
    assert tree.fixed == [leaf["product_id"]]
