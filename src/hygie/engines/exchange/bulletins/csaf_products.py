"""The product tree of a CSAF document: vendor, product, versions.

Source: CSAF 2.0 section 3.2.2; ranges as ``vers``,
https://github.com/package-url/vers-spec (percent-encoded versions, scheme ``generic``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from hygie.vocabulary.cpe import CPE_MAX_CHARS, CpeError, escape, parse_cpe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygie.engines.exchange.bulletins.document import AffectedProduct, VersionRange


class ProductTree:
    """Products numbered in order: ``HYG-0001`` and on."""

    def __init__(self, products: Iterable[AffectedProduct]) -> None:
        self.affected: list[str] = []
        self.fixed: list[str] = []
        self.fixes_of: dict[str, tuple[str, ...]] = {}
        self._number = 0
        self._vendors: dict[str, dict[str, list[dict[str, Any]]]] = {}
        for product in products:
            self._add(product)

    def as_json(self) -> dict[str, Any]:
        """Return ``product_tree``."""
        return {
            "branches": [
                {
                    "category": "vendor",
                    "name": vendor,
                    "branches": [
                        {"category": "product_name", "name": name, "branches": versions}
                        for name, versions in products.items()
                    ],
                }
                for vendor, products in self._vendors.items()
            ]
        }

    def _add(self, product: AffectedProduct) -> None:
        leaves = self._vendors.setdefault(product.vendor, {}).setdefault(product.name, [])
        spans: tuple[VersionRange | None, ...] = product.versions or (None,)
        for span in spans:
            one = span is not None and span.is_one
            category = "product_version" if one else "product_version_range"
            name = span.start if one and span else as_vers(span)
            leaf = self._leaf(product, category, name, version=name if one else "")
            if leaf_is_new(leaves, leaf):
                leaves.append(leaf)
                self.affected.append(leaf["product"]["product_id"])
                self.fixes_of[self.affected[-1]] = product.fixed_in
        for version in product.fixed_in:
            leaf = self._leaf(product, "product_version", version, version=version)
            if leaf_is_new(leaves, leaf):
                leaves.append(leaf)
                self.fixed.append(leaf["product"]["product_id"])

    def _leaf(
        self, product: AffectedProduct, category: str, name: str, *, version: str
    ) -> dict[str, Any]:
        self._number += 1
        full = f"{product.vendor} {product.name} {name}"
        leaf = {"product_id": f"HYG-{self._number:04d}", "name": full}
        cpe = _with_version(product.cpe, version)
        helper = {"product_identification_helper": {"cpe": cpe}} if cpe else {}
        return {"category": category, "name": name, "product": leaf | helper}


def leaf_is_new(leaves: Iterable[dict[str, Any]], leaf: dict[str, Any]) -> bool:
    """Tell whether no sibling has this category and name: CSAF asks each only once."""
    return all((one["category"], one["name"]) != (leaf["category"], leaf["name"]) for one in leaves)


def as_vers(span: VersionRange | None) -> str:
    """Return a range as ``vers:generic/>=1|<2``, ``vers:all/*`` for every version."""
    if span is None or not (span.start or span.end):
        return "vers:all/*"
    parts = []
    if span.start:
        parts.append((">=" if span.start_included else ">") + quote(span.start, safe=""))
    if span.end:
        parts.append(("<=" if span.end_included else "<") + quote(span.end, safe=""))
    return "vers:generic/" + "|".join(parts)


def _with_version(cpe: str, version: str) -> str:
    """Return the CPE 2.3 name with that version in it; empty when there is no name."""
    if not cpe:
        return ""
    try:
        name = parse_cpe(cpe)
    except CpeError:
        return ""
    full = str(replace(name, version=escape(version)) if version else name)
    return full if len(full) <= CPE_MAX_CHARS else ""
