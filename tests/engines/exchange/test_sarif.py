from __future__ import annotations

import json
from typing import Any

from tests.engines.exchange.match_rows import GATEWAY, NOW, ROWS, row

from hygie.engines.exchange.sarif import write_sarif
from hygie.vocabulary.enums import VerdictStatus


def run() -> dict[str, Any]:
    log: dict[str, Any] = json.loads(write_sarif(ROWS, now=NOW, tool_version="0.1.0"))
    assert log["version"] == "2.1.0"
    [only] = log["runs"]
    assert isinstance(only, dict)
    return only


def test_kind_says_what_was_found_and_level_how_bad() -> None:
    said = [(result["kind"], result["level"]) for result in run()["results"]]

    assert said == [("fail", "error"), ("pass", "none"), ("fail", "note"), ("review", "none")]


def test_without_a_score_an_affected_component_is_a_warning() -> None:
    log = json.loads(
        write_sarif([row(GATEWAY, VerdictStatus.AFFECTED, None)], now=NOW, tool_version="0.1.0")
    )

    assert log["runs"][0]["results"][0]["level"] == "warning"


def test_each_cve_is_one_rule_and_each_result_points_to_its_own() -> None:
    only = run()

    rules = only["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["CVE-2099-0001", "CVE-2099-0002", "CVE-2099-0003"]
    assert rules[0]["properties"] == {
        "tags": ["security", "vulnerability", "exploited"],
        "security-severity": "9.4",
    }
    for result in only["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_the_reason_and_the_component_are_in_the_result() -> None:
    first = run()["results"][0]

    assert first["message"]["text"] == "passerelle-exemple 12.1 : raison affected"
    assert first["locations"][0]["logicalLocations"][0] == {
        "name": "passerelle-exemple",
        "fullyQualifiedName": GATEWAY.purl,
        "kind": "module",
    }
    assert first["properties"]["fixedIn"] == "12.2"


def test_results_are_recognised_from_one_log_to_the_next() -> None:
    prints = [result["partialFingerprints"]["hygieMatch/v1"] for result in run()["results"]]

    assert len(set(prints)) == len(prints)
    assert write_sarif(ROWS, now=NOW, tool_version="1") == write_sarif(
        ROWS, now=NOW, tool_version="1"
    )
