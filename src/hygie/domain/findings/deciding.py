"""Keep on each finding what the policy says of it; end the acceptances whose term is over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from hygie.domain.findings.actions import CLEARED
from hygie.domain.findings.lifecycle import LIVE_STATES, next_state
from hygie.domain.findings.models import Event, EventKind, Finding, State
from hygie.domain.journal.actions import SYSTEM, Act, record_many

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from hygie.domain.territory.models import Node


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the policy says of one finding, as plain values that a page can show.

    ``reasons`` and ``would_change`` are lists of ``{"code", "params"}``; ``rank`` orders
    outcomes, smaller first; ``branch`` is a list of ``[criterion, value]``.
    """

    decision: str
    due_at: dt.datetime | None
    branch: list[list[str]]
    reasons: list[dict[str, object]]
    would_change: list[dict[str, object]]
    policy_version: str
    rank: int


_LAST_MINUTE = 10**9 - 1

_FIELDS = ("decision", "branch", "reasons", "would_change", "policy_version", "rank")


def live_findings(node: Node) -> Sequence[Finding]:
    """Return the weaknesses of ``node`` that are still there, accepted ones included."""
    return list(
        Finding.objects.filter(node=node, state__in=LIVE_STATES)
        .select_related("asset")
        .order_by("pk")
    )


def apply_rulings(
    node: Node, rule: Callable[[Finding], Ruling], *, today: dt.date, now: dt.datetime
) -> dict[str, int]:
    """Decide every live finding of ``node``; returns counts by decision.

    A deadline once given is kept while the decision stays the same: a round that passes must
    not push it away. It starts again when the decision changes or the finding returned.
    """
    counts: dict[str, int] = {}
    events: list[Event] = []
    with transaction.atomic():
        findings = live_findings(node)
        for finding in findings:
            _expire(finding, events, today=today, now=now)
            _apply(finding, rule(finding), events, now)
            counts[finding.decision] = counts.get(finding.decision, 0) + 1
        Finding.objects.bulk_update(
            findings, [*_FIELDS, "due_at", "state", *CLEARED], batch_size=200
        )
        Event.objects.bulk_create(events, batch_size=500)
        record_many(
            [
                Act(f"finding.{e.kind}", "finding", str(e.finding_id), node.pk, e.detail)
                for e in events
            ],
            actor=SYSTEM,
            now=now,
        )
    return counts


def _expire(finding: Finding, events: list[Event], *, today: dt.date, now: dt.datetime) -> None:
    until = finding.accepted_until
    if finding.state != State.ACCEPTED or until is None or until >= today:
        return
    finding.state = next_state(EventKind.EXPIRED, State.ACCEPTED)
    detail = {"until": until.isoformat(), "reason": finding.accepted_reason}
    for name, value in CLEARED.items():
        setattr(finding, name, value)
    events.append(
        Event(finding=finding, at=now, kind=EventKind.EXPIRED, actor=SYSTEM, detail=detail)
    )


def _apply(finding: Finding, ruling: Ruling, events: list[Event], now: dt.datetime) -> None:
    changed = finding.decision != ruling.decision
    if changed or finding.due_at is None:
        finding.due_at = ruling.due_at
    if changed:
        detail = {"from": finding.decision, "to": ruling.decision, "policy": ruling.policy_version}
        events.append(
            Event(finding=finding, at=now, kind=EventKind.DECIDED, actor=SYSTEM, detail=detail)
        )
    for name in _FIELDS:
        setattr(finding, name, getattr(ruling, name))
    finding.rank = _rank(ruling.rank, finding.due_at)


def _rank(outcome: int, due_at: dt.datetime | None) -> int:
    """Order by outcome, then by deadline: of two things to act on, the sooner due comes first."""
    minutes = int(due_at.timestamp() // 60) if due_at else _LAST_MINUTE
    return outcome * (_LAST_MINUTE + 1) + min(max(minutes, 0), _LAST_MINUTE)
