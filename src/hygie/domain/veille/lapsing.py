"""What a declaration set aside comes back the day the declaration holds no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygie.domain.findings.returning import bring_back, reasons_set_aside
from hygie.domain.veille.models import VexStatement

if TYPE_CHECKING:
    import datetime as dt

    from hygie.domain.territory.models import Node


def lapse(node: Node, *, on: dt.date, now: dt.datetime) -> int:
    """Bring back the weaknesses of ``node`` whose declaration ended or was revoked.

    Seen again or not: what the network could not reach this time is no less there.
    """
    said = {
        pk: detail["statement"]
        for pk, detail in reasons_set_aside(node).items()
        if isinstance(detail.get("statement"), int)
    }
    if not said:
        return 0
    rows = VexStatement.objects.filter(pk__in=set(said.values()))
    holding = set(rows.in_force(on).values_list("pk", flat=True))
    ended = {
        pk: {"statement": statement} for pk, statement in said.items() if statement not in holding
    }
    return bring_back(node, ended, now=now)
