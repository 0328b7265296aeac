"""FINESS and GHT files in memory, all invented: department 99 does not exist."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from hygie.domain.territory.actions import apply, propose
from hygie.domain.territory.comparing import Source
from hygie.domain.territory.models import Review
from hygie.engines.exchange.finess import (
    EstablishmentRecord,
    FinessFile,
    GhtMember,
    GhtRecord,
    LineProblem,
)

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
FIRST = dt.date(2025, 1, 1)
SECOND = dt.date(2026, 1, 1)


@dataclass(frozen=True)
class Site:
    """An ET in few words."""

    number: str
    entity: str | None = "990000101"
    name: str = ""
    region: str = "84"
    beds: int | None = None
    line: int = 7
    closed_on: dt.date | None = None

    def record(self) -> EstablishmentRecord:
        return EstablishmentRecord(
            finess_et=self.number,
            finess_ej=self.entity,
            name=self.name or f"Site {self.number}",
            category_code="355",
            category_label="Centre hospitalier",
            legal_status="public",
            region_code=self.region,
            department="99",
            commune_insee="99001",
            commune="Val-d’Hygie",
            address="1 allée du Caducée",
            postal_code="99110",
            siret="",
            source_line=self.line,
            beds=self.beds,
            closed_on=self.closed_on,
        )


def finess(
    *sites: Site, kind: str = "sae", problems: int = 0, as_of: dt.date = FIRST
) -> FinessFile:
    """Return a file that lists these sites."""
    return FinessFile(
        kind=kind,
        as_of=as_of,
        establishments=tuple(site.record() for site in sites),
        legal_entities=(),
        groups=(),
        problems=tuple(LineProblem(line, "ligne illisible") for line in range(1, problems + 1)),
        problem_count=problems,
        sha256="a" * 64,
    )


def ghts(*groups: GhtRecord, as_of: dt.date = FIRST) -> FinessFile:
    """Return a file that lists these GHT."""
    return FinessFile(
        kind="ght",
        as_of=as_of,
        establishments=(),
        legal_entities=(),
        groups=groups,
        problems=(),
        problem_count=0,
        sha256="b" * 64,
    )


def ght(code: str, *members: str, region: str = "84") -> GhtRecord:
    """Return a GHT; its first member is its support establishment."""
    return GhtRecord(
        code=code,
        name=f"Groupe {code}",
        region_code=region,
        members=tuple(
            GhtMember(number, "member" if rank else "support", f"CH {number}")
            for rank, number in enumerate(members)
        ),
    )


@dataclass
class Loader:
    """Import one file after another, as an operator would."""

    actor: str = "essai"
    now: dt.datetime = field(default=NOW)

    def propose(self, file: FinessFile, groups: FinessFile | None = None) -> Review:
        source = Source(file, f"{file.kind}.csv", groups)
        return propose(source, as_of=None, actor=self.actor, now=self.now)

    def apply(self, file: FinessFile, groups: FinessFile | None = None) -> Review:
        return apply(self.propose(file, groups), actor=self.actor, now=self.now)
