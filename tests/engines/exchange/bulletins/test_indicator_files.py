from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.exchange.bulletins.samples import NOON

from hygie.engines.exchange.bulletins.indicator_files import read_indicators
from hygie.engines.exchange.bulletins.indicators import IndicatorKind
from hygie.vocabulary.errors import InputError


def values(document: bytes) -> list[tuple[IndicatorKind, str]]:
    found = read_indicators(document, source="essai", now=NOON)
    return [(one.kind, one.value) for one in found.indicators]


def test_a_table_says_kind_and_end_of_life() -> None:
    document = "type;valeur;until;commentaire\ndomain;evil.example;2026-12-01;C2\n;192.0.2.7;;\n"

    found = read_indicators(document.encode(), source="essai", now=NOON)

    first, second = found.indicators
    assert (first.until, first.comment) == (dt.datetime(2026, 12, 1, tzinfo=dt.UTC), "C2")
    assert (second.kind, second.until) == (IndicatorKind.IPV4, None)


def test_a_bare_list_is_a_table_of_one_column() -> None:
    assert values(b"evil.example\n192.0.2.7\n") == [
        (IndicatorKind.DOMAIN, "evil.example"),
        (IndicatorKind.IPV4, "192.0.2.7"),
    ]


def test_a_pattern_of_several_values_gives_each() -> None:
    pattern = "[domain-name:value = 'a.example' OR ipv4-addr:value = '192.0.2.1']"
    bundle = {"type": "bundle", "objects": [{"type": "indicator", "pattern": pattern}]}

    assert [value for _, value in values(json.dumps(bundle).encode())] == ["a.example", "192.0.2.1"]


@pytest.mark.parametrize(
    "pattern",
    [
        "[file:name = 'a' AND file:size = 3]",
        "[domain-name:value = 'a.example'] FOLLOWEDBY [url:value = 'http://b.example']",
        "[process:pid > 3]",
        "rule x { condition: true }",
    ],
)
def test_a_pattern_that_says_more_is_told_not_cut(pattern: str) -> None:
    bundle = {"type": "bundle", "objects": [{"type": "indicator", "pattern": pattern}]}

    found = read_indicators(json.dumps(bundle).encode(), source="essai", now=NOON)

    assert not found.indicators
    assert len(found.left_out) == 1


def test_one_value_is_kept_once_and_an_unknown_kind_is_told() -> None:
    event = {
        "Attribute": [
            {"type": "ip-dst", "value": "192.0.2.1"},
            {"type": "ip-src", "value": "192.0.2.1"},
            {"type": "yara", "value": "rule x"},
        ],
        "Object": [{"Attribute": [{"type": "sha256", "value": "A" * 64}]}],
    }

    found = read_indicators(json.dumps({"Event": event}).encode(), source="essai", now=NOON)

    assert [one.value for one in found.indicators] == ["192.0.2.1", "a" * 64]
    assert found.left_out == ["« rule x » : type d’indicateur non reconnu"]


@pytest.mark.parametrize("document", [b"{}", b'{"type": "bundle"', b"a;b\n1;2\n", b"[1]\x00"])
def test_anything_else_is_refused(document: bytes) -> None:
    with pytest.raises(InputError):
        read_indicators(document, source="essai", now=NOON)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "objects", "pattern", "Event", "Attribute", "value", "valid_from"]
            )
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.fixed_dictionaries({"type": st.just("bundle"), "objects": JSON}))
def test_any_bundle_is_read_or_refused(bundle: dict[str, object]) -> None:
    read_indicators(json.dumps(bundle).encode(), source="essai", now=NOON)


@given(JSON)
def test_any_event_is_read_or_refused(event: object) -> None:
    try:
        read_indicators(json.dumps({"Event": event}).encode(), source="essai", now=NOON)
    except InputError:
        return


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(document: bytes) -> None:
    try:
        read_indicators(document, source="essai", now=NOON)
    except InputError:
        return
