"""Carry out a Difference: as many statements as batches, not as assets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from django.db.models import OuterRef, Subquery

from hygie.domain.estate.comparing import FIELDS
from hygie.domain.estate.lines import SBOM
from hygie.domain.estate.models import Asset, Installed, Source
from hygie.domain.estate.products import record_products

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from hygie.domain.estate.comparing import Change, Difference
    from hygie.domain.estate.lines import Document
    from hygie.domain.territory.models import Node

T = TypeVar("T")

_BATCH: Final = 500


def open_source(
    node: Node, document: Document, rows: int, *, actor: str, now: dt.datetime
) -> Source:
    """Record the file that was read; the one it replaces is dated."""
    Source.objects.filter(
        node=node, kind=document.kind, name=document.name, replaced_at__isnull=True
    ).update(replaced_at=now)
    return Source.objects.create(
        node=node,
        kind=document.kind,
        name=document.name,
        sha256=document.sha256,
        rows=rows,
        read_at=now,
        read_by=actor,
    )


def write_difference(
    node: Node, difference: Difference, source: Source, *, now: dt.datetime
) -> dict[tuple[str, str], Asset]:
    """Write assets and products, inside the caller's transaction; returns the assets by key.

    Of an SBOM, only the assets that are new or known by SBOMs alone take it as their source;
    an inventory becomes the source of everything it names.
    """
    _remove(difference.removed, now)
    known = [change for change in difference.changes if change.asset is not None]
    _update([change for change in known if change.fields])
    _adopt(known, source)
    assets = {change.line.key: change.asset for change in known if change.asset is not None}
    assets |= _create(node, difference.added, source, now)
    _install(difference.changes, assets, source, now)
    return assets


def _remove(removed: Sequence[Asset], now: dt.datetime) -> None:
    for pks in _batches([asset.pk for asset in removed]):
        Installed.objects.filter(asset_id__in=pks).delete()
        Asset.objects.filter(pk__in=pks).update(removed_at=now)


def _update(changes: Sequence[Change]) -> None:
    """Write the new fields of known assets, in one upsert a batch."""
    rows: list[Asset] = []
    requantified: list[int] = []
    for change in changes:
        if change.asset is None:
            continue
        for name, _before, after in change.fields:
            setattr(change.asset, name, after)
            if name == "quantity":
                requantified.append(change.asset.pk)
        rows.append(change.asset)
    Asset.objects.bulk_create(
        rows, batch_size=_BATCH, update_conflicts=True, unique_fields=["pk"], update_fields=FIELDS
    )
    quantity = Asset.objects.filter(pk=OuterRef("asset_id")).values("quantity")[:1]
    for pks in _batches(requantified):
        Installed.objects.filter(asset_id__in=pks).update(quantity=Subquery(quantity))


def _adopt(changes: Sequence[Change], source: Source) -> None:
    wanted = [
        change.asset.pk
        for change in changes
        if change.asset is not None
        and (
            source.kind != SBOM
            or (change.asset.source is not None and change.asset.source.kind == SBOM)
        )
    ]
    for pks in _batches(wanted):
        Asset.objects.filter(pk__in=pks).update(source=source)


def _create(
    node: Node, changes: Sequence[Change], source: Source, now: dt.datetime
) -> dict[tuple[str, str], Asset]:
    rows = [
        Asset(
            node=node,
            kind=change.line.kind,
            name=change.line.name,
            source=source,
            added_at=now,
            **{name: getattr(change.line, name) for name in FIELDS},
        )
        for change in changes
    ]
    created = Asset.objects.bulk_create(rows, batch_size=_BATCH)
    return {(str(asset.kind), asset.name): asset for asset in created}


def _install(
    changes: Sequence[Change],
    assets: dict[tuple[str, str], Asset],
    source: Source,
    now: dt.datetime,
) -> None:
    """Make each asset hold the products planned; those already there keep their date."""
    for pks in _batches([holding.pk for change in changes for holding in change.dropped]):
        Installed.objects.filter(pk__in=pks).delete()
    products = record_products(
        component for change in changes for component in change.installed.values()
    )
    Installed.objects.bulk_create(
        [
            Installed(
                node_id=source.node_id,
                asset=assets[change.line.key],
                product=products[key],
                source=source,
                quantity=change.line.quantity,
                added_at=now,
            )
            for change in changes
            for key in change.installed
        ],
        batch_size=_BATCH,
    )


def _batches(values: Iterable[T]) -> Iterator[list[T]]:
    ordered = list(values)
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]
