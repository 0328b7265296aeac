"""What a CVSS vector says by itself: its score, and SSVC's technical impact.

Sources: FIRST CVSS 2, 3.1 and 4.0 specifications; CISA's SSVC guide, "Technical Impact": total
when the attacker gains full control, read here as high confidentiality, integrity and
availability impact together.
"""

from __future__ import annotations

from typing import Final

from hygie.engines.corpus.records import CorpusFormatError
from hygie.vocabulary.enums import TechnicalImpact

_TOTAL: Final = (
    frozenset({"C:H", "I:H", "A:H"}),
    frozenset({"VC:H", "VI:H", "VA:H"}),
    frozenset({"C:C", "I:C", "A:C"}),
)


def impact_from_vector(vector: str) -> TechnicalImpact | None:
    """Return the impact a CVSS vector of any version implies, None without a vector."""
    if not vector:
        return None
    metrics = set(vector.split("/"))
    total = any(wanted <= metrics for wanted in _TOTAL)
    return TechnicalImpact.TOTAL if total else TechnicalImpact.PARTIAL


def base_score(vector: str) -> float:
    """Return the base score of a CVSS 2, 3.x or 4.0 vector.

    Raises:
        CorpusFormatError: if the vector cannot be read.
    """
    # The library takes 60 ms to load; only a build of the starter corpus needs it.
    from cvss import CVSS2, CVSS3, CVSS4  # noqa: PLC0415
    from cvss.exceptions import CVSSError  # noqa: PLC0415

    versions = {"CVSS:3": CVSS3, "CVSS:4": CVSS4}
    try:
        return float(versions.get(vector[:6], CVSS2)(vector).scores()[0])
    except (CVSSError, ArithmeticError, ValueError, KeyError) as error:
        raise CorpusFormatError(f"vecteur CVSS illisible : « {vector[:80]} »") from error
