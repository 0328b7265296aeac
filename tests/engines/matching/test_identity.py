from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.corpus.records_of import any_of, line, matches
from tests.engines.matching.inventories import Bench

from hygie.engines.matching.aliases import AliasError, packaged_aliases, parse_aliases
from hygie.engines.matching.columns import CorpusColumns
from hygie.engines.matching.ecosystems import upstream_version
from hygie.engines.matching.identity import compatible
from hygie.engines.matching.matcher import Matcher
from hygie.engines.matching.reasons import SOURCE_NAMES
from hygie.vocabulary.facts import Component

NODE = "*:*:*:*:node.js:*:*"
WORDPRESS = "*:*:*:*:wordpress:*:*"


def name(vendor: str, product: str, rest: str = "*:*:*:*:*:*:*") -> str:
    return f"cpe:2.3:a:{vendor}:{product}:*:{rest}"


CORPUS = Bench(
    line(
        "CVE-2024-0001",
        configurations=[
            any_of(
                matches(name("tar_project", "tar", NODE)),
                matches(name("gnu", "tar")),
                matches(name("debug_project", "debug", WORDPRESS)),
                matches(name("google", "guava")),
                matches(name("openssl", "openssl")),
                matches(name("someone", "openssl")),
                matches(name("fortinet", "fortios")),
                matches(name("acme", "big_box")),
                matches(name("other", "big_box")),
                matches(name("acme", "unique-thing")),
                matches(name("citrix", "netscaler_adc")),
                matches(name("citrix", "delivery_controller")),
                matches(name("acme", "netscaler_adc")),
            )
        ],
    ),
    line(
        "CVE-2024-0002",
        affected=[
            {
                "vendor": "Acme",
                "product": "Left Pad",
                "collectionURL": "https://registry.npmjs.org",
                "packageName": "@acme/left-pad",
                "versions": [{"version": "< 2.0.0", "status": "affected"}],
            }
        ],
    ),
    aliases={
        "fortigate": ("fortinet/fortios",),
        "netscaler_adc": ("citrix/delivery_controller",),
        "acme/big_box": ("other/big_box",),
        "deb:libssl-*": ("openssl/openssl",),
    },
)


def found(component: Component) -> list[tuple[str, float]]:
    return [(v.product, v.confidence) for v in CORPUS.verdicts(component)]


def every(component: Component) -> dict[str, float]:
    """Every product it may be, where a verdict names the surest only."""
    text = CORPUS.matcher.columns.identity.text
    places = CORPUS.matcher.places(component)
    return {text(p.candidate.product): p.candidate.confidence for p in places}


def test_a_product_is_also_what_its_alias_names() -> None:
    assert every(Component("NetScaler ADC", "13", vendor="Citrix")) == {
        "citrix/netscaler_adc": 0.9,
        "citrix/delivery_controller": 0.85,
    }
    assert every(Component("Big Box", "1", vendor="Acme")) == {
        "acme/big_box": 0.9,
        "other/big_box": 0.85,
    }


def test_an_alias_without_vendor_is_not_that_of_another_vendor() -> None:
    assert every(Component("NetScaler ADC", "13", vendor="Acme")) == {"acme/netscaler_adc": 0.9}


@pytest.mark.parametrize(
    ("component", "expected"),
    [
        pytest.param(
            Component("left-pad", "1.0.0", purl="pkg:npm/%40acme/left-pad@1.0.0"),
            [("pkg:npm/@acme/left-pad", 1.0)],
            id="a purl that the corpus states",
        ),
        pytest.param(
            Component("tar", "1.0", purl="pkg:npm/tar@1.0"),
            [("tar_project/tar", 0.9)],
            id="the ecosystem tells homonyms apart",
        ),
        pytest.param(
            Component("debug", "1.0", purl="pkg:npm/debug@1.0"),
            [],
            id="a plug-in of another platform",
        ),
        pytest.param(
            Component("guava", "1.0", purl="pkg:maven/com.google.guava/guava@1.0"),
            [("google/guava", 0.8)],
            id="the namespace names the vendor",
        ),
        pytest.param(
            Component("openssl", "1.0-1", purl="pkg:deb/debian/openssl@1.0-1"),
            [("openssl/openssl", 0.8)],
            id="the vendor named as its product",
        ),
        pytest.param(
            Component("libssl-dev", "1.0-1", purl="pkg:deb/debian/libssl-dev@1.0-1"),
            [("openssl/openssl", 0.85)],
            id="a family of packages",
        ),
        pytest.param(Component("FortiGate", "7.0"), [("fortinet/fortios", 0.85)], id="an alias"),
        pytest.param(
            Component("Big Box", "1.0", vendor="ACME"),
            [("acme/big_box", 0.9)],
            id="vendor and name",
        ),
        pytest.param(
            Component("Unique Thing", "1.0"),
            [("acme/unique-thing", 0.6)],
            id="a blank may be a hyphen",
        ),
        pytest.param(
            Component("unique_thing", "1.0"),
            [("acme/unique-thing", 0.6)],
            id="a name of one vendor",
        ),
        pytest.param(Component("Big Box", "1.0"), [], id="an ambiguous name is no identity"),
        pytest.param(Component("guava", "1.0", vendor="Nobody"), [], id="another vendor's homonym"),
        pytest.param(Component("x", "1", cpe="broken", purl="broken"), [], id="broken identifiers"),
    ],
)
def test_a_component_is_recognised_with_a_stated_confidence(
    component: Component, expected: list[tuple[str, float]]
) -> None:
    assert found(component) == expected


