"""How many vulnerabilities touch each component of one inventory, without writing any verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hygie.engines.matching.kernel import OPEN, TRUE
from hygie.engines.matching.national.counting import counts_of_components
from hygie.engines.matching.national.placing import place_components
from hygie.engines.matching.national.touching import intervals, touch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygie.engines.matching.columns import Column
    from hygie.engines.matching.matcher import Matcher
    from hygie.vocabulary.facts import Component


class Tally(NamedTuple):
    """Counts, one a component, in the order given.

    Attributes:
        known: bool, the corpus has an entry for it; without entry is not "safe".
        affected: int64, distinct CVEs that surely touch it.
        unknown: int64, distinct CVEs that perhaps do.
    """

    known: Column
    affected: Column
    unknown: Column


def tally(matcher: Matcher, components: Sequence[Component], *, together: bool = True) -> Tally:
    """Count what ``Judge`` would say of each component.

    Args:
        matcher: of the open corpus.
        components: n components, repeats welcome.
        together: as in ``Matcher.place``.
    """
    columns = matcher.columns
    places = place_components(matcher, components)
    touched = touch(columns, places, together=together)
    sure, perhaps = (intervals(columns, touched, state=state) for state in (TRUE, OPEN))
    alike = np.zeros(len(columns.cve_id), np.uint8)
    affected = counts_of_components(places, sure, alike)[:, 0]
    either = counts_of_components(places, perhaps, alike)[:, 0]
    known = np.zeros(len(components), bool)
    known[places.component] = True
    return Tally(known, affected, either - affected)
