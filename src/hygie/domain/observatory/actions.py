"""Prepare the measures of a round: leaves first, then the sums of everything above."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone

from hygie.domain.findings.lifecycle import OPEN_STATES
from hygie.domain.findings.models import Finding, State
from hygie.domain.observatory.measures import NAMES
from hygie.domain.observatory.models import Measure, Standing
from hygie.domain.surveillance.models import TARGET, Attempt, GradeGiven
from hygie.domain.territory.models import Closure
from hygie.vocabulary.enums import Decision

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

Values = dict[int, dict[str, float]]

_BATCH = 500
_STANDING = ("overdue", "act", "attend")
_FINDING_NAMES = tuple(name for name in NAMES if name.startswith("findings."))


def measure_sites(sites: Collection[int], *, round_id: int, now: dt.datetime) -> dict[str, int]:
    """Write the measures of these establishments and of every node above them.

    Running it again for the same round writes the same rows. Returns counts: ``sites``,
    ``nodes``.
    """
    with transaction.atomic():
        leaves = leaf_values(sites, now=now)
        _write(leaves, round_id, now)
        _write_standings(leaves)
        today = timezone.localdate(now)
        above = _nodes_above(sites, on=today)
        _write(_sums(above, on=today), round_id, now)
    return {"sites": len(leaves), "nodes": len(above)}


def leaf_values(sites: Collection[int], *, now: dt.datetime) -> Values:
    """Return the measures of each establishment, zero where there is nothing to count."""
    values: Values = {site: dict.fromkeys(NAMES, 0.0) for site in sites}
    _count_findings(values, now)
    _count_targets(values)
    for node_id, letter in _last_letters(sites):
        values[node_id][f"grade.{letter}"] = 1
    for found in values.values():
        found["sites.counted"] = 1
        found["sites.need_help"] = float(found["findings.overdue"] > 0)
    return values


def _count_findings(values: Values, now: dt.datetime) -> None:
    still = Q(state__in=OPEN_STATES)
    rows = (
        Finding.objects.filter(node_id__in=values)
        .order_by()
        .values("node_id")
        .annotate(
            act=Count("pk", filter=still & Q(decision=Decision.ACT)),
            attend=Count("pk", filter=still & Q(decision=Decision.ATTEND)),
            track=Count("pk", filter=still & Q(decision=Decision.TRACK)),
            overdue=Count("pk", filter=still & Q(due_at__lt=now)),
            accepted=Count("pk", filter=Q(state=State.ACCEPTED)),
            verified=Count("pk", filter=Q(state=State.VERIFIED)),
        )
        .values_list("node_id", "act", "attend", "track", "overdue", "accepted", "verified")
    )
    for node_id, *counts in rows:
        values[node_id].update(zip(_FINDING_NAMES, map(float, counts), strict=True))


def _count_targets(values: Values) -> None:
    rows = (
        Attempt.objects.filter(node_id__in=values, probe=TARGET)
        .order_by()
        .values("node_id")
        .annotate(asked=Count("pk"), reached=Count("pk", filter=Q(reached=True)))
    )
    for row in rows:
        values[row["node_id"]]["targets.asked"] = row["asked"]
        values[row["node_id"]]["targets.reached"] = row["reached"]


def _last_letters(sites: Collection[int]) -> list[tuple[int, str]]:
    rows = GradeGiven.objects.filter(node_id__in=sites).order_by("at", "pk")
    last = dict(rows.values_list("node_id", "letter"))
    return [(node_id, letter) for node_id, letter in last.items() if letter]


def _nodes_above(sites: Collection[int], *, on: dt.date) -> set[int]:
    rows = Closure.objects.filter(
        descendant_id__in=sites, depth__gt=0, valid_from__lte=on, valid_to__gt=on
    )
    return set(rows.values_list("ancestor_id", flat=True))


def _sums(nodes: Collection[int], *, on: dt.date) -> Values:
    """Add up the current leaves under each node, whichever round measured them."""
    values: Values = defaultdict(lambda: dict.fromkeys(NAMES, 0.0))
    rows = (
        Measure.objects.filter(
            current=True,
            node__kind="et",
            node__above__ancestor_id__in=nodes,
            node__above__valid_from__lte=on,
            node__above__valid_to__gt=on,
        )
        .order_by()
        .values("node__above__ancestor_id", "name")
        .annotate(total=Sum("value"))
    )
    for row in rows:
        values[row["node__above__ancestor_id"]][row["name"]] = row["total"]
    return values


def _write(values: Values, round_id: int, now: dt.datetime) -> None:
    Measure.objects.filter(node_id__in=list(values), current=True).exclude(
        round_id=round_id
    ).update(current=False)
    Measure.objects.bulk_create(
        [
            Measure(node_id=node_id, name=name, at=now, round_id=round_id, value=value)
            for node_id, found in values.items()
            for name, value in found.items()
        ],
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["node", "name", "round_id"],
        update_fields=["value", "at", "current"],
    )


def _write_standings(leaves: Values) -> None:
    Standing.objects.bulk_create(
        [
            Standing(
                node_id=node_id,
                **{name: int(found[f"findings.{name}"]) for name in _STANDING},
            )
            for node_id, found in leaves.items()
        ],
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["node"],
        update_fields=_STANDING,
    )
