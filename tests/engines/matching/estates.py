"""A small estate and a small corpus, counted the slow and obvious way."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hygie.engines.matching.verdicts import Judge
from hygie.vocabulary.enums import VerdictStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygie.engines.matching.matcher import Matcher
    from hygie.vocabulary.facts import Component

Found = Counter[tuple[int, str]]


def one_by_one(matcher: Matcher, components: Sequence[Component], status: VerdictStatus) -> Found:
    """Count (component, CVE) pairs of one status, each component judged by itself."""
    judge = Judge(matcher.columns, matcher.place(components, together=False))
    return Counter(
        (number, verdict.cve_id)
        for number in range(len(components))
        for verdict in judge.verdicts(number)
        if verdict.status == status
    )
