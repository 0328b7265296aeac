"""Seal a grade and give it again from what it rests on.

The seal is the SHA-256 of the grade in canonical JSON with, for each answer judged, the hashes of
its value and of its evidence. Replaying judges the stored answers with the policy of then.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hygie.domain.surveillance.models import GradeGiven, Sighting
from hygie.domain.surveillance.replay import observation_of
from hygie.engines.deciding.exposure import exposure_policy_version
from hygie.engines.deciding.grading import grade
from hygie.referentials.section import ReferentialError
from hygie.vocabulary.facts import NotObserved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygie.vocabulary.facts import Outcome


@dataclass(frozen=True, slots=True)
class Replay:
    """A grade given again.

    Attributes:
        letter: what the stored answers give now, empty for no letter.
        same: whether letter, themes and points are those of then.
        sealed: whether the seal is still that of the grade and its evidence.
        whole: whether each piece of evidence still has its SHA-256.
        evidence: the answers judged, in order.
        why_not: French sentence when it could not be replayed, else empty.
    """

    letter: str
    same: bool
    sealed: bool
    whole: bool
    evidence: Sequence[Sighting]
    why_not: str = ""


def seal_of(given: GradeGiven, evidence: Sequence[Sighting]) -> str:
    """Return the SHA-256 that the grade and what it rests on have together."""
    facts = {
        "node": given.node_id,
        "at": given.at.isoformat(),
        "letter": given.letter,
        "themes": given.themes,
        "points": given.points,
        "not_observed": given.not_observed,
        "policy": [given.policy, given.policy_version],
        "evidence": [
            [row.pk, row.subject, row.probe, row.value_hash, row.evidence_sha256]
            for row in evidence
        ],
    }
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def evidence_of(given: GradeGiven) -> list[Sighting]:
    """Return the answers that a grade judged, in order of their keys."""
    return list(Sighting.objects.filter(node=given.node_id, pk__in=given.evidence).order_by("pk"))


def replay(given: GradeGiven) -> Replay:
    """Give a grade again from the stored answers, with the policy of then."""
    evidence = evidence_of(given)
    whole = all(
        hashlib.sha256(bytes(row.evidence)).hexdigest() == row.evidence_sha256 for row in evidence
    )
    sealed = bool(given.seal) and seal_of(given, evidence) == given.seal
    if not given.evidence or len(evidence) != len(given.evidence):
        why = "cette note est antérieure à la garde des réponses, ou l’une d’elles manque"
        return Replay("", same=False, sealed=sealed, whole=whole, evidence=evidence, why_not=why)
    try:
        policy = exposure_policy_version(given.policy_version)
    except ReferentialError:
        why = f"la politique {given.policy_version} n’est plus portée par cette version"
        return Replay("", same=False, sealed=sealed, whole=whole, evidence=evidence, why_not=why)
    again = grade([*_answers(evidence), *_silences(given)], policy, now=given.at)
    letter = again.letter or ""
    before = sorted(
        (row["rule_id"], row["subject"], row["place"], row["points"]) for row in given.points
    )
    after = sorted((one.rule_id, one.subject, one.place, one.points) for one in again.points)
    scores = {one.theme: one.letter for one in again.themes}
    themes = {name: row["letter"] for name, row in given.themes.items()}
    same = (letter, before, themes) == (given.letter, after, scores)
    return Replay(letter, same=same, sealed=sealed, whole=whole, evidence=evidence)


def _answers(evidence: Sequence[Sighting]) -> list[Outcome]:
    return [observation_of(row) for row in evidence]


def _silences(given: GradeGiven) -> list[Outcome]:
    """Return the questions of then that had no answer; gaps of one rule follow from answers."""
    return [
        NotObserved(row["subject"], row["probe"], row["reason"], row["detail"], given.at)
        for row in given.not_observed
        if not row["rule_id"]
    ]
