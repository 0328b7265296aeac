"""Tell what a file changes in an estate before it changes it.

The whole estate of the place is read in a fixed number of queries, whatever its size; the
same plan is shown (``Difference``) and carried out (``writing``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hygie.domain.estate.lines import SBOM, AssetLine, Document
from hygie.domain.estate.models import Asset, Installed, Source
from hygie.domain.estate.products import product_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hygie.domain.territory.models import Node
    from hygie.vocabulary.facts import Component

FIELDS: Final = ("vendor", "model", "version", "criticality", "service", "quantity")
"""What an inventory says of an asset besides its kind and name."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A product on an asset: its row, and whether an SBOM is what says so."""

    pk: int
    product_id: int
    product_key: str
    title: str
    from_sbom: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one asset.

    Attributes:
        line: what the file says of it.
        asset: the asset as it stands, None for a new one.
        fields: (field, before, after) of what differs; empty for a new asset.
        installed: products that come, by key.
        dropped: products that go.
        kept: how many stay.
    """

    line: AssetLine
    asset: Asset | None
    fields: tuple[tuple[str, object, object], ...]
    installed: Mapping[str, Component]
    dropped: tuple[Holding, ...]
    kept: int

    @property
    def is_same(self) -> bool:
        """The file says what is known already."""
        return not (self.asset is None or self.fields or self.installed or self.dropped)


@dataclass(frozen=True, slots=True)
class Difference:
    """What a file changes: ``changes`` in its order, ``removed`` the assets it drops."""

    changes: tuple[Change, ...]
    removed: tuple[Asset, ...] = ()

    @property
    def added(self) -> tuple[Change, ...]:
        """The assets that were not known."""
        return tuple(change for change in self.changes if change.asset is None)

    @property
    def changed(self) -> tuple[Change, ...]:
        """The known assets of which something differs."""
        return tuple(c for c in self.changes if c.asset is not None and not c.is_same)

    @property
    def same(self) -> int:
        """How many assets do not change."""
        return sum(change.is_same for change in self.changes)


@dataclass(frozen=True, slots=True)
class _Standing:
    """The estate in use at a place: assets by kind and name, products by asset."""

    assets: Mapping[tuple[str, str], Asset]
    holdings: Mapping[int, list[Holding]] = field(default_factory=dict)


def compare_inventory(node: Node, lines: Iterable[AssetLine], document: Document) -> Difference:
    """Return what ``lines`` change if they replace what the document of that name said.

    Of two lines with the same kind and name the last counts. Products that an SBOM states
    stay: an inventory only replaces what inventories said.
    """
    by_key = {line.key: line for line in lines}
    standing = _read(node)
    changes = tuple(
        _change(line, line.products, standing, from_sbom=False) for line in by_key.values()
    )
    earlier = set(
        Source.objects.filter(node=node, kind=document.kind, name=document.name).values_list(
            "pk", flat=True
        )
    )
    removed = tuple(
        asset
        for key, asset in standing.assets.items()
        if asset.source_id in earlier and key not in by_key
    )
    return Difference(changes, removed)


def compare_sboms(node: Node, lines: Sequence[AssetLine]) -> Difference:
    """Return what changes if these lines replace the components that SBOMs stated.

    An asset that an inventory described keeps what it says; its criticality and components
    follow. One that only SBOMs know, or that is new, follows the line whole.
    """
    standing = _read(node, names=[line.name for line in lines])
    changes = []
    for line in lines:
        asset = standing.assets.get(line.key)
        described = asset is not None and (asset.source is None or asset.source.kind != SBOM)
        if asset is not None and described:
            line = _follow(asset, line)  # noqa: PLW2901 - the line as it applies here
            changes.append(_change(line, line.components, standing, from_sbom=True))
        else:
            changes.append(_change(line, line.products, standing, from_sbom=True))
    return Difference(tuple(changes))


def _follow(asset: Asset, line: AssetLine) -> AssetLine:
    return AssetLine(
        kind=line.kind,
        name=line.name,
        vendor=asset.vendor,
        model=asset.model,
        version=asset.version,
        criticality=line.criticality,
        service=asset.service,
        quantity=asset.quantity,
        components=line.components,
    )


def _read(node: Node, *, names: Sequence[str] | None = None) -> _Standing:
    """Read the estate in two queries, or only the assets of these names."""
    assets = Asset.objects.filter(node=node, removed_at__isnull=True).select_related("source")
    held = Installed.objects.filter(node=node)
    if names is not None:
        assets = assets.filter(name__in=names)
        held = held.filter(asset__name__in=names)
    holdings: dict[int, list[Holding]] = {}
    rows = held.values_list(
        "asset_id",
        "pk",
        "product_id",
        "product__key",
        "product__name",
        "product__version",
        "source__kind",
    )
    for asset_id, pk, product_id, key, name, version, kind in rows.order_by("pk").iterator():
        holding = Holding(pk, product_id, key, f"{name} {version}".strip(), kind == SBOM)
        holdings.setdefault(asset_id, []).append(holding)
    return _Standing({(asset.kind, asset.name): asset for asset in assets}, holdings)


def _change(
    line: AssetLine, products: Sequence[Component], standing: _Standing, *, from_sbom: bool
) -> Change:
    asset = standing.assets.get(line.key)
    held = standing.holdings.get(asset.pk, []) if asset else []
    wanted = {product_key(component): component for component in products}
    known = {holding.product_key for holding in held}
    return Change(
        line=line,
        asset=asset,
        fields=_differing(asset, line) if asset else (),
        installed={key: component for key, component in wanted.items() if key not in known},
        dropped=tuple(
            holding
            for holding in held
            if holding.from_sbom == from_sbom and holding.product_key not in wanted
        ),
        kept=len(known & wanted.keys()),
    )


def _differing(asset: Asset, line: AssetLine) -> tuple[tuple[str, object, object], ...]:
    pairs = ((name, getattr(asset, name), getattr(line, name)) for name in FIELDS)
    return tuple((name, before, after) for name, before, after in pairs if before != after)
