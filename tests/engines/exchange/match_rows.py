"""Invented matching results."""

from __future__ import annotations

import datetime as dt

from hygie.vocabulary.enums import Exploitation, TechnicalImpact, VerdictStatus
from hygie.vocabulary.facts import Component, CveFacts, MatchRow, Verdict

NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
GATEWAY = Component(
    "passerelle-exemple", "12.1", purl="pkg:generic/passerelle-exemple@12.1", kind="firmware"
)
LIBRARY = Component("bibliotheque-exemple", "2.0", vendor="Exemple SA", ref="lib")
EXPLOITED = CveFacts(
    cve_id="CVE-2099-0001",
    description="Lecture hors limites",
    cvss_score=9.4,
    cvss_vector="CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:L",
    epss_probability=0.94,
    kev_added_on=dt.date(2099, 1, 2),
    ransomware=True,
    exploitation=Exploitation.ACTIVE,
    technical_impact=TechnicalImpact.TOTAL,
    published_on=dt.date(2099, 1, 1),
    sources=("nvd",),
)
QUIET = CveFacts(
    cve_id="CVE-2099-0002",
    description="",
    cvss_score=3.1,
    cvss_vector="AV:N/AC:H/Au:N/C:P/I:N/A:N",
    epss_probability=None,
    kev_added_on=None,
    ransomware=None,
    exploitation=Exploitation.NONE,
    technical_impact=None,
    published_on=None,
    sources=("nvd",),
)


def row(
    component: Component,
    status: VerdictStatus,
    facts: CveFacts | None,
    *,
    cve_id: str = "CVE-2099-0003",
    fixed_in: str = "",
) -> MatchRow:
    """Return a row; the CVE is that of the facts when there are some."""
    cve_id = facts.cve_id if facts else cve_id
    verdict = Verdict(
        cve_id, status, f"raison {status.value}", "exemple/x", "", "nvd", fixed_in=fixed_in
    )
    return MatchRow(component, verdict, facts)


ROWS = (
    row(GATEWAY, VerdictStatus.AFFECTED, EXPLOITED, fixed_in="12.2"),
    row(LIBRARY, VerdictStatus.NOT_AFFECTED, EXPLOITED, fixed_in="1.9"),
    row(LIBRARY, VerdictStatus.AFFECTED, QUIET),
    row(Component("sans-version"), VerdictStatus.UNKNOWN, None),
)
