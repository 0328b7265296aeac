"""Names found by rounds and files: proposed to the establishment, probed only once accepted.

An accepted name joins the estate; a mandate still decides whether it may be probed. What was
refused, or is somebody else's, is remembered and not proposed again.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final

from django.db import transaction

from hygie.domain.estate.models import Asset, AssetKind, PerimeterKind, PerimeterLine
from hygie.domain.findings.models import Finding
from hygie.domain.journal.actions import Act, record
from hygie.domain.surveillance.models import NameSource, Proposal, ProposalState
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Sequence

    from hygie.domain.territory.models import Node
    from hygie.engines.exchange.scans.names import Found

REASON_MIN_CHARACTERS: Final = 5
_BATCH: Final = 300
_NAME_MAX: Final = 200


class ProposalError(UsageError):
    """A decision on a name that does not hold."""


def propose(
    node: Node, source: NameSource, found: Iterable[Found], *, actor: str, now: dt.datetime
) -> list[Proposal]:
    """Propose the names that the estate does not hold; returns the new proposals."""
    wanted = {
        (_kind(one.name), one.name): one.found_in[:300]
        for one in found
        if 0 < len(one.name) <= _NAME_MAX
    }
    with transaction.atomic():
        held = set(_estate_names(node))
        known = {
            (row.kind, row.name): row
            for row in Proposal.objects.select_for_update().filter(node=node)
        }
        again = [known[key] for key in wanted if key in known]
        for row in again:
            row.last_seen_at = max(row.last_seen_at, now)
        Proposal.objects.bulk_update(again, ["last_seen_at"], batch_size=_BATCH)
        own = own_domains(node)
        fresh = [
            Proposal(
                node=node, kind=kind, name=name, source=source, found_in=where,
                under_own_domain=_is_under(name, own), first_seen_at=now, last_seen_at=now,
            )
            for (kind, name), where in wanted.items()
            if (kind, name) not in known and name not in held
        ]  # fmt: skip
        made = Proposal.objects.bulk_create(fresh, batch_size=_BATCH)
        if made:
            detail = {"source": str(source), "names": len(made)}
            record(
                Act("surveillance.names", "node", str(node.pk), node.pk, detail),
                actor=actor,
                now=now,
            )
    return made


def accept(proposals: Collection[Proposal], *, actor: str, now: dt.datetime) -> int:
    """Add names to the estate; returns how many. A mandate still decides what is probed."""
    return _decide(proposals, ProposalState.ACCEPTED, "", actor, now)


def refuse(proposals: Collection[Proposal], *, reason: str, actor: str, now: dt.datetime) -> int:
    """Keep names out of the estate, with the reason that will be asked for one day.

    Raises:
        ProposalError: if the reason says nothing.
    """
    if len(reason.strip()) < REASON_MIN_CHARACTERS:
        raise ProposalError("dites en quelques mots pourquoi ces noms sont refusés")
    return _decide(proposals, ProposalState.REFUSED, reason.strip()[:300], actor, now)


def disown(proposals: Collection[Proposal], *, actor: str, now: dt.datetime) -> int:
    """Say that names belong to somebody else."""
    return _decide(proposals, ProposalState.FOREIGN, "", actor, now)


def undo(proposals: Collection[Proposal], *, actor: str, now: dt.datetime) -> int:
    """Put names back to be decided; what acceptance alone added leaves the estate again.

    Raises:
        ProposalError: if a weakness was already found on one: it has become part of the history.
    """
    assets = [row.asset_id for row in proposals if row.asset_id is not None]
    if Finding.objects.filter(asset_id__in=assets).exists():
        raise ProposalError(
            "un constat porte déjà sur l’un de ces noms ; retirez-le du parc plutôt que d’annuler"
        )
    with transaction.atomic():
        Asset.objects.filter(pk__in=assets, removed_at__isnull=True).update(removed_at=now)
        return _decide(proposals, ProposalState.PROPOSED, "", actor, now)


def own_domains(node: Node) -> frozenset[str]:
    """Return the domains that the establishment says are its own: estate and mandates."""
    assets = Asset.objects.filter(node=node, kind=AssetKind.DOMAIN, removed_at__isnull=True)
    lines = PerimeterLine.objects.filter(mandate__node=node, kind=PerimeterKind.DOMAIN)
    return frozenset(
        name.lower()
        for rows, column in ((assets, "name"), (lines, "value"))
        for name in rows.values_list(column, flat=True)
    )


def _decide(
    proposals: Collection[Proposal], state: ProposalState, reason: str, actor: str, now: dt.datetime
) -> int:
    with transaction.atomic():
        pks = [row.pk for row in proposals]
        rows = list(Proposal.objects.select_for_update().filter(pk__in=pks).exclude(state=state))
        decided = state != ProposalState.PROPOSED
        for row in rows:
            row.state, row.reason = state, reason
            row.decided_by, row.decided_at = (actor, now) if decided else ("", None)
            row.asset = _joined(row, now) if state == ProposalState.ACCEPTED else None
        columns = ["state", "reason", "decided_by", "decided_at", "asset"]
        Proposal.objects.bulk_update(rows, columns, batch_size=_BATCH)
        for node_id in sorted({row.node_id for row in rows}):
            names = [row.name for row in rows if row.node_id == node_id]
            detail = {
                "state": str(state),
                "reason": reason,
                "names": names[:50],
                "count": len(names),
            }
            act = Act("surveillance.decided", "node", str(node_id), node_id, detail)
            record(act, actor=actor, now=now)
    return len(rows)


def _joined(row: Proposal, now: dt.datetime) -> Asset | None:
    """Return the asset made for a name, None when the estate holds it already."""
    asset, made = Asset.objects.get_or_create(
        node_id=row.node_id, kind=row.kind, name=row.name, removed_at__isnull=True,
        defaults={"added_at": now},
    )  # fmt: skip
    return asset if made else None


def _estate_names(node: Node) -> Sequence[str]:
    rows = Asset.objects.filter(node=node, removed_at__isnull=True)
    return [name.lower() for name in rows.values_list("name", flat=True)]


def _kind(name: str) -> str:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return AssetKind.DOMAIN.value
    return AssetKind.ADDRESS.value


def _is_under(name: str, domains: Collection[str]) -> bool:
    labels = name.split(".")
    return any(".".join(labels[at:]) in domains for at in range(len(labels)))
