from __future__ import annotations

import json
from typing import Any

import pytest
from tests.engines.exchange.match_rows import EXPLOITED, GATEWAY, LIBRARY, NOW, ROWS, row

from hygie.engines.exchange.sbom import parse_sbom
from hygie.engines.exchange.vex import component_refs, severity_of, write_cyclonedx_vex
from hygie.vocabulary.enums import VerdictStatus
from hygie.vocabulary.facts import Component


def written() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(write_cyclonedx_vex(ROWS, now=NOW))
    return document


def test_a_known_exploited_flaw_is_exploitable_with_its_update() -> None:
    exploitable = written()["vulnerabilities"][0]

    assert exploitable["id"] == "CVE-2099-0001"
    assert exploitable["analysis"] == {
        "state": "exploitable",
        "response": ["update"],
        "detail": "raison affected",
    }
    assert exploitable["recommendation"] == "Mettre à jour : 12.2"
    assert exploitable["affects"] == [
        {"ref": GATEWAY.purl, "versions": [{"version": "12.1", "status": "affected"}]}
    ]
    assert exploitable["ratings"] == [
        {
            "score": 9.4,
            "severity": "critical",
            "method": "CVSSv31",
            "vector": EXPLOITED.cvss_vector,
        }
    ]
    assert exploitable["published"] == "2099-01-01T00:00:00Z"


def test_the_other_verdicts_claim_no_more_than_they_know() -> None:
    _, unaffected, triage, unknown = written()["vulnerabilities"]

    assert unaffected["id"] == "CVE-2099-0001"
    assert unaffected["analysis"]["state"] == "not_affected"
    assert unaffected["affects"][0]["versions"][0]["status"] == "unaffected"
    assert "recommendation" not in unaffected
    assert triage["analysis"]["state"] == "in_triage"
    assert triage["affects"][0]["versions"][0]["status"] == "affected"
    assert triage["ratings"][0]["method"] == "CVSSv2"
    assert unknown["analysis"]["state"] == "in_triage"
    assert unknown["affects"] == [{"ref": "sans-version@"}]


def test_every_reference_resolves_and_none_stands_twice() -> None:
    document = written()

    components = [component["bom-ref"] for component in document["components"]]
    vulnerabilities = [item["bom-ref"] for item in document["vulnerabilities"]]
    affected = {item["ref"] for each in document["vulnerabilities"] for item in each["affects"]}
    assert affected == set(components)
    assert len({*components, *vulnerabilities}) == len(components) + len(vulnerabilities)


def test_the_same_rows_at_the_same_time_give_the_same_bytes() -> None:
    assert write_cyclonedx_vex(ROWS, now=NOW) == write_cyclonedx_vex(ROWS, now=NOW)
    assert write_cyclonedx_vex(ROWS[:1], now=NOW) != write_cyclonedx_vex(ROWS, now=NOW)


def test_what_is_written_reads_back_as_an_inventory() -> None:
    sbom = parse_sbom(write_cyclonedx_vex(ROWS, now=NOW), source="vex.json")

    assert [component.name for component in sbom.components] == [
        "passerelle-exemple",
        "bibliotheque-exemple",
        "sans-version",
    ]
    assert sbom.created_at == NOW


def test_a_component_is_named_once_even_when_matched_twice() -> None:
    twice = row(LIBRARY, VerdictStatus.AFFECTED, EXPLOITED)

    document = json.loads(write_cyclonedx_vex([twice, twice], now=NOW))

    assert len(document["vulnerabilities"][0]["affects"]) == 1


def test_components_that_share_a_reference_are_told_apart() -> None:
    components = [Component("a", ref="r"), Component("b", ref="r"), Component("c", ref="r")]

    assert list(component_refs(components).values()) == ["r", "r#2", "r#3"]


@pytest.mark.parametrize(
    ("score", "word"),
    [(10, "critical"), (9, "critical"), (7, "high"), (4, "medium"), (0.1, "low"), (0, "none")],
)
def test_a_score_has_its_word(score: float, word: str) -> None:
    assert severity_of(score) == word
