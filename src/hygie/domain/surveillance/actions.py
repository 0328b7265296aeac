"""Keep what the probes saw: intervals of the same answer, and the last attempt at each question."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hygie.domain.surveillance.models import DEPTH, TARGET, Attempt, GradeGiven, Sighting
from hygie.domain.surveillance.sealing import evidence_of, seal_of
from hygie.engines.probing.passes import DEEP_ONLY_PROBES
from hygie.vocabulary.facts import ABSENT_REASONS, EVIDENCE_MAX_BYTES, Observation
from hygie.vocabulary.subjects import host_of

PORT_PROBES = frozenset(
    {"tcp", "dicom", "mllp", "tls-depth", "starttls", "fhir", "dicomweb", "udp"}
)
"""Probes that knock on ports which are usually closed."""

_BATCH = 300

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from hygie.domain.territory.models import Node
    from hygie.vocabulary.facts import NotObserved, Outcome


def record_outcomes(node: Node, outcomes: Iterable[Outcome]) -> dict[str, int]:
    """Keep the answers and the silences of one round at one establishment.

    The same value seen again lengthens its interval; another value ends it and opens the
    next. A port found closed that was never seen open is counted and not stored: there are
    sixty of them behind every name. Returns counts: ``asked``, ``answered``, ``targets``,
    ``reached`` (targets that gave an answer), ``changed``.
    """
    known = list(outcomes)
    with transaction.atomic():
        ledger = _Ledger(node)
        for outcome in known:
            ledger.enter(outcome)
        targets = _targets(known)
        for host, (reached, at) in targets.items():
            ledger.attempt(host, TARGET, at, reached=reached)
        for host, at in _asked_in_depth(known).items():
            ledger.attempt(host, DEPTH, at, reached=True)
        changed = ledger.write()
    return {
        "asked": len(known),
        "answered": sum(isinstance(outcome, Observation) for outcome in known),
        "targets": len(targets),
        "reached": sum(reached for reached, _ in targets.values()),
        "changed": changed,
    }


def record_answers(node: Node, outcomes: Iterable[Outcome]) -> int:
    """Keep answers without saying anything of the targets; returns how many answers changed."""
    with transaction.atomic():
        ledger = _Ledger(node)
        for outcome in outcomes:
            ledger.enter(outcome)
        return ledger.write()


def _targets(outcomes: Iterable[Outcome]) -> dict[str, tuple[bool, dt.datetime]]:
    """Return, for each host asked about, whether anything answered there, and when."""
    targets: dict[str, tuple[bool, dt.datetime]] = {}
    for outcome in outcomes:
        host = host_of(outcome.subject)
        reached, _ = targets.get(host, (False, outcome.at))
        targets[host] = (reached or _shows_life(outcome), outcome.at)
    return targets


def _shows_life(outcome: Outcome) -> bool:
    """Tell whether something is there; "this name was deleted" is an answer without it."""
    return isinstance(outcome, Observation) and outcome.value.get("exists") is not False


def _asked_in_depth(outcomes: Iterable[Outcome]) -> dict[str, dt.datetime]:
    return {
        host_of(outcome.subject): outcome.at
        for outcome in outcomes
        if outcome.probe in DEEP_ONLY_PROBES
    }


class _Ledger:
    """The rows of one establishment, read once and written together."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._attempts = {
            (row.subject, row.probe): row for row in Attempt.objects.filter(node=node)
        }
        self._sightings = {
            (row.subject, row.probe): row
            for row in Sighting.objects.select_for_update().filter(node=node, current=True)
        }
        self._fresh: list[Sighting] = []
        self._ended: list[Sighting] = []
        self._seen_again: list[Sighting] = []
        self._touched: dict[tuple[str, str], Attempt] = {}

    def enter(self, outcome: Outcome) -> None:
        key = (outcome.subject, outcome.probe)
        if key not in self._sightings and _is_nothing(outcome):
            return
        if isinstance(outcome, Observation):
            self.attempt(*key, outcome.at, reached=True)
            self._see(outcome, self._sightings.get(key))
        else:
            self.attempt(*key, outcome.at, reached=False, silence=outcome)
            if outcome.reason in ABSENT_REASONS and key in self._sightings:
                self._end(self._sightings.pop(key))

    def attempt(
        self,
        subject: str,
        probe: str,
        at: dt.datetime,
        *,
        reached: bool,
        silence: NotObserved | None = None,
    ) -> None:
        key = (subject, probe)
        row = self._attempts.get(key) or Attempt(node=self._node, subject=subject, probe=probe)
        row.at, row.reached = at, reached
        row.reason = silence.reason if silence else ""
        row.detail = silence.detail[:300] if silence else ""
        self._touched[key] = row

    def _see(self, seen: Observation, known: Sighting | None) -> None:
        value_hash = _hash(seen)
        if known is not None and known.value_hash == value_hash:
            known.last_seen_at = max(known.last_seen_at, seen.at)
            self._seen_again.append(known)
            return
        if known is not None:
            self._end(known)
        self._fresh.append(_sighting(self._node, seen, value_hash))

    def _end(self, known: Sighting) -> None:
        """Close an interval: another answer came, or strangers find nothing there any more."""
        known.current = False
        self._ended.append(known)

    def write(self) -> int:
        """Write everything; returns how many answers changed since the last time."""
        rows = self._touched.values()
        Attempt.objects.bulk_create([row for row in rows if row.pk is None], batch_size=_BATCH)
        Attempt.objects.bulk_update(
            [row for row in rows if row.pk is not None],
            ["at", "reached", "reason", "detail"],
            batch_size=_BATCH,
        )
        Sighting.objects.bulk_update(self._seen_again, ["last_seen_at"], batch_size=_BATCH)
        Sighting.objects.filter(pk__in=[row.pk for row in self._ended]).update(current=False)
        Sighting.objects.bulk_create(self._fresh, batch_size=_BATCH)
        return len(self._ended)


def _is_nothing(outcome: Outcome) -> bool:
    """Tell whether the outcome only says that a port nobody ever saw open is not open."""
    if outcome.probe not in PORT_PROBES:
        return False
    if isinstance(outcome, Observation):
        return not outcome.value.get("open", outcome.value.get("answers", True))
    return True


def _sighting(node: Node, seen: Observation, value_hash: str) -> Sighting:
    evidence = seen.evidence[:EVIDENCE_MAX_BYTES]
    return Sighting(
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
    evidence: Sequence[int] = ()


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
            "evidence": sorted(report.evidence),
            "token": None,
            "stamped_at": None,
        },
    )
    given.seal = seal_of(given, evidence_of(given))
    given.save(update_fields=["seal"])
    return given
