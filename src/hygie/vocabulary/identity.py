"""The name under which a product is known to the corpus, and the hash that finds it.

Two shapes: ``vendor/product`` as CPE writes names, and ``pkg:type/namespace/name``. The corpus
writes the hashes, the matcher looks them up: both must agree, hence here.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Final

_BLANKS: Final = re.compile(r"[\s_/]+")
_PLAIN: Final = re.compile(r"[A-Za-z0-9.\-]+", re.ASCII)
_TRADEMARKS: Final = str.maketrans("", "", "®™©")


def normal_name(text: str) -> str:
    """Return a vendor or product name in lower case, blanks and slashes as single underscores."""
    if _PLAIN.fullmatch(text):
        return text.lower()
    lowered = text.translate(_TRADEMARKS).strip().lower()
    return _BLANKS.sub("_", lowered).strip("_")


def text_identity(vendor: str, product: str) -> str:
    """Return ``vendor/product`` in normal form."""
    return f"{normal_name(vendor)}/{normal_name(product)}"


def identity_hash(text: str) -> int:
    """Return 64 bits that stand for a name in a sorted column; compare the names as well."""
    return int.from_bytes(blake2b(text.encode("utf-8"), digest_size=8).digest(), "big")
