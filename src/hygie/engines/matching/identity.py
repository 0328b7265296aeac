"""Which products of the corpus a component is, and how sure we are.

Ways, surest first: a CPE or purl that the corpus states itself (1.0); the package name, where
the ecosystem or the vendor confirms it (0.9, 0.8); an alias (0.85); vendor and name as text
(0.9); the name alone, where a single vendor uses it (0.6). Never silently: the confidence and
the identity travel with the verdict. An ambiguous name is no identity.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from hygie.engines.matching.ecosystems import (
    DISTRIBUTION_TARGETS,
    DISTRIBUTIONS,
    TARGETS,
    upstream_version,
)
from hygie.engines.matching.names import NameIndex
from hygie.vocabulary.cpe import ANY, Cpe, CpeError, parse_cpe, plain
from hygie.vocabulary.identity import normal_name, text_identity
from hygie.vocabulary.purl import PackageUrl, PurlError, parse_purl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hygie.engines.matching.columns import CorpusColumns
    from hygie.vocabulary.facts import Component

STATED: Final = 1.0
BY_VENDOR_AND_NAME: Final = 0.9
BY_ECOSYSTEM: Final = 0.9
BY_ALIAS: Final = 0.85
BY_PACKAGE_VENDOR: Final = 0.8
BY_NAME: Final = 0.6

NO_TRAITS: Final = ("*",) * 6

_MAX_HOMONYMS: Final = 64
_TARGET_SW: Final = 3


class Candidate(NamedTuple):
    """One product of the corpus that a component may be.

    Attributes:
        product: row of the corpus' ``product``.
        confidence: 0 to 1.
        version: text to read by the product's scheme; empty when there is none.
        part: CPE part of the component, ``*`` when not stated.
        traits: CPE values after the update (edition to other), ``*`` when not stated.
        backported: a distribution's package, which may be fixed at the same version.
        absent: the component says that it has no version (CPE ``-``).
    """

    product: int
    confidence: float
    version: str
    part: str = "*"
    traits: tuple[str, ...] = NO_TRAITS
    backported: bool = False
    absent: bool = False


class Identifier:
    """Finds the products of components in one corpus.

    Args:
        columns: the corpus.
    """

    def __init__(self, columns: CorpusColumns) -> None:
        self._columns = columns
        self._by_identity = NameIndex(columns.product_hash)
        self._by_name = NameIndex(columns.name_hash)
        self._targets: dict[int, frozenset[str]] = {}

    def candidates(self, component: Component) -> list[Candidate]:
        """Return the products a component is, empty when the corpus knows none of its names."""
        name = _cpe_of(component)
        purl = _purl_of(component)
        stated = list(self._by_cpe(name, component)) if name else []
        if purl:
            stated += self._by_purl(purl, component)
        if stated:
            return stated
        return list(self._by_text(component))

    def products(self, identity: str) -> list[int]:
        """Return the products of an identity, written as the corpus writes it."""
        text = self._columns.identity.text
        return [row for row in self._by_identity.rows(identity) if text(row) == identity]

    def _by_cpe(self, name: Cpe, component: Component) -> Iterator[Candidate]:
        identity = f"{plain(name.vendor)}/{plain(name.product)}"
        version, update = plain(name.version), plain(name.update)
        text = f"{version} {update}" if version and update else version or update
        for product in self.products(identity):
            yield Candidate(
                product,
                STATED,
                text or ("" if name.version == "-" else component.version),
                name.part,
                name.values()[5:],
                absent=name.version == "-" and not update,
            )

    def _by_purl(self, purl: PackageUrl, component: Component) -> Iterator[Candidate]:
        version = purl.version or component.version
        stated = [Candidate(product, STATED, version) for product in self.products(_identity(purl))]
        yield from stated
        known = {candidate.product for candidate in stated}
        for product, confidence in self._by_package_name(purl):
            if product not in known:
                yield self._packaged(product, confidence, version, purl)

    def _packaged(
        self, product: int, confidence: float, version: str, purl: PackageUrl
    ) -> Candidate:
        target = purl.type if purl.type in TARGETS or purl.type in DISTRIBUTIONS else ANY
        traits = (ANY, ANY, ANY, f"purl:{target}" if target != ANY else ANY, ANY, ANY)
        return Candidate(
            product,
            confidence,
            upstream_version(version, purl.type),
            traits=traits,
            backported=purl.type in DISTRIBUTIONS,
        )

    def _by_package_name(self, purl: PackageUrl) -> Iterator[tuple[int, float]]:
        aliased = [
            product
            for key in _package_keys(purl)
            for identity in self._columns.packages.get(key, ())
            for product in self.products(identity)
        ]
        if aliased:
            yield from ((product, BY_ALIAS) for product in aliased)
            return
        homonyms = list(self._homonyms(_spellings(purl.name)))
        if not homonyms:
            return
        words = _vendor_words(purl)
        sure = [(p, BY_ECOSYSTEM) for p in homonyms if self._is_of(p, purl.type)]
        sure += [(p, BY_PACKAGE_VENDOR) for p in homonyms if self._vendor(p) in words]
        found: dict[int, float] = {}
        for product, confidence in sure:
            found.setdefault(product, confidence)
        if not found and purl.type in DISTRIBUTIONS and len(self._vendors(homonyms)) == 1:
            found = dict.fromkeys(homonyms, BY_NAME)
        yield from found.items()

    def _by_text(self, component: Component) -> Iterator[Candidate]:
        for product, confidence in self._named(component):
            yield Candidate(product, confidence, component.version)

    def _named(self, component: Component) -> list[tuple[int, float]]:
        name = normal_name(component.name)
        if component.purl or not name:
            return []
        vendor = normal_name(component.vendor)
        exact = self.products(text_identity(vendor, name)) if vendor else []
        found = dict.fromkeys(exact, BY_VENDOR_AND_NAME)
        # Two sources may know one thing under two names: the name as written is not enough.
        for identity in self._aliased(vendor, name, known=bool(exact)):
            for product in self.products(identity):
                found.setdefault(product, BY_ALIAS)
        if found:
            return list(found.items())
        homonyms = list(self._homonyms(_spellings(name)))
        if len(self._vendors(homonyms)) == 1 and not component.vendor:
            return [(product, BY_NAME) for product in homonyms]
        own = [p for p in homonyms if self._vendor(p) in (name, f"{name}_project")]
        return [(product, BY_NAME) for product in own]

    def _aliased(self, vendor: str, name: str, *, known: bool) -> list[str]:
        """Return the identities of an alias, that of the vendor's own name first.

        Once the vendor and name are known, an alias without vendor counts only where one of
        its identities is of that vendor: Acme's "Exchange" is not Microsoft's.
        """
        own, others = self._columns.aliases(f"{vendor}/{name}"), self._columns.aliases(name)
        if not known:
            return own or others
        same = any(identity.partition("/")[0] == vendor for identity in others)
        return own + others if same else own

    def _homonyms(self, names: Iterable[str]) -> Iterator[int]:
        columns = self._columns
        for name in names:
            for row in islice(self._by_name.rows(name), _MAX_HOMONYMS):
                product = int(columns.name_product[row])
                if columns.identity.text(product).partition("/")[2] == name:
                    yield product

    def _vendor(self, product: int) -> str:
        return self._columns.identity.text(product).partition("/")[0]

    def _vendors(self, products: Iterable[int]) -> set[str]:
        return {self._vendor(product) for product in products}

    def _is_of(self, product: int, kind: str) -> bool:
        wanted = TARGETS.get(kind)
        return wanted is not None and not wanted.isdisjoint(self._targets_of(product))

    def _targets_of(self, product: int) -> frozenset[str]:
        found = self._targets.get(product)
        if found is None:
            columns = self._columns
            rows = slice(columns.statement_start[product], columns.statement_end[product])
            numbers = np.unique(columns.attributes[columns.context[rows]])
            found = self._targets[product] = frozenset(
                plain(columns.attribute_texts.text(number).split(":")[_TARGET_SW])
                for number in numbers.tolist()
                if number
            )
        return found


def compatible(attributes: str, traits: tuple[str, ...]) -> bool:
    """Tell whether a criterion's attributes and a component's traits can name one thing.

    A value that either side leaves open agrees with anything (NIST IR 7696: not disjoint).
    """
    for given, own in zip(attributes.split(":"), traits, strict=False):
        if ANY in (given, own) or given == own:
            continue
        if own.startswith("purl:"):
            kind = own.removeprefix("purl:")
            words = DISTRIBUTION_TARGETS if kind in DISTRIBUTIONS else TARGETS[kind]
            if given == "-" or plain(given) in words:
                continue
        return False
    return True


def _cpe_of(component: Component) -> Cpe | None:
    try:
        name = parse_cpe(component.cpe) if component.cpe else None
    except CpeError:
        return None
    return name if name and plain(name.vendor) and plain(name.product) else None


def _purl_of(component: Component) -> PackageUrl | None:
    try:
        return parse_purl(component.purl) if component.purl else None
    except PurlError:
        return None


def _identity(purl: PackageUrl) -> str:
    return f"pkg:{purl.coordinates}"


def _package_keys(purl: PackageUrl) -> Iterator[str]:
    """Return alias keys from the exact name to its families: ``linux-image-6.1`` is one."""
    yield f"{purl.type}:{purl.name.lower()}"
    stem = purl.name.lower()
    while "-" in stem:
        stem = stem.rpartition("-")[0]
        yield f"{purl.type}:{stem}-*"


def _spellings(name: str) -> list[str]:
    lowered = normal_name(name)
    if "-" not in lowered and "_" not in lowered:
        return [lowered] if lowered else []
    forms = (lowered, lowered.replace("_", "-"), lowered.replace("-", "_"))
    return list(dict.fromkeys(form for form in forms if form))


def _vendor_words(purl: PackageUrl) -> frozenset[str]:
    """Return vendors that would confirm a package name."""
    words = set()
    for form in _spellings(purl.name):
        words |= {form, f"{form}_project", f"{form}js"}
    namespace = purl.namespace.lower().lstrip("@")
    if purl.type in DISTRIBUTIONS:
        return frozenset(words)
    pieces = namespace.replace("/", ".").split(".")
    words |= {piece for piece in pieces if piece not in ("", "com", "org", "io", "net", "github")}
    return frozenset(words)
