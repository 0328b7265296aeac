"""The columns of a corpus, and how a compiler's numbers become them.

All positions are on the axis of ``axis``; all row numbers are of the tables named here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, cast

import numpy as np
import pyarrow as pa

from hygie.engines.corpus.settling import paired, settle
from hygie.vocabulary.identity import identity_hash

if TYPE_CHECKING:
    from array import array
    from collections.abc import Mapping

    from hygie.engines.corpus.axis import Axis, PlacedAxis
    from hygie.engines.corpus.columns import Column, Table
    from hygie.engines.corpus.conditions import Conditions
    from hygie.engines.corpus.contexts import Numbers
    from hygie.engines.corpus.facts import FactsBuilder

_INT32: Final = pa.int32()

PRODUCT_SCHEMA: Final = pa.schema(
    [
        pa.field("hash", pa.uint64(), nullable=False),  # identity_hash(identity); sorted
        pa.field("identity", pa.string(), nullable=False),
        pa.field("scheme", pa.string(), nullable=False),
        pa.field("bound_start", _INT32, nullable=False),  # rows of ``bound``: [start, end)
        pa.field("bound_end", _INT32, nullable=False),
        pa.field("statement_start", _INT32, nullable=False),  # rows of ``statement``
        pa.field("statement_end", _INT32, nullable=False),
        pa.field("axis_start", _INT32, nullable=False),
    ]
)
KEY_SCHEMA: Final = pa.schema(
    [pa.field("key", pa.binary(), nullable=False)]  # distinct, sorted: byte order is version order
)
BOUND_SCHEMA: Final = pa.schema(
    [
        pa.field("key", _INT32, nullable=False),  # row of ``key``; ascending inside a product
        pa.field("text", pa.string(), nullable=False),
        pa.field("ceiling", pa.uint8(), nullable=False),  # 0 version, 1 end of builds, 2 updates
    ]
)
STATEMENT_SCHEMA: Final = pa.schema(
    [
        pa.field("cve", _INT32, nullable=False),  # row of ``cve``; sorted inside a product
        pa.field("low", _INT32, nullable=False),  # positions [low, high)
        pa.field("high", _INT32, nullable=False),
        pa.field("context", _INT32, nullable=False),  # row of ``context``
    ]
)
CONTEXT_SCHEMA: Final = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("part", pa.string(), nullable=False),
        pa.field("attributes", _INT32, nullable=False),  # row of ``attributes``
        pa.field("condition", _INT32, nullable=False),  # row of ``condition``; 0: none
        pa.field("note", pa.string(), nullable=False),  # why undecided; empty: decided
        pa.field("status", pa.string(), nullable=False),  # affected, not_affected, fixed, overruled
        pa.field("dated", pa.string(), nullable=False),  # ISO date, or empty
        pa.field("document", pa.string(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),  # why not affected
    ]
)
ATTRIBUTES_SCHEMA: Final = pa.schema([pa.field("text", pa.string(), nullable=False)])
CONDITION_SCHEMA: Final = pa.schema([pa.field("clauses", pa.list_(_INT32), nullable=False)])
CLAUSE_SCHEMA: Final = pa.schema(
    [
        pa.field("negated", pa.bool_(), nullable=False),
        pa.field("partner_start", _INT32, nullable=False),  # rows of ``partner``
        pa.field("partner_end", _INT32, nullable=False),
    ]
)
PARTNER_SCHEMA: Final = pa.schema(
    [
        pa.field("product", _INT32, nullable=False),
        pa.field("attributes", _INT32, nullable=False),
        pa.field("low", _INT32, nullable=False),
        pa.field("high", _INT32, nullable=False),
    ]
)
NAME_SCHEMA: Final = pa.schema(
    [
        pa.field("hash", pa.uint64(), nullable=False),  # of the product part; sorted
        pa.field("product", _INT32, nullable=False),
    ]
)
ALIAS_SCHEMA: Final = pa.schema(
    [
        pa.field("name", pa.string(), nullable=False),  # normal_name, sorted; ``type:name`` in
        # the table ``package``
        pa.field("identity", pa.string(), nullable=False),
    ]
)


class Numbered(Protocol):
    """What a compiler took in, as numbers.

    Attributes:
        own_aliases, aliases: identities by normal name; ours prevail.
        ranks: of sources, by precedence.
        facts: of every CVE.
        axis: every bound, by product.
        products: numbers by (identity, scheme).
        contexts: numbers by Context; more may be added.
        attributes: numbers by CPE attributes.
        conditions: what statements depend on.
        rows: flat rows of five: product, cve, low code, high code, context.
        unpaired: contexts of bulletins that do not say which CVE touches which product.
    """

    own_aliases: Mapping[str, tuple[str, ...]]
    aliases: dict[str, set[str]]
    ranks: Mapping[str, int]
    facts: FactsBuilder
    axis: Axis
    products: Numbers
    contexts: Numbers
    attributes: Numbers
    conditions: Conditions
    rows: array[int]
    unpaired: set[int]


def assemble(compiler: Numbered) -> Mapping[str, Table]:
    """Return the tables of everything the compiler took in, by name."""
    products = cast("list[tuple[str, str]]", list(compiler.products))
    hashes = [identity_hash(identity) for identity, _ in products]
    order = sorted(range(len(products)), key=lambda n: (hashes[n], products[n]))
    axis = compiler.axis.place(order)
    rank = _inverse(order)
    cve_order = compiler.facts.order()
    cve, text = compiler.facts.tables(cve_order)
    vendors = _vendors([products[n][0] for n in order])
    statement, starts = _statements(compiler, axis, rank, _inverse(cve_order), vendors)
    return {
        "cve": cve,
        "text": text,
        "product": _products(products, hashes, order, axis, starts),
        **_bounds(axis),
        "statement": statement,
        "context": _contexts(compiler),
        "attributes": pa.table([pa.array(list(compiler.attributes))], schema=ATTRIBUTES_SCHEMA),
        **_conditions(compiler, axis, rank),
        "name": _names([products[n][0] for n in order]),
        **_aliases(compiler),
    }


def _bounds(axis: PlacedAxis) -> dict[str, Table]:
    """Keep each key once: the rank of a version among all keys places it in any product."""
    keys = sorted(set(axis.keys))
    rank = {key: at for at, key in enumerate(keys)}
    return {
        "key": pa.table([pa.array(keys, pa.binary())], schema=KEY_SCHEMA),
        "bound": pa.table(
            [
                pa.array([rank[key] for key in axis.keys], _INT32),
                pa.array(axis.texts, pa.string()),
                pa.array(axis.ceilings),
            ],
            schema=BOUND_SCHEMA,
        ),
    }


def _inverse(order: list[int]) -> Column:
    rank = np.empty(len(order), np.int64)
    rank[np.asarray(order, np.int64)] = np.arange(len(order))
    return rank


def _vendors(identities: list[str]) -> Column:
    """Return a number for the vendor of each product; a package is its own vendor."""
    numbers: dict[str, int] = {}
    names = (
        identity if identity.startswith("pkg:") else identity.partition("/")[0]
        for identity in identities
    )
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], np.int64)


def _statements(
    compiler: Numbered, axis: PlacedAxis, rank: Column, cve_rank: Column, vendors: Column
) -> tuple[Table, Column]:
    rows = np.frombuffer(compiler.rows, np.int32).reshape(-1, 5)
    product = rank[rows[:, 0]]
    columns = (
        product,
        cve_rank[rows[:, 1]],
        axis.positions(rows[:, 2], product),
        axis.positions(rows[:, 3], product),
        rows[:, 4],
    )
    settled = settle(
        paired(np.stack(columns, axis=1), vendors, compiler.unpaired, compiler.contexts),
        compiler.contexts,
        compiler.ranks,
    )
    order = np.lexsort(settled.T[::-1])
    ordered = [column[order].astype(np.int32) for column in settled.T]
    if len(order):
        new = np.ones(len(order), bool)
        new[1:] = np.any([column[1:] != column[:-1] for column in ordered], axis=0)
        ordered = [column[new] for column in ordered]
    starts = np.searchsorted(ordered[0], np.arange(len(vendors) + 1)).astype(np.int32)
    return pa.table([pa.array(c) for c in ordered[1:]], schema=STATEMENT_SCHEMA), starts


def _products(
    products: list[tuple[str, str]],
    hashes: list[int],
    order: list[int],
    axis: PlacedAxis,
    starts: Column,
) -> Table:
    return pa.table(
        [
            pa.array([hashes[n] for n in order], pa.uint64()),
            pa.array([products[n][0] for n in order], pa.string()),
            pa.array([products[n][1] for n in order], pa.string()),
            pa.array(axis.bound_start[:-1], _INT32),
            pa.array(axis.bound_start[1:], _INT32),
            pa.array(starts[:-1], _INT32),
            pa.array(starts[1:], _INT32),
            pa.array(axis.axis_start[:-1].astype(np.int32), _INT32),
        ],
        schema=PRODUCT_SCHEMA,
    )


def _contexts(compiler: Numbered) -> Table:
    rows = cast("list[tuple[object, ...]]", list(compiler.contexts))
    columns = zip(*rows, strict=True) if rows else [()] * len(CONTEXT_SCHEMA)
    return pa.table(
        [pa.array(list(c), f.type) for c, f in zip(columns, CONTEXT_SCHEMA, strict=True)],
        schema=CONTEXT_SCHEMA,
    )


def _conditions(compiler: Numbered, axis: PlacedAxis, rank: Column) -> dict[str, Table]:
    conditions = compiler.conditions
    partners = np.frombuffer(conditions.partners, np.int32).reshape(-1, 4)
    product = rank[partners[:, 0]]
    starts = np.frombuffer(conditions.partner_start, np.int32)
    return {
        "condition": pa.table(
            [pa.array(conditions.clauses_of, pa.list_(_INT32))], schema=CONDITION_SCHEMA
        ),
        "clause": pa.table(
            [pa.array(conditions.negated, pa.bool_()), pa.array(starts[:-1]), pa.array(starts[1:])],
            schema=CLAUSE_SCHEMA,
        ),
        "partner": pa.table(
            [
                pa.array(product.astype(np.int32)),
                pa.array(np.ascontiguousarray(partners[:, 1])),
                pa.array(axis.positions(partners[:, 2], product)),
                pa.array(axis.positions(partners[:, 3], product)),
            ],
            schema=PARTNER_SCHEMA,
        ),
    }


def _names(identities: list[str]) -> Table:
    named = sorted(
        (identity_hash(identity.partition("/")[2]), product)
        for product, identity in enumerate(identities)
        if not identity.startswith("pkg:")
    )
    return pa.table(
        [
            pa.array([name for name, _ in named], pa.uint64()),
            pa.array([product for _, product in named], _INT32),
        ],
        schema=NAME_SCHEMA,
    )


def _aliases(compiler: Numbered) -> dict[str, Table]:
    own = {name: list(found) for name, found in compiler.own_aliases.items()}
    packages = {name: found for name, found in own.items() if ":" in name}
    stated = {name: sorted(found) for name, found in compiler.aliases.items()}
    names = stated | {name: found for name, found in own.items() if name not in packages}
    return {"alias": _alias_table(names), "package": _alias_table(packages)}


def _alias_table(names: Mapping[str, list[str]]) -> Table:
    pairs = [(name, one) for name, identities in sorted(names.items()) for one in identities]
    columns = ([name for name, _ in pairs], [identity for _, identity in pairs])
    return pa.table([pa.array(column, pa.string()) for column in columns], schema=ALIAS_SCHEMA)
