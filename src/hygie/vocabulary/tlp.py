"""Traffic Light Protocol 2.0: how far a piece of information may go.

Source: https://www.first.org/tlp/ (version 2.0, August 2022).
"""

from __future__ import annotations

from enum import StrEnum


class Tlp(StrEnum):
    """The five labels, widest first."""

    CLEAR = "TLP:CLEAR"
    GREEN = "TLP:GREEN"
    AMBER = "TLP:AMBER"
    AMBER_STRICT = "TLP:AMBER+STRICT"
    RED = "TLP:RED"

    @property
    def rank(self) -> int:
        """0 for what everybody may read, 4 for what only named persons may."""
        return list(Tlp).index(self)

    def within(self, ceiling: Tlp) -> bool:
        """Tell whether a channel open up to ``ceiling`` may carry this label."""
        return self.rank <= ceiling.rank
