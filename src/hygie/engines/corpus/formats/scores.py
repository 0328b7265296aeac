"""CVSS objects of NVD, CVE, CSAF and CycloneDX documents, and CISA's SSVC decisions.

Sources: FIRST, JSON schemas of CVSS 2.0, 3.0, 3.1 and 4.0 (``baseScore``, ``vectorString``);
SSVC 2.0.3 as CISA's ADP container and NVD's ``ssvcV203`` write it (``options``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from hygie.engines.corpus.severity import base_score
from hygie.vocabulary.enums import Exploitation, TechnicalImpact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygie.engines.corpus.formats.json_places import Json

SCORE_MAX: Final = 10.0

# CVSS 3 first: most records have it, and scores of 2 and 4 do not compare with it.
_PREFERENCE: Final = ("CVSS:3.1/", "CVSS:3.0/", "CVSS:4.0/")


class Score(NamedTuple):
    """A CVSS base score from 0 to 10, and its vector, empty when not given."""

    score: float
    vector: str


def read_score(cvss: Json) -> Score:
    """Return the score of a CVSS object.

    Raises:
        CorpusFormatError: if it has no score from 0 to 10, or its vector is not a text.
    """
    score = cvss.number("baseScore")
    if score is None or not 0 <= score <= SCORE_MAX:
        cvss.get("baseScore").refuse("un score CVSS de 0 à 10 est attendu")
    return Score(score, cvss.text("vectorString").strip())


def vector_score(vector: str) -> Score:
    """Return the score of a vector given alone.

    Raises:
        CorpusFormatError: if the vector cannot be read.
    """
    return Score(base_score(vector), vector)


def read_ssvc(content: Json) -> tuple[Exploitation | None, TechnicalImpact | None]:
    """Return the decision points of SSVC that the corpus keeps, None where not given.

    Raises:
        CorpusFormatError: if one of them has an unknown value.
    """
    exploitation: Exploitation | None = None
    impact: TechnicalImpact | None = None
    for option in content.each("options"):
        # The CVE record writes "Technical Impact", NVD "technicalImpact".
        given = {key.lower().replace(" ", ""): option.text(key).lower() for key in option.members()}
        try:
            if "exploitation" in given:
                exploitation = Exploitation(given["exploitation"])
            if "technicalimpact" in given:
                impact = TechnicalImpact(given["technicalimpact"])
        except ValueError:
            option.refuse("décision SSVC inconnue")
    return exploitation, impact


def preferred(scores: Iterable[Score]) -> Score | None:
    """Return the score of the preferred CVSS version, the first given within it."""
    return min(scores, key=_rank, default=None)


def _rank(score: Score) -> int:
    for rank, head in enumerate(_PREFERENCE):
        if score.vector.startswith(head):
            return rank
    return len(_PREFERENCE)
