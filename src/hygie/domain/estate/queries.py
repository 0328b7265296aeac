"""Read an estate: what a place runs, from which files, and what may be probed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q, Sum

from hygie.domain.estate.models import Asset, AssetKind, Mandate, MandateProposal, Source
from hygie.domain.territory.queries import below
from hygie.vocabulary.enums import Criticality

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hygie.domain.people.scope import Asker


@dataclass(frozen=True, slots=True)
class KindCount:
    """Assets of one kind: how many lines, and how many of each criticality."""

    kind: AssetKind
    total: int
    vital: int
    important: int
    support: int
    quantity: int


def assets(
    user: Asker,
    node_id: int,
    *,
    kind: str = "",
    criticality: str = "",
    text: str = "",
) -> QuerySet[Asset]:
    """Return the assets in use at a place, with the number of products on each."""
    rows = Asset.objects.visible_to(user).filter(node_id=node_id, removed_at__isnull=True)
    if kind:
        rows = rows.filter(kind=kind)
    if criticality:
        rows = rows.filter(criticality=criticality)
    if text:
        rows = rows.filter(
            Q(name__icontains=text)
            | Q(vendor__icontains=text)
            | Q(model__icontains=text)
            | Q(service__icontains=text)
        )
    return rows.annotate(product_count=Count("installed")).order_by("kind", "name", "pk")


def kinds(user: Asker, node_id: int) -> list[KindCount]:
    """Count the assets in use at a place by kind and criticality, in one query."""
    rows = (
        Asset.objects.visible_to(user)
        .filter(node_id=node_id, removed_at__isnull=True)
        .order_by()
        .values("kind")
        .annotate(
            total=Count("pk"),
            vital=Count("pk", filter=Q(criticality=Criticality.VITAL)),
            important=Count("pk", filter=Q(criticality=Criticality.IMPORTANT)),
            support=Count("pk", filter=Q(criticality=Criticality.SUPPORT)),
            units=Sum("quantity"),
        )
    )
    found = {row["kind"]: row for row in rows}
    return [
        KindCount(
            kind,
            found[kind]["total"],
            found[kind]["vital"],
            found[kind]["important"],
            found[kind]["support"],
            found[kind]["units"] or 0,
        )
        for kind in AssetKind
        if kind in found
    ]


def mandates(user: Asker, node_id: int) -> QuerySet[Mandate]:
    """Return the mandates of a place and of what lies below, the one that ends last first."""
    return (
        Mandate.objects.visible_to(user)
        .filter(node_id__in=below(node_id))
        .select_related("node")
        .prefetch_related("perimeter")
    )


def proposals(user: Asker, node_id: int) -> QuerySet[MandateProposal]:
    """Return the mandates of a place, and of what lies below, that wait for a signature."""
    return (
        MandateProposal.objects.visible_to(user)
        .filter(node_id__in=below(node_id), mandate__isnull=True, closed_at__isnull=True)
        .select_related("node")
    )


def names_of(node_id: int, kind: AssetKind, *, at_most: int) -> list[str]:
    """Return the names of the assets of one kind in use at a place, the first ``at_most``."""
    rows = Asset.objects.filter(node_id=node_id, kind=kind, removed_at__isnull=True)
    return list(rows.order_by("name").values_list("name", flat=True)[:at_most])


def sources(user: Asker, node_id: int) -> QuerySet[Source]:
    """Return the files from which the estate of a place was read, newest first."""
    return Source.objects.visible_to(user).filter(node_id=node_id)
