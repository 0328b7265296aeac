"""FINESS numbers: nine characters, the last one a Luhn key.

Shape ``[0-9][0-9A-Z][0-9]{7}``. In Corsica the department reads 2A or 2B: the key holds
once A is read 1 and B is read 2 (checked on 160 of 160 published numbers).
Source: FINESS open data and reference/DOMAIN.md § 7.1.
"""

from __future__ import annotations

import re
from typing import Final

from hygie.vocabulary.errors import InputError

_SHAPE: Final = re.compile(r"[0-9][0-9AB][0-9]{7}")
_CORSICA: Final = str.maketrans("AB", "12")


class FinessError(InputError):
    """The text is not a FINESS number."""


def parse_finess(text: str) -> str:
    """Return the nine characters of a FINESS number, spaces removed, letters in capitals.

    Raises:
        FinessError: if the shape or the key is wrong; the message says which.
    """
    number = "".join(text.split()).upper()
    if not _SHAPE.fullmatch(number):
        raise FinessError(
            f"« {text[:20]} » n’est pas un numéro FINESS : neuf caractères attendus, "
            "par exemple 010000024"
        )
    if luhn_sum(number) % 10:
        raise FinessError(
            f"« {number} » n’est pas un numéro FINESS : la clé devrait être "
            f"{finess_key(number[:8])}, vérifiez la saisie"
        )
    return number


def is_finess(text: str) -> bool:
    """Tell whether ``text`` is exactly a FINESS number with a right key."""
    return bool(_SHAPE.fullmatch(text)) and luhn_sum(text) % 10 == 0


def finess_key(stem: str) -> int:
    """Return the Luhn key (0-9) that completes the first eight characters."""
    return -luhn_sum(f"{stem}0") % 10


def luhn_sum(number: str) -> int:
    """Return the Luhn sum of a number, Corsica's letters read as digits; 0 modulo 10 is right."""
    digits = [int(character) for character in number.translate(_CORSICA)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return sum(digits[-1::-2]) + sum(doubled)
