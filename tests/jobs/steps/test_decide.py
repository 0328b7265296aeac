"""Each factor of a decision, from what the round stores to what the finding says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.domain.places import NOW

from hygie.domain.estate.models import Asset
from hygie.domain.findings.models import Finding, Origin
from hygie.domain.rounds.models import Step
from hygie.domain.veille.models import Cve
from hygie.jobs.steps.decide import Decide
from hygie.vocabulary.enums import Criticality

if TYPE_CHECKING:
    from collections.abc import Callable

    from hygie.domain.rounds.models import Item
    from hygie.domain.territory.models import Node
    from hygie.jobs.workbench import Workbench

pytestmark = pytest.mark.django_db

FLAW = "CVE-2099-0001"
PARTIAL = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:L"
TOTAL = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"


def flaw(
    site: Node,
    *,
    criticality: str = Criticality.SUPPORT,
    exposed: bool = False,
    **cve: object,
) -> Finding:
    Cve.objects.create(cve_id=FLAW, **({"cvss_vector": PARTIAL} | cve))
    asset = Asset.objects.create(
        node=site, kind="device", name="Passerelle", criticality=criticality, added_at=NOW
    )
    return Finding.objects.create(
        node=site,
        identity="x",
        origin=Origin.VULNERABILITY,
        cve_id=FLAW,
        subject="Passerelle",
        asset=asset,
        title=FLAW,
        severity="major",
        facts={"exposed": exposed},
        first_seen_at=NOW,
        last_seen_at=NOW,
        last_reached_at=NOW,
    )


BASE: dict[str, object] = {
    "exploitation": "none",
    "exposure": "unknown",
    "technical_impact": "partial",
    "criticality": "support",
}


@pytest.mark.parametrize(
    ("facts", "factor", "value", "reason"),
    [
        pytest.param({}, "exploitation", "none", "fact.no_exploitation", id="nothing known"),
        pytest.param({"kev_added_on": NOW.date()}, "exploitation", "active", "fact.kev", id="KEV"),
        pytest.param(
            {"epss_probability": 0.9}, "exploitation", "active", "fact.epss_active", id="EPSS high"
        ),
        pytest.param(
            {"epss_probability": 0.2}, "exploitation", "poc", "fact.epss_poc", id="EPSS middle"
        ),
        pytest.param({"exploitation": "poc"}, "exploitation", "poc", "fact.stated_poc", id="SSVC"),
        pytest.param({"exposed": True}, "exposure", "open", "exposure.open", id="exposure"),
        pytest.param(
            {"cvss_vector": TOTAL}, "technical_impact", "total", "fact.impact_from_cvss", id="CVSS"
        ),
        pytest.param(
            {"technical_impact": "total"},
            "technical_impact",
            "total",
            "technical_impact.total",
            id="SSVC impact",
        ),
        pytest.param(
            {"criticality": Criticality.VITAL},
            "criticality",
            "vital",
            "criticality.vital",
            id="criticality",
        ),
    ],
)
def test_each_factor_reaches_the_decision_and_its_reasons(
    facts: dict[str, object],
    factor: str,
    value: str,
    reason: str,
    site: Node,
    item_of: Callable[[Step], Item],
    bench: Workbench,
) -> None:
    finding = flaw(site, **facts)  # type: ignore[arg-type]

    Decide().write(item_of(Step.DECIDE), None, bench)

    finding.refresh_from_db()
    assert dict(finding.branch) == BASE | {factor: value}
    assert reason in {one["code"] for one in finding.reasons}
    assert finding.due_at is not None


def test_the_worst_of_all_is_due_within_two_days_and_the_least_can_wait(
    site: Node, item_of: Callable[[Step], Item], bench: Workbench
) -> None:
    worst = flaw(
        site,
        criticality=Criticality.VITAL,
        exposed=True,
        cvss_vector=TOTAL,
        kev_added_on=NOW.date(),
    )

    Decide().write(item_of(Step.DECIDE), None, bench)

    worst.refresh_from_db()
    assert worst.decision == "act"
    assert worst.due_at is not None
    assert (worst.due_at - NOW).total_seconds() <= 48 * 3600
