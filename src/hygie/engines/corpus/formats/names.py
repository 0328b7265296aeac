"""Other spellings of vendor and product names, so that a plain inventory line finds them.

An advisory writes "Becton, Dickinson and Company (BD)" and "BD Alaris Point-of-Care Unit (PCU)
Model 8015"; a hospital writes "BD" and "Alaris PCU 8015". Every alias keeps the vendor: no
product is ever recognised by a bare word.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from hygie.vocabulary.identity import normal_name, text_identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_ALIASES: Final = 100
"""For one product: a name that lists dozens of models is worth no more."""

NAME_MAX_CHARS: Final = 300
"""Longer is a sentence: it is kept as identity and gets no alias."""

_LEGAL: Final = re.compile(
    r"[,.]? (?:inc|incorporated|llc|ltd|limited|gmbh|ag|sa|s\.a|sas|bv|b\.v|corp|corporation|co|"
    r"company|plc|kg|kgaa|se|spa|s\.p\.a|oy|ab|technologies|group|international)\.?$",
    re.IGNORECASE,
)
_SECTOR: Final = re.compile(
    r" (?:healthcare|health care|health|medical|medical technologies|medical systems|diagnostics|"
    r"melsungen|laboratories|life|networks|software|electric|automation)$",
    re.IGNORECASE,
)
# As advisories misspell or transliterate them.
_KNOWN: Final = {"phillips": "philips", "draeger": "dräger", "drager": "dräger"}
_BRACKETS: Final = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*")
_SEVERAL: Final = re.compile(r", (?!inc|llc|ltd|dickinson)| and (?!company)|/", re.IGNORECASE)
_MODEL_WORDS: Final = re.compile(r"\b(?:models?|type|part numbers?|version|series) ", re.IGNORECASE)
_TAIL: Final = re.compile(
    r" (?:software|firmware|systems?|devices?|series|family|units?|applications?|products?|"
    r"platforms?|modules?|pumps?|monitors?)$",
    re.IGNORECASE,
)
_LIST: Final = re.compile(
    r"(?P<head>.*?)(?P<codes>[A-Z]+\d\w*(?:/[A-Z]*\d\w*)+)(?P<tail>.*)", re.DOTALL
)
_FIRST_CODE: Final = re.compile(r"(?=\w*\d)[A-Z]*\d{3,}\w*(?= )")
_REST: Final = re.compile(r" of the .*$", re.IGNORECASE)
_COMPANY: Final = re.compile(r",? and company$", re.IGNORECASE)
_CODES: Final = re.compile(
    r"(?P<head>.*?)(?P<codes>\b[A-Z]{1,4}\d+\w*(?: [A-Z]{1,4}\d+\w*)+)(?P<tail>.*)", re.DOTALL
)


def known_vendor(vendor: str) -> str:
    """Return a vendor as written, or as it writes itself where advisories misspell it."""
    return _KNOWN.get(normal_name(vendor), vendor)


def named_identity(vendor: str, product: str) -> str:
    """Return ``vendor/product`` without the vendor's name at the head of its product.

    "Microsoft Office LTSC" of Microsoft is ``microsoft/office_ltsc``: documents of one publisher
    write it both ways, and CPE never repeats the vendor.
    """
    vendor = known_vendor(vendor)
    name = normal_name(product)
    heads = vendor_spellings(vendor) if len(vendor) <= NAME_MAX_CHARS else ()
    for head in sorted(heads, key=len, reverse=True):
        if name.startswith(f"{head}_") and len(name) > len(head) + 1:
            name = name.removeprefix(f"{head}_")
            break
    return text_identity(vendor, name)


@lru_cache(maxsize=2_000)
def vendor_spellings(vendor: str) -> tuple[str, ...]:
    """Return the normal names of a vendor, as written first."""
    found: dict[str, None] = {}
    for name in _vendor_forms(" ".join(vendor.split())):
        found.setdefault(normal_name(known_vendor(name)))
    return tuple(name for name in found if name)


@lru_cache(maxsize=20_000)
def product_spellings(product: str, vendors: tuple[str, ...]) -> tuple[str, ...]:
    """Return the normal names of a product, as written first.

    Args:
        product: as written.
        vendors: normal names of its vendor, to take off the front.
    """
    found: dict[str, None] = {}
    heads = sorted((f"{vendor}_" for vendor in vendors), key=len, reverse=True)
    for name in _product_forms(" ".join(product.split())):
        normal = normal_name(name.strip(" ,-:"))
        found.setdefault(normal)
        for head in heads:
            if normal.startswith(head):
                found.setdefault(normal.removeprefix(head))
                break
    return tuple(name for name in found if name)[:MAX_ALIASES]


def aliases_of(vendor: str, products: Iterable[str], identity: str) -> Iterator[tuple[str, str]]:
    """Yield ``(vendor/product, identity)`` for every spelling but the identity itself.

    Args:
        vendor: as written; without one there is no alias.
        products: names of the product as written: its name, its family, its model numbers.
        identity: what they all stand for.
    """
    vendors = vendor_spellings(vendor) if len(vendor) <= NAME_MAX_CHARS else ()
    seen = {identity}
    for product in products:
        names = product_spellings(product, vendors) if len(product) <= NAME_MAX_CHARS else ()
        for name in names:
            for owner in vendors:
                alias = f"{owner}/{name}"
                if alias not in seen and len(seen) <= MAX_ALIASES:
                    seen.add(alias)
                    yield alias, identity


def _vendor_forms(vendor: str) -> Iterator[str]:
    yield vendor
    yield from _BRACKETS.findall(vendor)
    bare = _BRACKETS.sub(" ", vendor).strip()
    yield _COMPANY.sub("", bare).replace(",", "")
    for name in (bare, *_SEVERAL.split(bare)):
        short = name
        yield short
        for pattern in (_LEGAL, _LEGAL, _SECTOR, _LEGAL):
            short = pattern.sub("", short).strip(" ,")
            yield short


def _product_forms(product: str) -> Iterator[str]:
    yield product
    bare = _BRACKETS.sub(" ", product).strip()
    for form in (bare, *_short_forms(product, bare)):
        yield form
        yield _MODEL_WORDS.sub("", f"{form} ").strip()
        yield _TAIL.sub("", form)


def _short_forms(product: str, bare: str) -> Iterator[str]:
    """Names with their acronym, and each model of a list ("FM20/FM30", "TC10 TC20")."""
    yield _REST.sub("", bare)
    if first := _FIRST_CODE.match(bare):
        yield first[0]
    for found in _BRACKETS.finditer(product):
        if found[1].isupper() and " " not in found[1]:
            yield f"{found[1]} {product[found.end() :]}"
            before = product[: found.start()].split()
            # "Alaris Point-of-Care Unit (PCU)": the acronym stands for some of the words before.
            for words in range(1, min(len(found[1]), len(before)) + 1):
                kept = " ".join(before[: len(before) - words])
                yield f"{kept} {found[1]} {product[found.end() :]}"
    for pattern, separator in ((_LIST, "/"), (_CODES, " ")):
        if listed := pattern.fullmatch(bare):
            for code in listed["codes"].split(separator)[:MAX_ALIASES]:
                yield f"{listed['head']}{code}"
                yield f"{listed['head']}{code}{listed['tail']}"
                yield f"{listed['head'].partition(' ')[0]} {code}"
                yield code
