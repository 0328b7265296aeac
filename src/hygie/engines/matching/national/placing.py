"""Distinct products of an estate, placed on the corpus' axis by whole columns.

Places are sorted by facet, then position. A facet is a product as one kind of component sees
it: statements of that product apply to all places of the facet, or to none.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from hygie.engines.matching.identity import NO_TRAITS
from hygie.engines.matching.kernel import spread
from hygie.engines.matching.versions import VersionError, version_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygie.engines.matching.columns import Column, CorpusColumns
    from hygie.engines.matching.matcher import Matcher
    from hygie.vocabulary.facts import Component

_UNREADABLE: Final = -1
_BULK: Final = 20_000


class Facet(NamedTuple):
    """A product as some components are it.

    Attributes:
        product: row of the corpus' ``product``.
        part: CPE part of the components, ``*`` when not stated.
        traits: CPE values after the update, ``*`` when not stated.
        backported: packages of a distribution, which may be fixed at the same version.
        absent: components that say they have no version.
    """

    product: int
    part: str = "*"
    traits: tuple[str, ...] = NO_TRAITS
    backported: bool = False
    absent: bool = False


class Facets:
    """Facets of an estate, by number, with their attributes as columns.

    Attributes:
        listed: the facets.
        product: int64, one a facet; ``order`` sorts them by it.
        backported, absent: bool, one a facet.
        part: uint8, the character of the part.
        traits: distinct traits; ``traits_of`` gives the number of each facet's.
        choosy: bool: it states a part or traits, so that some statements do not apply.
        plain: one facet a product, in the products' order.
    """

    def __init__(self, listed: Sequence[Facet]) -> None:
        self.listed = listed
        self.product = np.array([facet.product for facet in listed], np.int64)
        self.order = np.argsort(self.product, kind="stable")
        self.backported = np.array([facet.backported for facet in listed], bool)
        self.absent = np.array([facet.absent for facet in listed], bool)
        self.part = np.frombuffer("".join(facet.part for facet in listed).encode(), np.uint8)
        numbers: dict[tuple[str, ...], int] = {NO_TRAITS: 0}
        self.traits_of = np.array(
            [numbers.setdefault(facet.traits, len(numbers)) for facet in listed], np.int64
        )
        self.traits = list(numbers)
        self.plain = bool((self.product[1:] > self.product[:-1]).all())
        self.choosy = (self.part != ord("*")) | (self.traits_of > 0)

    def __len__(self) -> int:
        return len(self.listed)


class Places(NamedTuple):
    """Where the components of an estate stand, sorted by facet and position.

    Attributes:
        component: int32, number of the component at each place; one may stand at several.
        position: int32, on the corpus' axis; that of "no version" where none can be compared.
        facet: int32, number of its facet, ascending.
        facets: what each facet is.
        comparable_end: int64, one a facet: first place of those without version to compare.
        end: int64, one a facet: one past its last place.
        components: how many components the estate has, known to the corpus or not.
    """

    component: Column
    position: Column
    facet: Column
    facets: Facets
    comparable_end: Column
    end: Column
    components: int


def place_texts(matcher: Matcher, identities: Any, versions: Any) -> Places:  # noqa: ANN401 - Arrow
    """Place n distinct products that are named as the corpus names them.

    Args:
        matcher: of the open corpus.
        identities: Arrow string column, n rows: ``vendor/product`` or ``pkg:type/name``, as
            the component was recognised when its inventory came in.
        versions: Arrow string column, n rows; empty when the inventory gives none.

    An identity that the corpus does not know takes no place; one that it orders by two schemes
    takes two.
    """
    columns = matcher.columns
    names, name_of = _encoded(identities)
    texts, text_of = _encoded(versions)
    products = [matcher.products(name) for name in names]
    counts = np.array([len(found) for found in products], np.int64)
    flat = np.array([product for found in products for product in found], np.int64)
    starts = np.cumsum(counts) - counts
    component = np.repeat(np.arange(len(name_of)), counts[name_of])
    product = flat[spread(starts[name_of], starts[name_of] + counts[name_of])]
    position = _positions(columns, product, text_of[component], texts)
    present = np.unique(product)
    facets = [Facet(number) for number in present.tolist()]
    facet = np.searchsorted(present, product)
    return _sorted(columns, facets, component, position, facet, len(name_of))


def place_components(matcher: Matcher, components: Sequence[Component]) -> Places:
    """Place n distinct components, recognising each; exact twin of ``Matcher.place``."""
    numbers: dict[Facet, int] = {}
    rows: list[tuple[int, int, int]] = []
    for number, component in enumerate(components):
        for candidate, position, problem in matcher.places(component):
            facet = Facet(
                candidate.product,
                candidate.part,
                candidate.traits,
                candidate.backported,
                candidate.absent and bool(problem),
            )
            rows.append((number, position, numbers.setdefault(facet, len(numbers))))
    component_, position_, facet_ = np.array(rows, np.int64).reshape(-1, 3).T
    return _sorted(matcher.columns, list(numbers), component_, position_, facet_, len(components))


def _encoded(column: Any) -> tuple[list[str], Column]:  # noqa: ANN401 - Arrow
    combined = column.combine_chunks() if hasattr(column, "combine_chunks") else column
    encoded = combined.dictionary_encode()
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy().astype(np.int64)


def _positions(
    columns: CorpusColumns, product: Column, text_of: Column, texts: list[str]
) -> Column:
    """Return positions, that of "no version" where the text cannot be read."""
    schemes, scheme_of = _schemes(columns, product)
    pairs, pair_of = np.unique(text_of * len(schemes) + scheme_of, return_inverse=True)
    ranks = _doubled_ranks(
        columns,
        [(texts[pair // len(schemes)], schemes[pair % len(schemes)]) for pair in pairs.tolist()],
    )[pair_of]
    owner = np.repeat(np.arange(len(columns.bound_start)), columns.bound_end - columns.bound_start)
    # A bound stands at twice its rank plus one, so that the gap below it has a place.
    bounds = owner << 32 | (2 * columns.bound_rank.astype(np.int64) + 1)
    wanted = product << 32 | np.maximum(ranks, 0)
    row = np.searchsorted(bounds, wanted)
    equal = np.zeros(len(row), bool)
    inside = row < len(bounds)
    equal[inside] = bounds[row[inside]] == wanted[inside]
    placed = columns.axis_start[product] + 2 * (row - columns.bound_start[product]) + equal
    found: Column = np.where(ranks == _UNREADABLE, columns.axis_end[product] - 1, placed)
    return found


def _schemes(columns: CorpusColumns, product: Column) -> tuple[list[str], Column]:
    present, inverse = np.unique(product, return_inverse=True)
    numbers: dict[str, int] = {}
    of_present = [numbers.setdefault(columns.scheme.text(row), len(numbers)) for row in present]
    return list(numbers) or [""], np.asarray(of_present, np.int64)[inverse]


def _doubled_ranks(columns: CorpusColumns, versions: list[tuple[str, str]]) -> Column:
    """Return 2 x rank + 1 for a version that is a key of the corpus, 2 x rank for one below it."""
    keys = _Keys(columns) if len(versions) < _BULK else columns.key.all_raw()
    found = np.full(len(versions), _UNREADABLE, np.int64)
    for at, (version, scheme) in enumerate(versions):
        if not version:
            continue
        try:
            key = version_key(version, scheme)
        except VersionError:
            continue
        row = bisect_left(keys, key)
        found[at] = 2 * row + (row < len(keys) and keys[row] == key)
    return found


class _Keys:
    """The keys of the corpus, read one at a time: a few look-ups need not copy them all."""

    def __init__(self, columns: CorpusColumns) -> None:
        self._texts = columns.key

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, row: int) -> bytes:
        return self._texts.raw(row)


def _sorted(
    columns: CorpusColumns,
    facets: list[Facet],
    component: Column,
    position: Column,
    facet: Column,
    components: int,
) -> Places:
    key = facet.astype(np.int64) << 32 | position
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    numbers = np.arange(len(facets), dtype=np.int64)
    described = Facets(facets)
    last = columns.axis_end[described.product].astype(np.int64) - 1
    return Places(
        component[order].astype(np.int32),
        position[order].astype(np.int32),
        facet[order].astype(np.int32),
        described,
        np.searchsorted(ordered, numbers << 32 | last),
        np.searchsorted(ordered, (numbers + 1) << 32),
        components,
    )
