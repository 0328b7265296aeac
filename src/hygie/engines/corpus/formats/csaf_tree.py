"""``product_tree`` of a CSAF document: what each product id stands for.

A product is the whole path that leads to it: vendor, name, version, and for a relationship
what it is installed on. Two branches never mix, even where their names are alike.
Source: CSAF 2.0 and 2.1, §§ 3.1.2 and 3.2.2 (OASIS).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from hygie.engines.corpus.criteria import GENERIC, cpe_criterion, cpe_span
from hygie.engines.corpus.formats.names import aliases_of, named_identity
from hygie.engines.corpus.formats.vers import looks_like_version, read_range
from hygie.engines.corpus.records import (
    EVERY_VERSION,
    NO_ATTRIBUTES,
    Clause,
    Criterion,
    Span,
)
from hygie.vocabulary.cpe import CpeError, parse_cpe, plain
from hygie.vocabulary.purl import PurlError, parse_purl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygie.engines.corpus.formats.json_places import Json

MAX_DEPTH: Final = 30
MAX_PRODUCTS: Final = 200_000
MODEL_NOTE: Final = "modèle plutôt que version"

_NAMES: Final = ("product_name", "product_family")
_VERSIONS: Final = ("product_version", "product_version_range")
_LEVELS: Final = ("service_pack", "patch_level")
_CATEGORIES: Final = frozenset(
    {*_NAMES, *_VERSIONS, *_LEVELS, "architecture", "host_name", "language", "legacy"}
    | {"platform", "specification", "vendor"}
)
_DEFAULT: Final = "default_component_of"
_RELATIONS: Final = frozenset(
    {_DEFAULT, "external_component_of", "installed_on", "installed_with", "optional_component_of"}
)

Path = tuple[tuple[str, str], ...]


class Name(NamedTuple):
    """One identity under which a product is known, and how its versions are ordered."""

    identity: str
    part: str
    attributes: str
    scheme: str
    spans: tuple[Span, ...]


class Product(NamedTuple):
    """What one product id stands for.

    Attributes:
        names: its identities, by CPE, purl and text; at least one.
        aliases: (``vendor/product``, identity) pairs.
        condition: clauses of what it is installed on or a component of.
        hosts: for a default component, the product that carries it.
    """

    names: tuple[Name, ...]
    aliases: tuple[tuple[str, str], ...] = ()
    condition: tuple[Clause, ...] = ()
    hosts: tuple[Name, ...] = ()


class ProductTree:
    """The products of one document, by id.

    Args:
        root: the document; a tree may be absent.

    Raises:
        CorpusFormatError: if a part is malformed, nests past MAX_DEPTH, or an id is given twice.
    """

    def __init__(self, root: Json) -> None:
        self.products: dict[str, Product] = {}
        self.groups: dict[str, tuple[str, ...]] = {}
        self.left_out: list[str] = []
        if not root.has("product_tree"):
            return
        tree = root.get("product_tree")
        for branch in tree.each("branches"):
            self._take_branch(branch, (), 0)
        for full in tree.each("full_product_names"):
            self._take(full, ())
        self._take_paths([*tree.each("relationships"), *tree.each("product_paths")])
        for group in tree.each("product_groups"):
            self.groups[group.text("group_id", required=True)] = tuple(
                self.check(each.as_text(), each) for each in group.each("product_ids")
            )

    def check(self, product_id: str, at: Json) -> str:
        """Return a product id that the tree defines.

        Raises:
            CorpusFormatError: if it does not (CSAF mandatory test 6.1.1).
        """
        if product_id not in self.products:
            at.refuse(f"produit « {product_id[:40]} » absent de l’arbre des produits")
        return product_id

    def ids_named(self, holder: Json) -> Iterator[str]:
        """Yield the product ids that ``product_ids`` and ``group_ids`` of a part name.

        Raises:
            CorpusFormatError: if one is not in the tree (CSAF mandatory tests 6.1.1, 6.1.4).
        """
        for item in holder.each("product_ids"):
            yield self.check(item.as_text(), item)
        for item in holder.each("group_ids"):
            group_id = item.as_text()
            if group_id not in self.groups:
                item.refuse(f"groupe « {group_id[:40]} » absent de l’arbre des produits")
            yield from self.groups[group_id]

    def _take_branch(self, branch: Json, path: Path, depth: int) -> None:
        if depth > MAX_DEPTH:
            branch.refuse(f"plus de {MAX_DEPTH} branches emboîtées")
        category, name = branch.text("category", required=True), branch.text("name", required=True)
        if category not in _CATEGORIES:
            branch.get("category").refuse(f"catégorie inconnue : « {category[:40]} »")
        path = (*path, (category, " ".join(name.split())))
        if branch.has("product"):
            self._take(branch.get("product"), path)
        for child in branch.each("branches"):
            self._take_branch(child, path, depth + 1)

    def _take(self, full: Json, path: Path) -> None:
        text = _Text(path, full.text("name", required=True))
        names = [text.narrowed(name) for name in self._identified(full)] or list(text.names())
        models = self._models(full)
        aliases = tuple(text.aliases(models))
        self._add(full, Product(tuple(names), aliases))

    def _add(self, full: Json, product: Product) -> None:
        product_id = full.text("product_id", required=True)
        if product_id in self.products:
            full.get("product_id").refuse(f"identifiant « {product_id[:40]} » donné deux fois")
        if len(self.products) >= MAX_PRODUCTS:
            full.refuse(f"plus de {MAX_PRODUCTS} produits")
        self.products[product_id] = product

    def _identified(self, full: Json) -> Iterator[Name]:
        """Yield what the helper says: CPE, purl (one in 2.0, a list in 2.1)."""
        if not full.has("product_identification_helper"):
            return
        helper = full.get("product_identification_helper")
        if text := helper.text("cpe"):
            try:
                cpe = parse_cpe(text)
            except CpeError as error:
                self.left_out.append(error.message)
            else:
                if plain(cpe.vendor) and plain(cpe.product):
                    found = cpe_criterion(cpe, EVERY_VERSION)
                    spans = (cpe_span(cpe),)
                    yield Name(found.identity, found.part, found.attributes, GENERIC, spans)
        for text in filter(None, (helper.text("purl"), *helper.texts("purls"))):
            try:
                purl = parse_purl(text)
            except PurlError as error:
                self.left_out.append(error.message)
                continue
            spans = (Span(exact=purl.version),) if purl.version else (EVERY_VERSION,)
            yield Name(f"pkg:{purl.coordinates}", "*", NO_ATTRIBUTES, purl.type, spans)

    def _models(self, full: Json) -> list[str]:
        if not full.has("product_identification_helper"):
            return []
        helper = full.get("product_identification_helper")
        # A model number may hold wildcards: it then names no single model.
        return [
            model
            for model in (*helper.texts("model_numbers"), *helper.texts("skus"))
            if not set(model) & {"*", "?"}
        ]

    def _take_paths(self, waiting: list[Json]) -> None:
        """Take what joins products in, in any order: one may join what another makes."""
        for _ in range(MAX_DEPTH):
            later = [each for each in waiting if not self._take_path(each, strictly=False)]
            if len(later) in (0, len(waiting)):
                waiting = later
                break
            waiting = later
        for each in waiting:
            self._take_path(each, strictly=True)

    def _take_path(self, path: Json, *, strictly: bool) -> bool:
        """Join a component and what carries it: 2.0 has relationships, 2.1 longer paths."""
        begins = "beginning_product_reference"
        first = path.get(begins if path.has(begins) else "product_reference")
        key = "next_product_reference" if path.has(begins) else "relates_to_product_reference"
        steps = list(path.each("subpaths")) if path.has(begins) else [path]
        hosts = [(_relation(step), step.get(key)) for step in steps]
        for reference in (first, *(host for _, host in hosts)):
            if reference.as_text() not in self.products and not strictly:
                return False
            self.check(reference.as_text(), reference)
        product = self.products[first.as_text()]
        for category, host in hosts:
            product = _carried(product, category, self.products[host.as_text()])
        full = path.get("full_product_name")
        full.text("name", required=True)
        self._add(full, product)
        return True


def _relation(step: Json) -> str:
    category = step.text("category", required=True)
    if category not in _RELATIONS:
        step.get("category").refuse(f"relation inconnue : « {category[:40]} »")
    return category


def _carried(component: Product, category: str, host: Product) -> Product:
    clause = Clause(tuple(_criterion(name, span) for name in host.names for span in name.spans))
    return component._replace(
        condition=(*component.condition, *host.condition, clause),
        aliases=component.aliases + host.aliases,
        hosts=host.names if category == _DEFAULT else component.hosts,
    )


def _criterion(name: Name, span: Span) -> Criterion:
    # What cannot be read is a condition that the mere presence of the host fulfils.
    kept = EVERY_VERSION if span.note else span
    return Criterion(name.identity, name.part, name.attributes, kept, vulnerable=False)


class _Text:
    """A product known by its path of names alone."""

    def __init__(self, path: Path, full_name: str) -> None:
        self._values = {category: name for category, name in path if category in _CATEGORIES}
        self._vendor = self._values.get("vendor", "")
        named = [self._values[key] for key in _NAMES if self._values.get(key)]
        self._product = named[0] if named else " ".join(full_name.split())
        self._others = [*named[1:], " ".join(reversed(named))]
        self._versioned = next((v for k, v in reversed(path) if k in _VERSIONS), "")
        self._model = "" if looks_like_version(self._versioned) else self._versioned
        self._is_range = any(category == "product_version_range" for category, _ in path)

    @property
    def identity(self) -> str:
        return named_identity(self._vendor, self._product)

    def names(self) -> Iterator[Name]:
        scheme, spans = self._spans()
        yield Name(self.identity, "*", NO_ATTRIBUTES, scheme or GENERIC, spans)
        for model in self._model_names():
            # The advisory names the model itself: each of its versions is meant.
            identity = named_identity(self._vendor, f"{self._product} {model}")
            yield Name(identity, "*", NO_ATTRIBUTES, GENERIC, (EVERY_VERSION,))

    def narrowed(self, name: Name) -> Name:
        """Return an identifier that names every version, held to those of its own branch."""
        scheme, spans = self._spans()
        is_model = any(span.note.startswith(MODEL_NOTE) for span in spans)
        if name.spans != (EVERY_VERSION,) or is_model:
            return name
        return name._replace(spans=spans, scheme=scheme or name.scheme)

    def aliases(self, models: list[str]) -> Iterator[tuple[str, str]]:
        products = (self._product, *self._others, *models)
        yield from aliases_of(self._vendor, products, self.identity)
        for model in self._model_names():
            # The model alone is an alias, not an identity: other advisories may share it.
            names = (f"{self._product} {model}", model)
            yield from aliases_of(self._vendor, names, named_identity(self._vendor, names[0]))

    def _model_names(self) -> list[str]:
        if self._is_range or not self._vendor:
            return []
        pieces = [piece.strip(" ,") for piece in self._model.split("|")]
        return [piece for piece in pieces if piece and not looks_like_version(piece)]

    def _spans(self) -> tuple[str, tuple[Span, ...]]:
        if not self._versioned:
            levels = [self._values[key] for key in _LEVELS if key in self._values]
            return "", (Span(exact=" ".join(levels)) if levels else EVERY_VERSION,)
        if self._model and not self._is_range:
            return "", (Span(note=f"{MODEL_NOTE} : « {self._model[:60]} »"),)
        scheme, spans = read_range(self._versioned)
        levels = [self._values[key] for key in _LEVELS if key in self._values]
        if levels and len(spans) == 1 and spans[0].exact:
            spans = (Span(exact=" ".join((spans[0].exact, *levels))),)
        return scheme, spans
