"""From one version of a catalogue to the next: which answers stay, which to look at again.

Nothing is carried over in silence: each requirement of the new version says where its answer
comes from, and each one left behind is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from hygie.referentials.crosswalks import Strength

if TYPE_CHECKING:
    from hygie.referentials.catalogue import Catalogue, Requirement
    from hygie.referentials.crosswalks import Crosswalk


class Fate(StrEnum):
    """What becomes of an answer."""

    KEPT = "kept"  # same requirement, same words
    TO_REVIEW = "to_review"  # the requirement changed, or another one takes its place
    TO_ANSWER = "to_answer"  # nothing before it


@dataclass(frozen=True, slots=True)
class Carried:
    """One requirement of the new version.

    Attributes:
        requirement: its number.
        fate: what becomes of the answer.
        sources: numbers in the old version whose answers and evidence it takes over.
        changes: names of what changed (``title``, ``meaning``, ``chapter``, ``levels``,
            ``measures``), empty when nothing did.
    """

    requirement: str
    fate: Fate
    sources: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A report on a change of version.

    Attributes:
        old: identifier and version left.
        new: identifier and version taken.
        carried: every requirement of the new version, in order.
        left_behind: numbers of the old version whose answers nothing takes over.
    """

    old: tuple[str, str]
    new: tuple[str, str]
    carried: tuple[Carried, ...]
    left_behind: tuple[str, ...]

    def count(self, fate: Fate) -> int:
        """Return how many requirements of the new version share a fate."""
        return sum(one.fate is fate for one in self.carried)


_COMPARED = ("title", "meaning", "chapter", "levels", "measures")


def upgrade(old: Catalogue, new: Catalogue, crosswalk: Crosswalk | None = None) -> Upgrade:
    """Return what becomes of the answers to ``old`` under ``new``.

    Args:
        old: version that was answered.
        new: version to answer.
        crosswalk: from ``old`` to ``new``, where numbers were given anew; without it a number
            that both versions have is the same requirement.
    """
    before = {one.id: one for one in old.requirements}
    carried = tuple(_carried(one, before, crosswalk) for one in new.requirements)
    taken = {source for one in carried for source in one.sources}
    return Upgrade(
        old=(old.id, old.version),
        new=(new.id, new.version),
        carried=carried,
        left_behind=tuple(identifier for identifier in before if identifier not in taken),
    )


def _carried(
    requirement: Requirement, before: dict[str, Requirement], crosswalk: Crosswalk | None
) -> Carried:
    if crosswalk is not None:
        links = crosswalk.serving(requirement.id)
        sources = tuple(link.source for link in links if link.strength is not Strength.RELATED)
        return Carried(requirement.id, Fate.TO_REVIEW if sources else Fate.TO_ANSWER, sources)
    same = before.get(requirement.id)
    if same is None:
        return Carried(requirement.id, Fate.TO_ANSWER)
    changes = tuple(name for name in _COMPARED if getattr(same, name) != getattr(requirement, name))
    fate = Fate.TO_REVIEW if changes else Fate.KEPT
    return Carried(requirement.id, fate, (requirement.id,), changes)