@pytest.mark.parametrize(
    ("attributes", "traits", "agrees"),
    [
        ("*:*:*:*:*:*", ("*",) * 6, True),
        ("*:*:*:node.js:*:*", ("*", "*", "*", "purl:npm", "*", "*"), True),
        ("*:*:*:python:*:*", ("*", "*", "*", "purl:npm", "*", "*"), False),
        ("*:*:*:iphone_os:*:*", ("*", "*", "*", "purl:deb", "*", "*"), False),
        ("*:*:*:linux:*:*", ("*", "*", "*", "purl:deb", "*", "*"), True),
        ("*:*:*:-:*:*", ("*", "*", "*", "purl:deb", "*", "*"), True),
        ("*:*:lts:*:*:*", ("*", "*", "lts", "*", "*", "*"), True),
        ("*:*:lts:*:*:*", ("*", "*", "standard", "*", "*", "*"), False),
    ],
)
def test_attributes_agree_unless_they_are_disjoint(
    attributes: str,
    traits: tuple[str, ...],
    agrees: bool,  # noqa: FBT001 - expected value
) -> None:
    assert compatible(attributes, traits) is agrees


@pytest.mark.parametrize(
    ("version", "kind", "upstream"),
    [
        ("1:1.18.0-6+deb11u3", "deb", "1.18.0"),
        ("2.36", "deb", "2.36"),
        ("1.12.10+dfsg-1", "deb", "1.12.10"),
        ("5.14.0-362.el9", "rpm", "5.14.0"),
        ("3.1.4-r5", "apk", "3.1.4"),
        ("2.0b2", "pypi", "2.0-beta2"),
        ("4.17.21", "npm", "4.17.21"),
    ],
)
def test_a_package_version_is_read_as_upstream_wrote_it(
    version: str, kind: str, upstream: str
) -> None:
    assert upstream_version(version, kind) == upstream


def test_the_packaged_aliases_are_sound() -> None:
    aliases = packaged_aliases()

    assert aliases["fortigate"] == ("fortinet/fortios",)
    assert "deb:linux-image-*" in aliases


@pytest.mark.parametrize(
    "document",
    [b"\xff", b"{", b"x: 1", b"- 3", b"- identity: nobody", b"- {identity: a/b, names: x}"],
)
def test_malformed_aliases_are_refused(document: bytes) -> None:
    with pytest.raises(AliasError):
        parse_aliases(document, source="aliases.yaml")


TEXT = st.text(max_size=12)


@settings(max_examples=200)
@given(TEXT, TEXT, TEXT, TEXT.map(lambda t: f"pkg:npm/{t}"), TEXT.map(lambda t: f"cpe:/a:{t}"))
def test_any_component_is_matched_without_failing(
    product: str, version: str, vendor: str, purl: str, cpe: str
) -> None:
    for component in (
        Component(product, version, vendor=vendor),
        Component(product, version, purl=purl, cpe=cpe),
    ):
        CORPUS.verdicts(component)


def test_columns_are_read_in_place() -> None:
    columns = CORPUS.matcher.columns

    assert isinstance(CORPUS.matcher, Matcher)
    assert isinstance(columns, CorpusColumns)
    assert columns.identity.text(0).encode() == columns.identity.raw(0)
    assert len(columns.identity) == len(columns.product_hash)
    assert SOURCE_NAMES["nvd"] == "NVD"
