"""From a CVSS score to a word."""

from __future__ import annotations

from hygie.vocabulary.enums import Severity


def severity_of_score(score: float | None) -> Severity:
    """Return the word for a CVSS score of 0 to 10; no score is taken as major, never as mild.

    Source: CVSS v3.1 specification § 5, qualitative severity rating scale.
    """
    if score is None:
        return Severity.MAJOR
    steps = ((9.0, Severity.CRITICAL), (7.0, Severity.MAJOR), (4.0, Severity.MODERATE))
    reached = (word for least, word in steps if score >= least)
    return next(reached, Severity.MINOR if score > 0 else Severity.INFO)
