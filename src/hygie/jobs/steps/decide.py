"""Decide: what the published policy says of every weakness still there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hygie.domain.findings.deciding import Ruling, apply_rulings
from hygie.domain.findings.models import Origin
from hygie.domain.veille.actions import facts_of
from hygie.domain.veille.models import Cve
from hygie.engines.clocks.holidays import holidays_of
from hygie.engines.deciding.context import context_from_cve, context_from_weakness
from hygie.engines.deciding.tree import decide
from hygie.engines.exchange.scans.cells import is_public
from hygie.engines.exchange.scans.shodan import TOOL as SHODAN
from hygie.jobs.steps.step import WriteOnly
from hygie.jobs.uses import criticality_of
from hygie.vocabulary.enums import Decision, Exposure, Severity
from hygie.vocabulary.subjects import host_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygie.domain.findings.models import Finding
    from hygie.domain.rounds.models import Item
    from hygie.engines.deciding.context import Context, Reason
    from hygie.engines.deciding.tree import Decided
    from hygie.jobs.workbench import Workbench


class Decide(WriteOnly):
    """The same facts and the same policy give the same decision."""

    def write(self, item: Item, gathered: None, bench: Workbench) -> dict[str, int]:  # noqa: ARG002 - StepWork's signature
        """Decide the live findings of one establishment."""
        now, zone = bench.clock(), ZoneInfo(item.node.time_zone)
        policy = bench.decision_policy
        holidays = holidays_of(item.node.department, commune=item.node.commune_insee)
        known = Cve.objects.in_bulk(
            item.node.findings.exclude(cve_id="").values_list("cve_id", flat=True)
        )

        def context(finding: Finding) -> Context:
            criticality = criticality_of(finding.asset)
            if finding.origin == Origin.EXPOSURE:
                return context_from_weakness(
                    Severity(finding.severity), exposed=Exposure.OPEN, criticality=criticality
                )
            if finding.origin == Origin.SCAN:
                return context_from_weakness(
                    Severity(finding.severity), exposed=_seen_from(finding), criticality=criticality
                )
            exposed = Exposure.OPEN if finding.facts.get("exposed") else Exposure.UNKNOWN
            facts = facts_of(known[finding.cve_id])
            return context_from_cve(facts, exposed=exposed, criticality=criticality, policy=policy)

        return apply_rulings(
            item.node,
            lambda finding: ruling(
                decide(context(finding), policy, now=now, tz=zone, holidays=holidays)
            ),
            today=now.astimezone(zone).date(),
            now=now,
        )


def _seen_from(finding: Finding) -> Exposure:
    """Return from where a weakness that another tool found can be reached, when that is known."""
    outside = is_public(host_of(finding.subject)) or finding.probe == SHODAN
    return Exposure.OPEN if outside else Exposure.UNKNOWN


def ruling(decided: Decided) -> Ruling:
    """Return a decision as the plain values that a finding keeps."""
    return Ruling(
        decision=decided.decision,
        due_at=decided.due_at,
        branch=[[criterion, value] for criterion, value in decided.branch],
        reasons=_plain(decided.reasons),
        would_change=_plain(decided.would_change),
        policy_version=f"{decided.policy_id} {decided.policy_version}",
        rank=tuple(Decision).index(decided.decision) * 100 + decided.rank,
    )


def _plain(reasons: Sequence[Reason]) -> list[dict[str, object]]:
    return [{"code": reason.code, "params": dict(reason.params)} for reason in reasons]
