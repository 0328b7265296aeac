"""CVSS objects of NVD, CVE, CSAF and CycloneDX documents: the one the corpus keeps.

Source: FIRST, JSON schemas of CVSS 2.0, 3.0, 3.1 and 4.0 (``baseScore``, ``vectorString``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from hygie.engines.corpus.severity import base_score

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


def preferred(scores: Iterable[Score]) -> Score | None:
    """Return the score of the preferred CVSS version, the first given within it."""
    return min(scores, key=_rank, default=None)


def _rank(score: Score) -> int:
    for rank, head in enumerate(_PREFERENCE):
        if score.vector.startswith(head):
            return rank
    return len(_PREFERENCE)
