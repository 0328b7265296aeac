"""Keep what the probes saw: intervals of the same answer, and the last attempt at each question."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hygie.domain.surveillance.models import Attempt, GradeGiven, Sighting
from hygie.vocabulary.facts import EVIDENCE_MAX_BYTES, Observation

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from hygie.domain.territory.models import Node
    from hygie.vocabulary.facts import Outcome


def record_outcomes(node: Node, outcomes: Iterable[Outcome]) -> dict[str, int]:
    """Keep the answers and the silences of one round at one establishment.

    The same value seen again lengthens its interval; another value ends it and opens the
    next. Returns counts: ``asked``, ``reached``, ``changed``.
    """
    counts = {"asked": 0, "reached": 0, "changed": 0}
    with transaction.atomic():
        current = {
            (sighting.subject, sighting.probe): sighting
            for sighting in Sighting.objects.select_for_update().filter(node=node, current=True)
        }
        for outcome in outcomes:
            counts["asked"] += 1
            _record_attempt(node, outcome)
            if isinstance(outcome, Observation):
                counts["reached"] += 1
                known = current.get((outcome.subject, outcome.probe))
                counts["changed"] += _record_sighting(node, outcome, known)
    return counts


def _record_attempt(node: Node, outcome: Outcome) -> None:
    reached = isinstance(outcome, Observation)
    Attempt.objects.update_or_create(
        node=node,
        subject=outcome.subject,
        probe=outcome.probe,
        defaults={
            "at": outcome.at,
            "reached": reached,
            "reason": "" if isinstance(outcome, Observation) else outcome.reason,
            "detail": "" if isinstance(outcome, Observation) else outcome.detail[:300],
        },
    )


def _record_sighting(node: Node, seen: Observation, known: Sighting | None) -> bool:
    """Return whether the answer differs from the last one known."""
    value_hash = _hash(seen)
    if known is not None and known.value_hash == value_hash:
        known.last_seen_at = max(known.last_seen_at, seen.at)
        known.save(update_fields=["last_seen_at"])
        return False
    if known is not None:
        known.current = False
        known.save(update_fields=["current"])
    evidence = seen.evidence[:EVIDENCE_MAX_BYTES]
    Sighting.objects.create(
        node=node,
        subject=seen.subject,
        probe=seen.probe,
        value=dict(seen.value),
        value_hash=value_hash,
        evidence=evidence,
        evidence_sha256=hashlib.sha256(evidence).hexdigest(),
        confidence=seen.confidence,
        product=seen.product or "",
        version=seen.version or "",
        first_seen_at=seen.at,
        last_seen_at=seen.at,
    )
    return known is not None


def _hash(seen: Observation) -> str:
    facts = [dict(seen.value), seen.product, seen.version]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class GradeReport:
    """A grade as plain JSON values, shown as they are; ``letter`` is empty when unknown."""

    letter: str
    themes: Mapping[str, Any]
    points: Sequence[Mapping[str, Any]]
    not_observed: Sequence[Mapping[str, Any]]
    policy: str
    policy_version: str


def record_grade(node: Node, report: GradeReport, *, round_id: int, now: dt.datetime) -> GradeGiven:
    """Keep the grade of a round; written again by a resumed item, it is the same row."""
    given, _ = GradeGiven.objects.update_or_create(
        node=node,
        round_id=round_id,
        defaults={
            "at": now,
            "letter": report.letter,
            "themes": dict(report.themes),
            "points": [dict(point) for point in report.points],
            "not_observed": [dict(gap) for gap in report.not_observed],
            "policy": report.policy,
            "policy_version": report.policy_version,
        },
    )
    return given
