"""How duties are laid on a page: what binds first, the rest folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygie.engines.clocks.regimes import Concern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygie.domain.incidents.duties import DutyStanding


def sorted_duties(duties: Sequence[DutyStanding]) -> dict[str, list[DutyStanding]]:
    """Return the duties that bind, those that lack an answer, those only prepared."""
    binding = [one for one in duties if one.called.in_force]
    return {
        "owed": [one for one in binding if one.filings or one.called.concern is Concern.OWED],
        "unsure": [
            one for one in binding if not one.filings and one.called.concern is not Concern.OWED
        ],
        "prepared": [one for one in duties if not one.called.in_force],
    }
