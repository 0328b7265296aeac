"""CVE identifiers: ``CVE-`` year ``-`` four digits or more.

Source: https://www.cve.org/ResourcesSupport/FAQs (number syntax since 2014).
"""

from __future__ import annotations

import re
from typing import Final

from hygie.vocabulary.errors import InputError

CVE_PATTERN: Final = re.compile(r"CVE-(?:19|20)\d{2}-\d{4,19}")


class CveIdError(InputError):
    """The text is not a CVE identifier."""


def parse_cve_id(text: str) -> str:
    """Return the identifier in capitals, without surrounding spaces.

    Raises:
        CveIdError: if the text has another shape.
    """
    cve_id = text.strip().upper()
    if not CVE_PATTERN.fullmatch(cve_id):
        raise CveIdError(f"« {text[:30]} » n’est pas un identifiant CVE, exemple : CVE-2023-4966")
    return cve_id
