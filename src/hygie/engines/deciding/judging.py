"""From observations to weaknesses, by the rules of a policy; and what they prove repaired.

Three answers, never two: a rule finds a weakness, or proves there is none, or cannot tell. A
finding may be closed as verified only where the rule that found it got a definite answer
(``answered``), never because nothing was seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hygie.engines.deciding.conditions import Answer, holds, keys_of, read
from hygie.vocabulary.facts import ABSENT_REASONS, NotObserved, Observation

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from hygie.engines.deciding.exposure import ExposurePolicy, Rule
    from hygie.vocabulary.enums import Severity
    from hygie.vocabulary.facts import Json, Outcome


@dataclass(frozen=True, slots=True)
class Weakness:
    """One rule found one weakness in one place.

    Attributes:
        rule_id: rule of the policy.
        subject: as in Observation.
        place: where on the subject, empty when the subject says it all; (rule_id, subject,
            place) is the identity of the finding.
        severity: severity of the rule.
        facts: the observed values the rule read, by path.
        probe: probe that observed them.
    """

    rule_id: str
    subject: str
    place: str
    severity: Severity
    facts: Mapping[str, Json]
    probe: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that was asked and has no answer; it counts neither for nor against.

    Attributes:
        subject, probe: what was asked.
        rule_id: rule left without an answer, empty when the whole probe got none.
        reason: reason of NotObserved, or ``undetermined`` for one rule.
        detail: one French line.
    """

    subject: str
    probe: str
    rule_id: str
    reason: str
    detail: str


def weaknesses(
    outcomes: Iterable[Outcome], policy: ExposurePolicy, *, now: dt.datetime
) -> list[Weakness]:
    """Return every weakness, each (rule, subject, place) once, sorted by it.

    Args:
        outcomes: of one round, in any order.
        policy: see ``exposure_policy``.
        now: aware time at which dates are judged; use ``Grade.graded_at`` to replay.
    """
    found: dict[tuple[str, str, str], Weakness] = {}
    for rule, seen, answer in judged(outcomes, policy, now=now):
        if answer:
            weakness = _weakness(rule, seen)
            found.setdefault((rule.id, seen.subject, weakness.place), weakness)
    return [found[key] for key in sorted(found)]


def gaps(outcomes: Iterable[Outcome], policy: ExposurePolicy, *, now: dt.datetime) -> list[Gap]:
    """Return what was asked without an answer: whole probes first, then single rules."""
    known = list(outcomes)
    silent = {
        (seen.subject, seen.probe): Gap(seen.subject, seen.probe, "", seen.reason, seen.detail)
        for seen in known
        if isinstance(seen, NotObserved)
    }
    single = {
        (seen.subject, rule.id): _undetermined(rule, seen)
        for rule, seen, answer in judged(known, policy, now=now)
        if answer is None
    }
    return [silent[key] for key in sorted(silent)] + [single[key] for key in sorted(single)]


def asked(outcomes: Iterable[Outcome]) -> set[tuple[str, str]]:
    """Return the (subject, probe) pairs that really gave an answer, "nothing is there" included."""
    return {
        (seen.subject, seen.probe)
        for seen in outcomes
        if isinstance(seen, Observation) or seen.reason in ABSENT_REASONS
    }


def answered(
    outcomes: Iterable[Outcome], policy: ExposurePolicy, *, now: dt.datetime
) -> set[tuple[str, str]]:
    """Return the (rule_id, subject) pairs on which this round is conclusive.

    A finding of such a pair that ``weaknesses`` does not return is proven repaired. A pair is
    left out when any of its observations leaves the rule undetermined, or when the same
    question to the same subject also failed. Where strangers find nothing any more (refused,
    filtered), every rule about what was there is answered.
    """
    known = list(outcomes)
    mute = [seen for seen in known if isinstance(seen, NotObserved)]
    silent = {(seen.subject, seen.probe) for seen in mute if seen.reason not in ABSENT_REASONS}
    conclusive = {
        (rule.id, seen.subject): (seen.subject, seen.probe) not in silent
        for seen in mute
        if seen.reason in ABSENT_REASONS
        for rule in policy.rules_of(seen.probe)
    }
    for rule, seen, answer in judged(known, policy, now=now):
        certain = answer is not None and (seen.subject, seen.probe) not in silent
        pair = (rule.id, seen.subject)
        conclusive[pair] = conclusive.get(pair, True) and certain
    return {pair for pair, certain in conclusive.items() if certain}


def applies(rule: Rule, value: Mapping[str, Json], *, now: dt.datetime) -> Answer:
    """Tell whether a rule concerns an observation at all; None when the values do not tell."""
    return True if rule.when is None else holds(rule.when, value, now=now)


def judge(rule: Rule, value: Mapping[str, Json], *, now: dt.datetime) -> Answer:
    """Return True for a weakness, False for none, None when the values do not tell."""
    relevant = applies(rule, value, now=now)
    if relevant is not True:
        return relevant
    weak = holds(rule.weak, value, now=now)
    if weak is False and rule.unsure and holds(rule.unsure, value, now=now) is not False:
        return None
    return weak


def judged(
    outcomes: Iterable[Outcome], policy: ExposurePolicy, *, now: dt.datetime
) -> Iterator[tuple[Rule, Observation, Answer]]:
    """Yield the answer of each rule on each observation it reads."""
    rules = {probe: policy.rules_of(probe) for probe in policy.probes().values()}
    for seen in outcomes:
        if isinstance(seen, Observation):
            for rule in rules.get(seen.probe, ()):
                yield rule, seen, judge(rule, seen.value, now=now)


def _weakness(rule: Rule, seen: Observation) -> Weakness:
    paths = dict.fromkeys(keys_of(rule.weak))
    if rule.place:
        paths[rule.place] = None
    return Weakness(
        rule_id=rule.id,
        subject=seen.subject,
        place=str(read(seen.value, rule.place) or "") if rule.place else "",
        severity=rule.severity,
        facts={path: read(seen.value, path) for path in paths},
        probe=seen.probe,
    )


def _undetermined(rule: Rule, seen: Observation) -> Gap:
    detail = f"Non déterminé : {rule.title.fr}"
    return Gap(seen.subject, seen.probe, rule.id, "undetermined", detail)
