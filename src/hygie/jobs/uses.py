"""Every product in use at an establishment, from its inventories and from what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hygie.domain.estate.models import Asset, Installed, Product
from hygie.domain.estate.products import product_key, record_products
from hygie.domain.surveillance.models import Sighting
from hygie.vocabulary.enums import Criticality
from hygie.vocabulary.facts import Component
from hygie.vocabulary.subjects import host_of

if TYPE_CHECKING:
    from hygie.domain.territory.models import Node


@dataclass(frozen=True, slots=True)
class Use:
    """A product in use somewhere.

    Attributes:
        product: the distinct product.
        subject: asset or ``host:port`` where it runs.
        asset: asset concerned, None when the estate does not name it.
        exposed: whether it, or the asset it is on, answers from the Internet.
        probe: probe that saw it, empty for an inventory.
    """

    product: Product
    subject: str
    asset: Asset | None
    exposed: bool
    probe: str = ""

    @property
    def place(self) -> str:
        """Name the asset it is on: what runs there runs together."""
        return f"asset:{self.asset.pk}" if self.asset else f"host:{host_of(self.subject).lower()}"


def uses_of(node: Node) -> list[Use]:
    """Return every product in use at ``node``, from its inventories and from outside."""
    return [*_installed(node), *_shown(node)]


def products_of(node: Node) -> list[Product]:
    """Return the distinct products in use at ``node``."""
    return list({use.product.pk: use.product for use in uses_of(node)}.values())


def assets_by_name(node: Node) -> dict[str, Asset]:
    """Return the assets of ``node`` that are still there, by lower-case name."""
    rows = Asset.objects.filter(node=node, removed_at__isnull=True)
    return {asset.name.lower(): asset for asset in rows}


def criticality_of(asset: Asset | None) -> Criticality:
    """Return the criticality to reckon with; an asset nobody described is taken as important."""
    return Criticality(asset.criticality) if asset else Criticality.IMPORTANT


def _installed(node: Node) -> list[Use]:
    rows = Installed.objects.filter(node=node).select_related("product", "asset")
    answering = _answering(node)
    return [
        Use(row.product, row.asset.name, row.asset, row.asset.name.lower() in answering)
        for row in rows.order_by("asset__name", "product__name", "product__version", "pk")
    ]


def _shown(node: Node) -> list[Use]:
    rows = list(
        Sighting.objects.filter(node=node, current=True).exclude(product="").order_by("subject")
    )
    components = {row.pk: _component(row) for row in rows}
    products = record_products(components.values())
    assets = assets_by_name(node)
    return [
        Use(
            products[product_key(components[row.pk])],
            row.subject,
            assets.get(host_of(row.subject).lower()),
            exposed=row.value.get("exposed") is not False,  # another tool's, seen from inside
            probe=row.probe,
        )
        for row in rows
    ]


def _answering(node: Node) -> frozenset[str]:
    """Return the hosts that have a port open to the Internet, as surveillance saw them last."""
    rows = Sighting.objects.filter(node=node, current=True).values_list("subject", "value")
    return frozenset(
        host_of(subject).lower()
        for subject, value in rows
        if host_of(subject) != subject
        and value.get("open") is not False
        and value.get("exposed") is not False
    )


def _component(sighting: Sighting) -> Component:
    vendor, _, name = sighting.product.rpartition("/")
    return Component(name=name, version=sighting.version, vendor=vendor, kind="application")
