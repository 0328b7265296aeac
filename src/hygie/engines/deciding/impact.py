"""SSVC "technical impact" read from a CVSS vector, versions 2.0, 3.0, 3.1 and 4.0.

Total means that the attacker controls the component or reads all it holds. Here: both
confidentiality and integrity are lost in full, on the component or on what lies behind it.
Sources: https://www.first.org/cvss/ (metrics) and https://certcc.github.io/SSVC/ (meaning);
the derivation is Hygie's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cvss import CVSS2, CVSS3, CVSS4
from cvss.exceptions import CVSSError

from hygie.vocabulary.enums import TechnicalImpact

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX_VECTOR: Final = 500
_FULL: Final = frozenset({"H", "C"})  # High in versions 3 and 4, Complete in version 2
_PAIRS: Final = (("C", "I"), ("VC", "VI"), ("SC", "SI"))


def impact_from_vector(vector: str) -> TechnicalImpact | None:
    """Return the technical impact of a CVSS vector, None when it cannot be read."""
    metrics = _metrics(vector)
    if metrics is None:
        return None
    total = any(
        metrics.get(confidentiality) in _FULL and metrics.get(integrity) in _FULL
        for confidentiality, integrity in _PAIRS
    )
    return TechnicalImpact.TOTAL if total else TechnicalImpact.PARTIAL


def _metrics(vector: str) -> Mapping[str, str] | None:
    if not vector or len(vector) > _MAX_VECTOR:
        return None
    if vector.startswith("CVSS:4"):
        version = CVSS4
    elif vector.startswith("CVSS:3"):
        version = CVSS3
    else:
        version = CVSS2
    try:
        metrics: Mapping[str, str] = version(vector).metrics
    except CVSSError:
        return None
    return metrics
