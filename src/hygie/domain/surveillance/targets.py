"""What may be probed now: the estate's names and addresses that an open mandate covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hygie.domain.estate.mandates import allowing, permission_of, standing
from hygie.domain.estate.models import Asset, AssetKind, Mandate

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from hygie.domain.estate.mandates import Permission
    from hygie.domain.territory.models import Node


@dataclass(frozen=True, slots=True)
class Perimeter:
    """What a node lets us look at.

    Attributes:
        names: names and addresses to probe now, sorted.
        permissions: the mandates in force, to be asked again before every packet.
        left_out: names of the estate that no mandate covers now.
        why_nothing: French sentence when ``names`` is empty, else empty.
    """

    names: tuple[str, ...]
    permissions: tuple[Permission, ...]
    left_out: tuple[str, ...]
    why_nothing: str


def perimeter_of(node: Node, *, now: dt.datetime) -> Perimeter:
    """Return what may be probed at ``node`` at this moment, and why when it is nothing."""
    mandates = (
        Mandate.objects.filter(node=node).select_related("node").prefetch_related("perimeter")
    )
    permissions = tuple(permission_of(mandate) for mandate in mandates)
    names = sorted(
        Asset.objects.filter(
            node=node, kind__in=(AssetKind.DOMAIN, AssetKind.ADDRESS), removed_at__isnull=True
        ).values_list("name", flat=True)
    )
    allowed = tuple(name for name in names if allowing(permissions, name, now, name))
    return Perimeter(
        names=allowed,
        permissions=permissions,
        left_out=tuple(name for name in names if name not in set(allowed)),
        why_nothing="" if allowed else _why_nothing(names, permissions, now),
    )


def _why_nothing(names: Sequence[str], permissions: Sequence[Permission], now: dt.datetime) -> str:
    if not permissions:
        return "aucun mandat signé : rien n’est sondé"
    states = {standing(permission, now) for permission in permissions}
    if "valid" in states:
        return (
            "hors de la fenêtre du mandat, ou aucun nom du parc dans son périmètre"
            if names
            else "aucun domaine ni adresse dans le parc : ajoutez-les"
        )
    if "future" in states:
        return "le mandat n’a pas encore commencé"
    return "mandat révoqué" if "revoked" in states else "mandat expiré : faites-le renouveler"
