"""An invented nation: real products of the corpus, installed as estates are, a heavy head first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from hygie.engines.matching.columns import Column, CorpusColumns

ESTABLISHMENTS: Final = 3_000
PRODUCTS: Final = 1_000_000
ROWS: Final = 30_000_000
_HEAD: Final = 5.0
_SPREAD: Final = 1.1


class Nation(NamedTuple):
    """Distinct products and who installed them.

    Attributes:
        identities, versions: Arrow string columns, one row a distinct product.
        establishment, component: int32, one row an installed product, by establishment.
    """

    identities: pa.Array
    versions: pa.Array
    establishment: Column
    component: Column


def products(
    columns: CorpusColumns, count: int, *, fresh: bool = False, seed: int = 3
) -> tuple[pa.Array, pa.Array]:
    """Return distinct (identity, version) pairs.

    An old estate draws all bounds uniformly, as the reference measurements did, which
    over-represents products with many versions; a fresh one takes each product at its last few
    bounds: what is installed is recent, and its latest flaws are known.
    """
    chance = np.random.default_rng(seed)
    owner = np.repeat(np.arange(len(columns.bound_start)), columns.bound_end - columns.bound_start)
    own = np.flatnonzero(np.asarray(columns.ceiling) == 0)
    if fresh:
        last = columns.bound_end[columns.bound_end > columns.bound_start] - 1
        own = np.concatenate([np.maximum(last - step, 0) for step in range(3)])
    rows = chance.permutation(own)
    identities, versions, suffix = [], [], 0
    seen: set[tuple[int, str]] = set()
    while len(versions) < count:
        for row in rows.tolist():
            product = int(owner[row])
            text = columns.bound_text.text(row) + (f".{suffix}" if suffix else "")
            if (product, text) not in seen and len(versions) < count:
                seen.add((product, text))
                identities.append(columns.identity.text(product))
                versions.append(text)
        suffix += 1
    return pa.array(identities), pa.array(versions)


def nation(columns: CorpusColumns, *, rows: int = ROWS, seed: int = 3) -> Nation:
    """Return a nation of sizes spread as hospitals are, whose first products fill most rows.

    The k-th most common product has a share near 1/(k + 5) of all rows.
    """
    chance = np.random.default_rng(seed)
    identities, versions = products(columns, PRODUCTS, seed=seed)
    sizes = chance.lognormal(0, _SPREAD, ESTABLISHMENTS)
    sizes = np.maximum(sizes / sizes.sum() * rows, 1).astype(np.int64)
    sizes[0] += rows - sizes.sum()
    establishment = np.repeat(np.arange(ESTABLISHMENTS, dtype=np.int32), sizes)
    span = np.log((PRODUCTS + _HEAD) / _HEAD)
    ranks = np.exp(chance.random(rows, np.float32) * span) * _HEAD - _HEAD
    by_rank = chance.permutation(PRODUCTS).astype(np.int32)
    component = by_rank[np.clip(ranks, 0, PRODUCTS - 1).astype(np.int32)]
    return Nation(identities, versions, establishment, component)
