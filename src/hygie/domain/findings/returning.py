"""Bring back what was set aside, when what set it aside holds no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hygie.domain.findings.actions import CLEARED
from hygie.domain.findings.lifecycle import next_state
from hygie.domain.findings.models import Event, EventKind, Finding, State
from hygie.domain.journal.actions import SYSTEM, Act, record_many

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from hygie.domain.territory.models import Node


def reasons_set_aside(node: Node) -> dict[int, Mapping[str, object]]:
    """Return why each weakness of ``node`` that is set aside was, by finding id."""
    events = Event.objects.filter(
        finding__node=node, finding__state=State.SET_ASIDE, kind=EventKind.SET_ASIDE
    )
    # In order: the last one speaks.
    return dict(events.order_by("at", "pk").values_list("finding_id", "detail"))


def bring_back(node: Node, why: Mapping[int, Mapping[str, object]], *, now: dt.datetime) -> int:
    """Open again the findings named by ``why``, each for its reason; returns how many."""
    with transaction.atomic():
        rows = Finding.objects.select_for_update().filter(
            node=node, pk__in=list(why), state=State.SET_ASIDE
        )
        findings = list(rows.order_by("pk"))
        for finding in findings:
            finding.state = next_state(EventKind.RETURNED, State.SET_ASIDE)
            finding.closed_at, finding.due_at = None, None
            finding.times_returned += 1
            for name, value in CLEARED.items():
                setattr(finding, name, value)
        fields = ["state", "closed_at", "due_at", "times_returned", *CLEARED]
        Finding.objects.bulk_update(findings, fields, batch_size=200)
        details = [{"times": one.times_returned, **why[one.pk]} for one in findings]
        Event.objects.bulk_create(
            Event(finding=one, at=now, kind=EventKind.RETURNED, actor=SYSTEM, detail=detail)
            for one, detail in zip(findings, details, strict=True)
        )
        record_many(
            [
                Act("finding.returned", "finding", str(one.pk), node.pk, detail)
                for one, detail in zip(findings, details, strict=True)
            ],
            actor=SYSTEM,
            now=now,
        )
    return len(findings)
