from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.engines.deciding.context import Context, context_from_cve, context_from_weakness
from hygie.engines.deciding.decision import CRITERIA, decision_policy
from hygie.vocabulary.enums import (
    Criticality,
    Exploitation,
    Exposure,
    Severity,
    TechnicalImpact,
)
from hygie.vocabulary.facts import CveFacts

POLICY = decision_policy(on=dt.date(2026, 11, 24))
QUIET = CveFacts(
    cve_id="CVE-2026-0001",
    description="",
    cvss_score=5.3,
    cvss_vector="CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N",
    epss_probability=0.01,
    kev_added_on=None,
    ransomware=None,
    exploitation=Exploitation.NONE,
    technical_impact=None,
    published_on=None,
    sources=("nvd",),
)
LISTED = dt.date(2026, 10, 1)


def context(**changes: object) -> Context:
    facts = replace(QUIET, **changes)  # type: ignore[arg-type]  # any field of CveFacts
    return context_from_cve(
        facts, exposed=Exposure.OPEN, criticality=Criticality.VITAL, policy=POLICY
    )


@pytest.mark.parametrize(
    ("changes", "value", "codes"),
    [
        ({}, "none", ["fact.no_exploitation"]),
        ({"epss_probability": None}, "none", ["fact.no_exploitation"]),
        ({"kev_added_on": LISTED}, "active", ["fact.kev"]),
        ({"kev_added_on": LISTED, "ransomware": True}, "active", ["fact.kev_ransomware"]),
        ({"exploitation": Exploitation.ACTIVE}, "active", ["fact.stated_active"]),
        ({"exploitation": Exploitation.POC}, "poc", ["fact.stated_poc"]),
        ({"epss_probability": 0.1}, "poc", ["fact.epss_poc"]),
        ({"epss_probability": 0.7}, "active", ["fact.epss_active"]),
        (
            {"exploitation": Exploitation.POC, "epss_probability": 0.9},
            "active",
            ["fact.stated_poc", "fact.epss_active"],
        ),
        (
            {"kev_added_on": LISTED, "epss_probability": 0.2},
            "active",
            ["fact.kev", "fact.epss_poc"],
        ),
    ],
)
def test_exploitation_is_the_worst_that_a_source_says(
    changes: dict[str, object], value: str, codes: list[str]
) -> None:
    found = context(**changes)

    assert found.branch[0] == ("exploitation", value)
    assert [reason.code for reason in found.grounds["exploitation"]] == codes


@pytest.mark.parametrize(
    ("changes", "value", "codes"),
    [
        ({}, "partial", ["fact.impact_from_cvss"]),
        ({"technical_impact": TechnicalImpact.TOTAL}, "total", []),
        ({"cvss_vector": ""}, "total", ["fact.impact_assumed"]),
        ({"cvss_vector": "nonsense"}, "total", ["fact.impact_assumed"]),
    ],
)
def test_an_unknown_impact_is_assumed_total_and_said_to_be(
    changes: dict[str, object], value: str, codes: list[str]
) -> None:
    found = context(**changes)

    assert found.branch[2] == ("technical_impact", value)
    assert [reason.code for reason in found.grounds["technical_impact"]] == codes


def test_a_prediction_is_not_told_as_a_fact() -> None:
    predicted, listed = context(epss_probability=0.9), context(kev_added_on=LISTED)

    assert predicted.told("exploitation", "active").code == "exploitation.active_predicted"
    assert listed.told("exploitation", "active").code == "exploitation.active"
    assert {"exploitation.active_predicted", "exploitation.poc_predicted"} <= set(POLICY.texts)


def test_a_proof_below_a_prediction_still_tells_the_prediction() -> None:
    mixed = context(exploitation=Exploitation.POC, epss_probability=0.9)

    assert mixed.told("exploitation", "active").code == "exploitation.active_predicted"


def test_a_weakness_is_decided_on_three_criteria() -> None:
    found = context_from_weakness(
        Severity.MAJOR, exposed=Exposure.SMALL, criticality=Criticality.SUPPORT
    )

    assert found.table == "weakness"
    assert found.branch == (
        ("severity", "major"),
        ("exposure", "small"),
        ("criticality", "support"),
    )


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_prediction_never_lowers_exploitation(one: float, other: float) -> None:
    order = CRITERIA["exploitation"]
    low, high = (
        order.index(context(epss_probability=share).branch[0][1]) for share in sorted((one, other))
    )

    assert high <= low
