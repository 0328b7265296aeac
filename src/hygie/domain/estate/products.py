"""Distinct products: the same thing installed a thousand times is one row."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from hygie.domain.estate.models import Product
from hygie.vocabulary.facts import Component

if TYPE_CHECKING:
    from collections.abc import Iterable

_BATCH = 500
_MAX_IDENTIFIER = 500


def product_key(component: Component) -> str:
    """Return the SHA-256 that names a product at a version, whatever document names it."""
    parts = [
        component.vendor.strip().lower(),
        component.name.strip().lower(),
        component.version.strip(),
        component.purl or "",
        component.cpe or "",
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def record_products(components: Iterable[Component]) -> dict[str, Product]:
    """Make sure each component has its product row; returns them by key.

    Two imports at once may bring the same product: the unique key settles it.
    """
    wanted = {product_key(component): component for component in components}
    known = _by_key(wanted)
    missing = [key for key in wanted if key not in known]
    Product.objects.bulk_create(
        [_product(key, wanted[key]) for key in missing], batch_size=_BATCH, ignore_conflicts=True
    )
    return known | _by_key(missing)


def component_of(product: Product) -> Component:
    """Return the product as the matcher wants it; ``ref`` is its key."""
    return Component(
        name=product.name,
        version=product.version,
        purl=product.purl or None,
        cpe=product.cpe or None,
        vendor=product.vendor,
        kind=product.kind,
        ref=product.key,
    )


def _by_key(keys: Iterable[str]) -> dict[str, Product]:
    found: dict[str, Product] = {}
    ordered = list(keys)
    for start in range(0, len(ordered), _BATCH):
        batch = Product.objects.filter(key__in=ordered[start : start + _BATCH])
        found.update({product.key: product for product in batch})
    return found


def _product(key: str, component: Component) -> Product:
    return Product(
        key=key,
        vendor=component.vendor[:200],
        name=component.name[:300],
        version=component.version[:200],
        purl=_whole(component.purl),
        cpe=_whole(component.cpe),
        kind=component.kind[:20],
    )


def _whole(identifier: str | None) -> str:
    """Return the identifier, or nothing rather than a cut one: it would name something else."""
    return identifier if identifier and len(identifier) <= _MAX_IDENTIFIER else ""
