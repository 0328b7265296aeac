from __future__ import annotations

import json

import pytest
import stix2validator
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.exchange.bulletins.samples import INDICATORS, NOON, bulletin

from hygie.engines.exchange.bulletins.indicator_files import read_indicators
from hygie.engines.exchange.bulletins.indicators import Indicator, IndicatorKind
from hygie.engines.exchange.bulletins.stix import TLP_MARKINGS, pattern_of, write_stix
from hygie.vocabulary.tlp import Tlp


def errors_of(document: bytes) -> list[str]:
    """Return what the independent validator of OASIS finds wrong."""
    options = stix2validator.ValidationOptions(version="2.1")
    result = stix2validator.validate_string(document.decode(), options)
    return [str(error) for error in result.errors]


@pytest.mark.parametrize(
    "changed",
    [{}, {"withdrawn": True}, {"flaws": ()}, {"actions": (), "indicators": (), "flaws": ()}],
)
def test_an_independent_validator_accepts_the_bundle(changed: dict[str, object]) -> None:
    assert errors_of(write_stix(bulletin(**changed))) == []


def test_the_validator_would_see_a_mistake() -> None:
    bundle = json.loads(write_stix(bulletin()))
    bundle["objects"][-1]["published"] = "hier"

    assert errors_of(json.dumps(bundle).encode())


@pytest.mark.parametrize("tlp", list(Tlp))
def test_everything_said_carries_its_label(tlp: Tlp) -> None:
    bundle = json.loads(write_stix(bulletin(tlp=tlp)))

    said = [
        one for one in bundle["objects"] if one["type"] not in ("identity", "marking-definition")
    ]
    assert said
    assert all(one["object_marking_refs"] == [TLP_MARKINGS[tlp]] for one in said)
    assert TLP_MARKINGS[tlp] in {one["id"] for one in bundle["objects"]}


def test_a_revision_is_the_same_objects_modified() -> None:
    first = json.loads(write_stix(bulletin(revisions=bulletin().revisions[:1])))
    second = json.loads(write_stix(bulletin()))

    assert [one["id"] for one in first["objects"]] == [one["id"] for one in second["objects"]]
    assert first["objects"][-1]["modified"] < second["objects"][-1]["modified"]


def test_its_indicators_are_read_again_the_same() -> None:
    found = read_indicators(write_stix(bulletin()), source="essai", now=NOON)

    assert not found.left_out
    assert [(one.kind, one.value, one.until) for one in found.indicators] == [
        (one.kind, one.value, one.until) for one in INDICATORS
    ]


@given(st.text(alphabet=st.characters(exclude_categories=["C"]), min_size=1, max_size=60))
def test_any_file_name_survives_its_pattern(name: str) -> None:
    pattern = pattern_of(Indicator(IndicatorKind.FILENAME, name.strip() or "a", NOON))
    bundle = {"type": "bundle", "objects": [{"type": "indicator", "pattern": pattern}]}

    found = read_indicators(json.dumps(bundle).encode(), source="essai", now=NOON)

    assert [one.value for one in found.indicators] in ([name.strip() or "a"], []) or found.left_out
