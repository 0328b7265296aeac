"""What `hygie match` has to say of one inventory, before it is written in any form."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygie.domain.veille.corpora import Matching
    from hygie.engines.matching.claims import Claim
    from hygie.vocabulary.enums import VerdictStatus
    from hygie.vocabulary.facts import Component, MatchRow


class Answer(NamedTuple):
    """One inventory and what the corpus says of it.

    Attributes:
        source: name of its file.
        matching: its components against the corpus.
        rows: the verdicts to show.
        problems: rows of a table left out, one line each.
    """

    source: str
    matching: Matching
    rows: list[MatchRow]
    problems: tuple[str, ...] = ()

    @property
    def components(self) -> Sequence[Component]:
        """What was matched, in the order given."""
        return self.matching.components

    def claims(self, row: MatchRow) -> list[Claim]:
        """Return what every source says of the CVE of one of the rows."""
        at = next(n for n, component in enumerate(self.components) if component is row.component)
        return self.matching.claims(at, row.verdict.cve_id)

    def without_entry(self) -> int:
        """Return how many components the corpus knows under no name: that is not "safe"."""
        return sum(not self.matching.known(at) for at in range(len(self.components)))

    def count(self, status: VerdictStatus) -> int:
        """Return how many of the rows have a status."""
        return sum(row.verdict.status == status for row in self.rows)
