"""Reconcile: what this round saw at an establishment, against the findings known there."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hygie.domain.findings.models import Origin
from hygie.domain.findings.reconcile import Outcome, Seen, reconcile
from hygie.domain.surveillance.actions import GradeReport, record_grade
from hygie.domain.surveillance.replay import judged_sightings, outcomes_since, with_memory
from hygie.domain.surveillance.services import TOOLS
from hygie.domain.veille.excuses import excuses_of
from hygie.domain.veille.lapsing import lapse
from hygie.domain.veille.queries import Running, affecting_together
from hygie.engines.clocks.civil import local_day
from hygie.engines.deciding.grading import grade
from hygie.engines.deciding.judging import answered, asked, weaknesses
from hygie.jobs.origins import Touched, joined
from hygie.jobs.steps.step import WriteOnly
from hygie.jobs.uses import assets_by_name, uses_of
from hygie.vocabulary.severity import severity_of_score
from hygie.vocabulary.subjects import host_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from hygie.domain.findings.models import Finding
    from hygie.domain.rounds.models import Item
    from hygie.domain.territory.models import Node
    from hygie.domain.veille.corpora import Corpus
    from hygie.domain.veille.excuses import Excuses
    from hygie.engines.deciding.exposure import ExposurePolicy
    from hygie.engines.deciding.grading import Grade
    from hygie.jobs.workbench import Workbench
    from hygie.vocabulary.facts import Outcome as Answer


class Reconcile(WriteOnly):
    """Weaknesses seen from outside and known vulnerabilities, each compared with its own kind."""

    def write(self, item: Item, gathered: None, bench: Workbench) -> dict[str, int]:  # noqa: ARG002 - StepWork's signature
        """Bring the findings and the grade of one establishment up to date."""
        now, since = bench.clock(), item.round.started_at
        outcomes = outcomes_since(item.node, since)
        exposure = _exposure(item.node, outcomes, bench.exposure_policy, now)
        known = _vulnerabilities(item.node, outcomes, bench.corpus, now)
        if outcomes:
            known_too = with_memory(item.node, outcomes)
            graded = grade(known_too, bench.exposure_policy, now=now)
            report = _report(graded, judged_sightings(item.node, outcomes))
            record_grade(item.node, report, round_id=item.round_id, now=now)
        return {name: count + asdict(known)[name] for name, count in asdict(exposure).items()}


def _exposure(
    node: Node, outcomes: Sequence[Answer], policy: ExposurePolicy, now: dt.datetime
) -> Outcome:
    assets = assets_by_name(node)
    seen = []
    for weakness in weaknesses(outcomes, policy, now=now):
        rule = policy.rule(weakness.rule_id)
        asset = assets.get(host_of(weakness.subject).lower())
        seen.append(
            Seen(
                origin=Origin.EXPOSURE,
                key=weakness.rule_id,
                subject=weakness.subject,
                place=weakness.place,
                title=rule.title.in_language("fr") if rule else weakness.rule_id,
                severity=weakness.severity,
                probe=weakness.probe,
                asset_id=asset.pk if asset else None,
                facts=weakness.facts,
            )
        )
    proven = answered(outcomes, policy, now=now)
    return reconcile(
        node,
        Origin.EXPOSURE,
        seen,
        answered=lambda finding: (finding.rule_id, finding.subject) in proven,
        now=now,
    )


def _vulnerabilities(
    node: Node, outcomes: Sequence[Answer], corpus: Corpus, now: dt.datetime
) -> Outcome:
    uses = uses_of(node)
    matches = affecting_together((Running(use.product, use.place) for use in uses), corpus)
    reached = asked(outcomes)

    def was_answered(finding: Finding) -> bool:
        """An inventory always answers, and so does another tool's report; probes must ask again."""
        return _is_listed(finding.probe) or (finding.subject, finding.probe) in reached

    touched = joined(
        Touched(use, match)
        for use in uses
        for match in matches.get((use.product.pk, use.place), ())
    )
    today = local_day(now, ZoneInfo(node.time_zone))
    back = lapse(node, on=today, now=now)
    excuses = excuses_of(node, on=today)
    # A product seen in an earlier round and not reached in this one says nothing new.
    seen = [
        _seen(one, excuses)
        for one in touched
        if _is_listed(one.use.probe) or (one.use.subject, one.use.probe) in reached
    ]
    outcome = reconcile(node, Origin.VULNERABILITY, seen, answered=was_answered, now=now)
    outcome.returned += back
    return outcome


def _is_listed(probe: str) -> bool:
    """Tell whether a product is known from a document rather than asked in each round."""
    return not probe or probe in TOOLS


def _seen(touched: Touched, excuses: Excuses) -> Seen:
    use, match, listed = touched
    asset = use.asset or (listed.asset if listed else None)
    product = f"{use.product.vendor} {use.product}".strip()
    facts = {
        "product": product,
        "version": use.product.version or (listed.product.version if listed else ""),
        "reason": match.reason,
        "source": match.source,
        "fixed_in": match.fixed_in,
        "exposed": use.exposed,
    }
    if listed:
        facts |= {"listed_as": listed.subject, "listed_product": str(listed.product)}
    return Seen(
        origin=Origin.VULNERABILITY,
        key=match.cve_id,
        subject=use.subject,
        place=use.product.name,
        title=f"{match.cve_id} : {product}",
        severity=severity_of_score(match.cve.cvss_score),
        probe=use.probe,
        asset_id=asset.pk if asset else None,
        facts=facts,
        confidence=match.confidence,
        also=(listed.subject, listed.product.name) if listed else None,
        excuse=_excuse(touched, excuses),
    )


def _excuse(touched: Touched, excuses: Excuses) -> Mapping[str, object] | None:
    """Return why it does not count, said of what the network shows or of the inventory's line."""
    named = (touched.use, touched.listed_as)
    said = (excuses.of(touched.match.cve_id, use.product, use.subject) for use in named if use)
    return next((one for one in said if one is not None), None)


def _report(graded: Grade, evidence: Sequence[int]) -> GradeReport:
    return GradeReport(
        letter=graded.letter or "",
        themes={
            theme.theme: {
                "letter": theme.letter,
                "score": theme.score,
                "capped": theme.capped,
                "answered": theme.answered,
                "unanswered": theme.unanswered,
            }
            for theme in graded.themes
        },
        points=[
            {
                "rule_id": point.rule_id,
                "theme": point.theme,
                "subject": point.subject,
                "place": point.place,
                "severity": point.severity,
                "points": point.points,
                "facts": dict(point.facts),
                "reference": {
                    "label": point.reference.label,
                    "url": point.reference.url,
                    "confirmed": point.reference.confirmed,
                },
            }
            for point in graded.points
        ],
        not_observed=[asdict(gap) for gap in graded.not_observed],
        policy=graded.policy_id,
        policy_version=graded.policy_version,
        evidence=evidence,
    )
