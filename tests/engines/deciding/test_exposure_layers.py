from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.engines.deciding.observations import NOW, POLICY, observed, silent

from hygie.engines.deciding.exposure import exposure_policy, exposure_policy_version
from hygie.engines.deciding.exposure_layers import whole
from hygie.engines.deciding.grading import grade
from hygie.referentials.reading import load_folder, version_of
from hygie.referentials.section import ReferentialError, Section

if TYPE_CHECKING:
    from hygie.referentials.reading import Document

FOLDER = load_folder("policies")
FIRST = version_of(FOLDER, "hygie.exposure", "1.0")
SECOND = version_of(FOLDER, "hygie.exposure", "1.1")
OUTCOMES = [
    observed("dns", {"name_servers": ["ns1.example.org"], "dnssec": False, "caa": []}),
    observed("tls", {"accepted": ["TLSv1.0", "TLSv1.2"], "undetermined": []}, "www.example:443"),
    observed("udp", {"answers": True, "service": "ipmi"}, "www.example:623"),
    silent("http", "www.example:443"),
]


def layer(**content: object) -> Document:
    body = Section({"extends": "1.0", **content}, "essai.yaml")
    return replace(SECOND, version="9.9", content=body)


def ids(document: Document) -> list[str]:
    return [section.text("id") for section in whole(document, FOLDER).content.sections("rules")]


def test_a_version_that_changes_nothing_is_the_earlier_one() -> None:
    assert whole(layer(), FOLDER).content.content == FIRST.content.content
    assert whole(FIRST, FOLDER) is FIRST


def test_rules_are_added_replaced_and_withdrawn_in_their_place() -> None:
    first = FIRST.content.sections("rules")[0].content
    changed = ids(
        layer(
            adds=[{**first, "id": "dns.new"}],
            replaces=[{**first, "points": 99}],
            withdraws=["dns.no-caa"],
        )
    )

    assert changed[0] == first["id"]
    assert changed[-1] == "dns.new"
    assert set(ids(FIRST)) - set(changed) == {"dns.no-caa"}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"extends": "0.1"}, id="unknown version"),
        pytest.param({"extends": "1.1"}, id="not an earlier one"),
        pytest.param({"withdraws": ["no.rule"]}, id="withdraws nothing"),
        pytest.param({"withdraws": "dns.no-caa"}, id="not a list"),
        pytest.param({"replaces": [{"id": "no.rule"}]}, id="replaces nothing"),
        pytest.param({"adds": [{"id": "dns.no-caa"}]}, id="adds what is there"),
        pytest.param({"rulez": []}, id="misspelt"),
    ],
)
def test_a_layer_that_does_not_fit_is_refused(content: dict[str, object]) -> None:
    with pytest.raises(ReferentialError):
        whole(layer(**content), FOLDER)


def test_each_day_has_its_version() -> None:
    assert exposure_policy(on=dt.date(2026, 11, 24)).version == "1.0"
    assert exposure_policy(on=dt.date(2026, 11, 25)).version == POLICY.version


def test_an_old_grade_is_replayed_from_the_stored_facts_under_its_own_version() -> None:
    given = grade(OUTCOMES, exposure_policy_version("1.0"), now=NOW)
    replayed = grade(
        list(reversed(OUTCOMES)), exposure_policy_version(given.policy_version), now=NOW
    )

    assert replayed == given
    assert "services.udp-management" not in {point.rule_id for point in given.points}
    today = grade(OUTCOMES, POLICY, now=NOW)
    assert "services.udp-management" in {point.rule_id for point in today.points}
    assert today.policy_version != given.policy_version


def test_every_lost_point_cites_its_source() -> None:
    points = grade(OUTCOMES, POLICY, now=NOW).points

    assert points
    assert all(point.reference.title and point.facts for point in points)


def test_the_tls_guide_is_cited_by_its_numbers() -> None:
    items = {rule.reference.item for rule in POLICY.rules if "TLS" in rule.reference.title}

    for number in ("R4", "R6", "R7", "R7-", "R9", "R12", "R19", "R22", "R24", "R26", "R34", "R38"):
        assert any(number in item.replace(",", " ").split() for item in items), number
