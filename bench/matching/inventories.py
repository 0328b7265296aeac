"""Synthetic inventories: real products at real and unseen versions, and unknown libraries."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from hygie.vocabulary.cpe import escape
from hygie.vocabulary.facts import Component

if TYPE_CHECKING:
    from hygie.engines.matching.columns import CorpusColumns


def estate(columns: CorpusColumns, count: int, *, seed: int = 5) -> list[Component]:
    """Return an inventory of which half is never seen by the corpus.

    The other half are its products, two thirds at a version it states, one third beside.
    Products are drawn uniformly, as an inventory holds many products and few versions of each.
    """
    chance = random.Random(seed)  # noqa: S311 - the same inventory each run
    found = []
    while len(found) < count // 2:
        product = chance.randrange(len(columns.product_hash))
        if component := _product(columns, product, chance):
            found.append(component)
    found += unseen(count - len(found))
    chance.shuffle(found)
    return found


def unseen(count: int, run: int = 0) -> list[Component]:
    """Return packages that no corpus knows, other ones for each run."""
    return [
        Component(f"invented-{run}-{n}", "1.0", purl=f"pkg:npm/invented-{run}-{n}@1.{n}")
        for n in range(count)
    ]


def bounds_uniformly(columns: CorpusColumns, count: int, *, seed: int = 7) -> list[Component]:
    """Return products at versions drawn uniformly from all bounds.

    The worst case: products with thousands of versions and criteria fill the inventory.
    """
    chance = random.Random(seed)  # noqa: S311 - the same inventory each run
    found = []
    while len(found) < count:
        row = chance.randrange(len(columns.bound_rank))
        product = int(columns.bound_end.searchsorted(row, side="right"))
        component = _at(columns, product, columns.bound_text.text(row))
        if component:
            found.append(component)
    return found


def _product(columns: CorpusColumns, product: int, chance: random.Random) -> Component | None:
    first, end = int(columns.bound_start[product]), int(columns.bound_end[product])
    version = "1.0"
    if first < end:
        version = columns.bound_text.text(chance.randrange(first, end))
    if chance.random() < 1 / 3:
        version += ".99"
    return _at(columns, product, version)


def _at(columns: CorpusColumns, product: int, version: str) -> Component | None:
    identity = columns.identity.text(product)
    if identity.startswith("pkg:"):
        return None
    vendor, _, name = identity.partition("/")
    cpe = f"cpe:2.3:*:{escape(vendor)}:{escape(name)}:{escape(version)}:*:*:*:*:*:*:*"
    return Component(name, version, cpe=cpe, vendor=vendor)
