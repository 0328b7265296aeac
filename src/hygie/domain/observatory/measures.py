"""What is measured: names, units and meaning of each prepared value.

Leaf values are computed for each establishment; a node above holds the sum of the leaves
below it, each counted once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class MeasureKind:
    """A measure: its stable name, its French label, its unit."""

    name: str
    label: str
    unit: str


KINDS: Final = (
    MeasureKind("findings.act", "constats à traiter sans attendre", "constats"),
    MeasureKind("findings.attend", "constats à prévoir", "constats"),
    MeasureKind("findings.track", "constats à suivre", "constats"),
    MeasureKind("findings.overdue", "constats dont l’échéance est passée", "constats"),
    MeasureKind("findings.accepted", "risques acceptés", "constats"),
    MeasureKind("findings.verified", "corrections vérifiées par une ronde", "constats"),
    MeasureKind("targets.asked", "cibles visées à la dernière ronde", "cibles"),
    MeasureKind("targets.reached", "cibles atteintes à la dernière ronde", "cibles"),
    MeasureKind("sites.counted", "établissements mesurés", "établissements"),
    MeasureKind(
        "sites.need_help", "établissements en retard sur un constat à traiter", "établissements"
    ),
    *(
        MeasureKind(f"grade.{letter}", f"établissements notés {letter}", "établissements")
        for letter in "ABCDEF"
    ),
)
NAMES: Final = tuple(kind.name for kind in KINDS)
