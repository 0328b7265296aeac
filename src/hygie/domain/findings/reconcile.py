"""Compare what a round saw with what is known: the same finding from round to round.

Seen again: the finding stays, with its new facts. Seen for the first time: a new finding.
Not seen where the question was really answered: verified closed. Not asked, or not answered:
nothing is known, nothing changes. Seen after being verified: it returned.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from hygie.domain.findings.actions import CLEARED
from hygie.domain.findings.lifecycle import LIVE_STATES, next_state
from hygie.domain.findings.models import CLOSED, Event, EventKind, Finding, Origin, State
from hygie.domain.journal.actions import SYSTEM, Act, record_many

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping

    from hygie.domain.territory.models import Node


@dataclass(frozen=True, slots=True)
class Seen:
    """A weakness as this round saw it.

    Attributes:
        origin: what found it.
        key: rule id or CVE id.
        subject: the target or the asset, as people name it.
        place: where inside the subject, empty when the rule has one place only.
        title: French title kept for lists and exports.
        severity: Severity value.
        probe: question that showed it, empty for a vulnerability.
        asset_id: asset concerned, None when no asset is known.
        facts: plain values that a person may check.
        confidence: 0 to 1.
        also: (subject, place) under which another origin knows the same weakness; a finding kept
            under that name is this one.
        excuse: why it does not count here, as plain values; None when it counts.
    """

    origin: Origin
    key: str
    subject: str
    title: str
    severity: str
    place: str = ""
    probe: str = ""
    asset_id: int | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    confidence: float = 1.0
    also: tuple[str, str] | None = None
    excuse: Mapping[str, object] | None = None

    def identity(self, node_id: int) -> str:
        """Return the SHA-256 under which this weakness of this node is known for ever."""
        return _identity(node_id, self.origin, self.key, self.subject, self.place)

    def other_identity(self, node_id: int) -> str | None:
        """Return the identity that another origin would give it."""
        return _identity(node_id, self.origin, self.key, *self.also) if self.also else None


def _identity(node_id: int, origin: str, key: str, subject: str, place: str) -> str:
    parts = [node_id, origin, key, subject.lower(), place.lower()]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


@dataclass(slots=True)
class Outcome:
    """How many findings a reconcile touched, by what happened to them."""

    new: int = 0
    same: int = 0
    changed: int = 0
    returned: int = 0
    verified: int = 0
    unknown: int = 0
    set_aside: int = 0


def reconcile(
    node: Node,
    origin: Origin,
    seen: Iterable[Seen],
    *,
    answered: Callable[[Finding], bool],
    now: dt.datetime,
) -> Outcome:
    """Bring the findings of one node and one origin up to date; whole or not at all.

    Args:
        node: the establishment.
        origin: which findings are compared; those of another origin are left alone.
        seen: what the round saw there now.
        answered: whether the question that would show this finding was really answered in
            this round; only then does its absence prove the repair.
        now: time of the round's item.
    """
    wanted = {item.identity(node.pk): item for item in seen}
    outcome = Outcome()
    with transaction.atomic():
        known = {
            finding.identity: finding
            for finding in Finding.objects.select_for_update().filter(node=node, origin=origin)
        }
        history = _History(node.pk, now)
        _carry_over(node.pk, wanted, known, history)
        joined = {item.other_identity(node.pk): item for item in wanted.values() if item.also}
        new = [item for key, item in wanted.items() if key not in known and item.excuse is None]
        _record_new(node, new, history, outcome)
        for key, finding in known.items():
            if key in wanted and wanted[key].excuse is not None:
                _set_aside(finding, wanted[key], history, outcome)
            elif key in wanted:
                _see_again(finding, wanted[key], history, outcome)
            elif finding.state in LIVE_STATES and key in joined:
                _close(finding, {"joined": joined[key].subject}, history, outcome)
            elif finding.state in LIVE_STATES:
                _miss(finding, history, outcome, answered=answered(finding))
        history.write(list(known.values()))
    return outcome


_SAVED = [
    "identity",
    "subject",
    "place",
    "title",
    "severity",
    "facts",
    "confidence",
    "asset",
    "probe",
    "state",
    "last_seen_at",
    "last_reached_at",
    "closed_at",
    "times_returned",
    "due_at",
    *CLEARED,
]


class _History:
    """Events and journal lines gathered during one reconcile, written together."""

    def __init__(self, node_id: int, now: dt.datetime) -> None:
        self.now = now
        self._node_id = node_id
        self._events: list[Event] = []
        self._touched: set[int] = set()

    def add(self, finding: Finding, kind: EventKind, detail: Mapping[str, object]) -> None:
        self._events.append(
            Event(finding=finding, at=self.now, kind=kind, actor=SYSTEM, detail=dict(detail))
        )

    def touch(self, finding: Finding) -> None:
        self._touched.add(finding.pk)

    def write(self, known: list[Finding]) -> None:
        Finding.objects.bulk_update(
            [finding for finding in known if finding.pk in self._touched], _SAVED, batch_size=200
        )
        Event.objects.bulk_create(self._events, batch_size=500)
        record_many(
            [
                Act(
                    f"finding.{event.kind}",
                    "finding",
                    str(event.finding_id),
                    self._node_id,
                    event.detail,
                )
                for event in self._events
            ],
            actor=SYSTEM,
            now=self.now,
        )


def _record_new(node: Node, items: list[Seen], history: _History, outcome: Outcome) -> None:
    findings = [_finding(node, item, history.now) for item in items]
    Finding.objects.bulk_create(findings, batch_size=200)
    for finding in findings:
        history.add(finding, EventKind.SEEN, {"severity": finding.severity})
    outcome.new += len(findings)


def _finding(node: Node, item: Seen, now: dt.datetime) -> Finding:
    return Finding(
        node=node,
        identity=item.identity(node.pk),
        origin=item.origin,
        rule_id=item.key if item.origin != Origin.VULNERABILITY else "",
        cve_id=item.key if item.origin == Origin.VULNERABILITY else "",
        subject=item.subject,
        place=item.place,
        probe=item.probe,
        asset_id=item.asset_id,
        title=item.title[:300],
        severity=item.severity,
        facts=dict(item.facts),
        confidence=item.confidence,
        first_seen_at=now,
        last_seen_at=now,
        last_reached_at=now,
    )


def _carry_over(
    node_id: int, wanted: Mapping[str, Seen], known: dict[str, Finding], history: _History
) -> None:
    """Give a finding that one origin knew the name under which two know it now."""
    for key, item in wanted.items():
        former = item.other_identity(node_id)
        if key in known or former not in known or former in wanted:
            continue
        finding = known.pop(former)
        finding.identity, finding.subject, finding.place = key, item.subject, item.place
        known[key] = finding
        history.touch(finding)


def _refresh(finding: Finding, item: Seen, history: _History) -> None:
    finding.title, finding.severity = item.title[:300], item.severity
    finding.facts, finding.confidence = dict(item.facts), item.confidence
    finding.asset_id, finding.probe = item.asset_id, item.probe
    finding.last_seen_at = finding.last_reached_at = history.now
    history.touch(finding)


def _set_aside(finding: Finding, item: Seen, history: _History, outcome: Outcome) -> None:
    """Close what is there but does not count, with the reason."""
    _refresh(finding, item, history)
    if finding.state in LIVE_STATES:
        _close(finding, item.excuse or {}, history, outcome)
    else:
        outcome.same += 1


def _close(
    finding: Finding, why: Mapping[str, object], history: _History, outcome: Outcome
) -> None:
    before = State(finding.state)
    finding.state = next_state(EventKind.SET_ASIDE, before)
    finding.closed_at = history.now
    history.touch(finding)
    history.add(finding, EventKind.SET_ASIDE, {"from": before, **why})
    outcome.set_aside += 1


def _see_again(finding: Finding, item: Seen, history: _History, outcome: Outcome) -> None:
    before = (finding.facts, finding.severity)
    _refresh(finding, item, history)
    if finding.state in CLOSED:
        finding.state = next_state(EventKind.RETURNED, State(finding.state))
        finding.closed_at = None
        finding.times_returned += 1
        # Its old deadline belongs to its old life.
        finding.due_at = None
        _clear_plan(finding)
        history.add(finding, EventKind.RETURNED, {"times": finding.times_returned})
        outcome.returned += 1
    elif before != (finding.facts, finding.severity):
        history.add(finding, EventKind.CHANGED, {"severity": finding.severity})
        outcome.changed += 1
    else:
        outcome.same += 1


def _miss(finding: Finding, history: _History, outcome: Outcome, *, answered: bool) -> None:
    if not answered:
        outcome.unknown += 1
        return
    before = State(finding.state)
    finding.state = next_state(EventKind.VERIFIED, before)
    finding.closed_at = finding.last_reached_at = history.now
    history.touch(finding)
    history.add(finding, EventKind.VERIFIED, {"from": before})
    outcome.verified += 1


def _clear_plan(finding: Finding) -> None:
    for name, value in CLEARED.items():
        setattr(finding, name, value)
