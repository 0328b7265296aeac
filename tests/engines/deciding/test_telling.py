from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from hygie.engines.deciding.context import (
    Context,
    Reason,
    context_from_cve,
    context_from_weakness,
)
from hygie.engines.deciding.decision import TABLES, decision_policy
from hygie.engines.deciding.telling import render_reason, render_summary
from hygie.engines.deciding.tree import decide
from hygie.vocabulary.enums import Criticality, Exploitation, Exposure, Severity
from hygie.vocabulary.facts import CveFacts

if TYPE_CHECKING:
    from hygie.referentials.section import Language

POLICY = decision_policy(on=dt.date(2026, 11, 24))
NOW = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
FLAW = CveFacts(
    cve_id="CVE-2026-0001",
    description="",
    cvss_score=9.8,
    cvss_vector="",
    epss_probability=0.943,
    kev_added_on=dt.date(2026, 10, 1),
    ransomware=True,
    exploitation=Exploitation.ACTIVE,
    technical_impact=None,
    published_on=None,
    sources=("kev",),
)
CONTEXT = context_from_cve(
    FLAW, exposed=Exposure.OPEN, criticality=Criticality.IMPORTANT, policy=POLICY
)


def summary(language: Language, zone: str = "Europe/Paris", context: Context = CONTEXT) -> str:
    tz = ZoneInfo(zone)
    answer = decide(context, POLICY, now=NOW, tz=tz)
    return render_summary(answer, language, policy=POLICY, now=NOW, tz=tz)


def test_the_summary_is_what_a_tired_reader_needs() -> None:
    assert summary("fr") == (
        "Des attaquants utilisent déjà cette faille. Elle est accessible depuis Internet. "
        "À corriger avant vendredi 18\u00a0h."
    )
    assert summary("en") == (
        "Attackers already use this flaw. It can be reached from the Internet. "
        "To be fixed before Friday 18:00."
    )


def test_overseas_a_deadline_names_its_zone() -> None:
    assert summary("fr", "Indian/Reunion").endswith(
        "avant vendredi 18\u00a0h (heure de La Réunion)."
    )
    assert summary("en", "Asia/Tokyo").endswith("before Friday 18:00 (Asia/Tokyo).")


def test_far_from_the_deadline_the_date_is_whole() -> None:
    weak = context_from_weakness(
        Severity.MODERATE, exposed=Exposure.OPEN, criticality=Criticality.VITAL
    )

    assert summary("fr", context=weak).endswith(
        "À corriger avant le lundi 7\u00a0décembre\u00a02026 à 18\u00a0h."
    )


def test_each_fact_is_told_with_its_figures() -> None:
    told = [
        render_reason(reason, "fr", policy=POLICY)
        for reason in decide(CONTEXT, POLICY, now=NOW, tz=ZoneInfo("Europe/Paris")).reasons
    ]

    assert any("1er\u00a0octobre\u00a02026" in sentence for sentence in told)
    assert any("94\u00a0%" in sentence for sentence in told)
    assert any("supposé total" in sentence for sentence in told)


def test_minutes_are_told_only_when_there_are_some() -> None:
    reason = Reason("due.this_week", {"due": "2026-11-27T03:05+01:00", "zone": "Europe/Paris"})

    assert "vendredi 3\u00a0h\u00a005" in render_reason(reason, "fr", policy=POLICY)


def test_a_code_of_another_version_is_shown_rather_than_breaking_the_page() -> None:
    assert render_reason(Reason("fact.of_the_future"), "fr", policy=POLICY) == "fact.of_the_future"


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("table", TABLES)
def test_every_decision_can_be_told_whole(table: str, language: Language) -> None:
    tz = ZoneInfo("Indian/Mayotte")
    for values in POLICY.tables[table]:
        branch = tuple(zip(TABLES[table], values, strict=True))
        answer = decide(Context(table, branch, {}), POLICY, now=NOW, tz=tz)
        told = [
            render_reason(reason, language, policy=POLICY)
            for reason in (*answer.reasons, *answer.would_change)
        ]
        told.append(render_summary(answer, language, policy=POLICY, now=NOW, tz=tz))

        assert all(sentence.endswith(".") and "{" not in sentence for sentence in told)
