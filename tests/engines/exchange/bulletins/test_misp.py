from __future__ import annotations

import hashlib
import json

from pymisp import MISPEvent
from tests.engines.exchange.bulletins.samples import INDICATORS, NOON, bulletin

from hygie.engines.exchange.bulletins.indicator_files import read_indicators
from hygie.engines.exchange.bulletins.misp import (
    event_uuid,
    write_misp,
    write_misp_hashes,
    write_misp_manifest,
)
from hygie.vocabulary.tlp import Tlp


def test_the_reference_library_loads_the_event() -> None:
    event = MISPEvent(strict_validation=True)
    event.load(json.loads(write_misp(bulletin())))

    assert event.info == "ESSAI-2026-ALE-001 : Faille exploitée dans Passerelle"
    assert str(event.uuid) == event_uuid(bulletin())
    assert [tag.name for tag in event.tags] == ["tlp:green"]
    watched = [one for one in event.attributes if one.to_ids]
    assert [one.value for one in watched] == [one.value for one in INDICATORS]
    assert {one.value for one in event.attributes if one.type == "vulnerability"} == {
        "CVE-2026-99901",
        "CVE-2026-99902",
    }


def test_a_withdrawn_bulletin_asks_nobody_to_look() -> None:
    event = json.loads(write_misp(bulletin(withdrawn=True)))["Event"]

    assert not any(one["to_ids"] for one in event["Attribute"])


def test_strict_amber_keeps_its_name() -> None:
    event = json.loads(write_misp(bulletin(tlp=Tlp.AMBER_STRICT)))["Event"]

    assert [tag["name"] for tag in event["Tag"]] == ["tlp:amber+strict"]


def test_its_indicators_are_read_again_the_same() -> None:
    found = read_indicators(write_misp(bulletin()), source="essai", now=NOON)

    assert not found.left_out
    assert [(one.kind, one.value) for one in found.indicators] == [
        (one.kind, one.value) for one in INDICATORS
    ]


def test_the_feed_lists_each_event_and_hashes_each_value() -> None:
    manifest = json.loads(write_misp_manifest([bulletin()]))
    lines = write_misp_hashes([bulletin()]).decode().splitlines()

    assert list(manifest) == [event_uuid(bulletin())]
    assert manifest[event_uuid(bulletin())]["date"] == "2026-11-20"
    digest = hashlib.md5(b"192.0.2.7", usedforsecurity=False).hexdigest()
    assert lines[0] == f"{digest},{event_uuid(bulletin())}"
    assert len(lines) == len(INDICATORS)
