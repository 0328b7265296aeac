"""The emergency stop: nothing leaves for a place and all below it until somebody starts again.

The row is the truth; ``jobs.ward`` reads it several times a second in every process that probes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction

from hygie.domain.journal.actions import Act, record
from hygie.domain.surveillance.models import Stop
from hygie.domain.territory.models import Closure, Node
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from django.db.models import QuerySet

REASON_MAX_CHARACTERS: Final = 300


class StopError(UsageError):
    """The place is already stopped, or is not."""


def stop(node: Node, *, reason: str, actor: str, now: dt.datetime) -> Stop:
    """Stop all surveillance of ``node`` and below, at once.

    Raises:
        StopError: if it is stopped already: the first reason stands.
    """
    said = " ".join(reason.split())[:REASON_MAX_CHARACTERS]
    with transaction.atomic():
        list(Node.objects.select_for_update(no_key=True).filter(pk=node.pk).values_list("pk"))
        if Stop.objects.filter(node=node, ended_at__isnull=True).exists():
            raise StopError("la surveillance est déjà arrêtée ici")
        made = Stop.objects.create(node=node, since=now, by=actor, reason=said)
        act = Act("surveillance.stopped", "stop", str(made.pk), node.pk, {"reason": said})
        record(act, actor=actor, now=now)
    return made


def start(found: Stop, *, actor: str, now: dt.datetime) -> Stop:
    """End a stop; mandates decide again.

    Raises:
        StopError: if it is ended already.
    """
    with transaction.atomic():
        locked = Stop.objects.select_for_update().get(pk=found.pk)
        if locked.ended_at is not None:
            raise StopError("la surveillance a déjà repris")
        locked.ended_at, locked.ended_by = now, actor
        locked.save(update_fields=["ended_at", "ended_by"])
        act = Act("surveillance.started", "stop", str(locked.pk), locked.node_id)
        record(act, actor=actor, now=now)
    return locked


def in_force() -> QuerySet[Stop]:
    """Return the stops that hold now, the oldest first."""
    return Stop.objects.filter(ended_at__isnull=True).select_related("node").order_by("since", "pk")


def stopped_among(nodes: Collection[int]) -> frozenset[int]:
    """Return which of ``nodes`` lie under a stop that holds, whatever the date of a membership.

    A place that belonged to the stopped one on any day stays quiet: too much silence harms nobody.
    """
    held = list(Stop.objects.filter(ended_at__isnull=True).values_list("node_id", flat=True))
    if not held:
        return frozenset()
    below = Closure.objects.filter(ancestor_id__in=held, descendant_id__in=nodes)
    return frozenset(below.values_list("descendant_id", flat=True))
