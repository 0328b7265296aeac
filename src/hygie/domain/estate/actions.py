"""Write the estate: what an inventory or an SBOM says replaces what it said before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from hygie.domain.estate.models import Asset, AssetKind, Installed, Mapping, Source
from hygie.domain.estate.products import product_key, record_products
from hygie.domain.journal.actions import Act, record
from hygie.vocabulary.enums import Criticality
from hygie.vocabulary.facts import Component

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping as MappingType
    from collections.abc import Sequence

    from hygie.domain.territory.models import Node

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Document:
    """The file something was read from: its kind, its name without folder, its SHA-256."""

    kind: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class AssetLine:
    """One asset as an inventory states it; see Asset for the fields.

    ``components`` are the products on it; an application or a device that states a version
    is a product itself.
    """

    kind: str
    name: str
    vendor: str = ""
    model: str = ""
    version: str = ""
    criticality: str = Criticality.SUPPORT
    service: str = ""
    quantity: int = 1
    cpe: str | None = None
    components: tuple[Component, ...] = ()


def import_assets(
    node: Node,
    lines: Sequence[AssetLine],
    document: Document,
    *,
    actor: str,
    now: dt.datetime,
) -> Source:
    """Replace what the document of the same name said of this node by ``lines``.

    An asset that the new document no longer names is removed (dated, not erased); whole or
    not at all.
    """
    with transaction.atomic():
        source = _open_source(node, document, len(lines), actor=actor, now=now)
        kept = [_record_asset(node, line, source, now) for line in lines]
        removed = (
            Asset.objects.filter(node=node, removed_at__isnull=True)
            .filter(source__kind=document.kind, source__name=document.name)
            .exclude(pk__in=[asset.pk for asset in kept])
        )
        Installed.objects.filter(asset__in=removed).delete()
        gone = removed.update(removed_at=now)
        record(
            Act(
                "estate.imported",
                "source",
                str(source.pk),
                node.pk,
                {
                    "file": document.name,
                    "sha256": document.sha256,
                    "assets": len(lines),
                    "removed": gone,
                },
            ),
            actor=actor,
            now=now,
        )
    return source


def import_sbom(
    node: Node,
    line: AssetLine,
    document: Document,
    *,
    actor: str,
    now: dt.datetime,
) -> Source:
    """Set the components of one application or device to those of its SBOM."""
    with transaction.atomic():
        source = _open_source(node, document, len(line.components), actor=actor, now=now)
        asset = _record_asset(node, line, source, now)
        record(
            Act(
                "estate.sbom",
                "asset",
                str(asset.pk),
                node.pk,
                {
                    "file": document.name,
                    "sha256": document.sha256,
                    "components": len(line.components),
                },
            ),
            actor=actor,
            now=now,
        )
    return source


def save_mapping(
    node: Node,
    kind: str,
    name: str,
    columns: MappingType[str, str],
    *,
    actor: str,
    now: dt.datetime,
) -> Mapping:
    """Keep which column means what, under a name, for the next file of this node."""
    with transaction.atomic():
        mapping, _ = Mapping.objects.update_or_create(
            node=node, kind=kind, name=name, defaults={"columns": dict(columns)}
        )
        record(
            Act("estate.mapping", "mapping", str(mapping.pk), node.pk, {"name": name}),
            actor=actor,
            now=now,
        )
    return mapping


def _open_source(
    node: Node, document: Document, rows: int, *, actor: str, now: dt.datetime
) -> Source:
    Source.objects.filter(
        node=node, kind=document.kind, name=document.name, replaced_at__isnull=True
    ).update(replaced_at=now)
    return Source.objects.create(
        node=node,
        kind=document.kind,
        name=document.name[:200],
        sha256=document.sha256,
        rows=rows,
        read_at=now,
        read_by=actor,
    )


def _record_asset(node: Node, line: AssetLine, source: Source, now: dt.datetime) -> Asset:
    fields: dict[str, object] = {
        "vendor": line.vendor,
        "model": line.model,
        "version": line.version,
        "criticality": line.criticality,
        "service": line.service,
        "quantity": line.quantity,
        "source": source,
    }
    asset, _ = Asset.objects.update_or_create(
        node=node,
        kind=line.kind,
        name=line.name,
        removed_at=None,
        defaults=fields,
        create_defaults=fields | {"added_at": now},
    )
    _install(asset, _components_of(line), source, now)
    return asset


def _components_of(line: AssetLine) -> tuple[Component, ...]:
    """Return the products on the asset, itself among them when it has a version."""
    if not line.version or line.kind in (AssetKind.DOMAIN, AssetKind.ADDRESS):
        return line.components
    kind = {AssetKind.DEVICE: "device", AssetKind.SYSTEM: "operating-system"}.get(
        AssetKind(line.kind), "application"
    )
    own = Component(
        name=line.model or line.name,
        version=line.version,
        cpe=line.cpe,
        vendor=line.vendor,
        kind=kind,
    )
    return (own, *line.components)


def _install(
    asset: Asset, components: Sequence[Component], source: Source, now: dt.datetime
) -> None:
    """Make the asset hold exactly these products; those already there keep their date."""
    products = record_products(components)
    wanted = {products[product_key(component)].pk for component in components}
    held = set(Installed.objects.filter(asset=asset).values_list("product_id", flat=True))
    Installed.objects.filter(asset=asset).exclude(product_id__in=wanted).delete()
    Installed.objects.bulk_create(
        [
            Installed(
                node_id=asset.node_id,
                asset=asset,
                product_id=pk,
                source=source,
                quantity=asset.quantity,
                added_at=now,
            )
            for pk in sorted(wanted - held)
        ],
        batch_size=_BATCH,
    )
