"""What a file says of the territory, in the terms of the territory. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hygie.domain.territory.models import EdgeRole, Node
from hygie.domain.territory.placing import Key, Membership
from hygie.engines.clocks.zones import zone_of
from hygie.vocabulary.enums import NodeKind
from hygie.vocabulary.regions import REGIONS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from hygie.engines.exchange.finess import (
        EstablishmentRecord,
        FinessFile,
        GhtRecord,
        LegalEntityRecord,
        LineProblem,
    )


@dataclass(frozen=True, slots=True)
class Described:
    """A node as a file describes it.

    Attributes:
        name: its name; empty when the file only gives a number.
        fallback_name: name to use when neither the file nor the territory has a better one.
        details: columns of Node; only those that the file fills: a blank erases nothing.
        line: where in the file, None when it follows from other lines.
    """

    name: str
    details: Mapping[str, object]
    line: int | None
    fallback_name: str = ""


@dataclass(slots=True)
class Incoming:
    """All that one import says, valid on the day ``as_of``.

    Attributes:
        as_of: the day.
        nodes: what is open.
        closed: what the file itself says closed, with the date.
        sources: kind of file that lists each level whole; what it described before and does
            no longer is closed.
        entity_of: EJ of each ET, when given.
        membership_of: GHT of each EJ, for the GHT in ``nodes``.
        problems: lines left out.
        problem_count: how many there are in all.
        lines_read: records read and left out.
    """

    as_of: dt.date
    nodes: dict[Key, Described] = field(default_factory=dict)
    closed: dict[Key, dt.date] = field(default_factory=dict)
    sources: dict[NodeKind, str] = field(default_factory=dict)
    entity_of: dict[str, str] = field(default_factory=dict)
    membership_of: dict[str, Membership] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)
    problem_count: int = 0
    lines_read: int = 0


def describe(file: FinessFile, *, as_of: dt.date, groups: FinessFile | None = None) -> Incoming:
    """Return what ``file``, and the GHT read beside it, say on the day ``as_of``."""
    incoming = Incoming(as_of)
    files = [file] if groups is None else [file, groups]
    names = {
        member.finess_ej: member.name
        for each in files
        for group in each.groups
        for member in group.members
        if member.name
    }
    for each in files:
        _add_entities(incoming, each.legal_entities, each.kind)
        _add_sites(incoming, each.establishments, each.kind, names)
        _add_groups(incoming, each.groups, each.kind)
        _add_problems(incoming, each.problems, each.problem_count)
        incoming.lines_read += each.problem_count + len(each.establishments)
        incoming.lines_read += len(each.legal_entities) + len(each.groups)
    return incoming


def time_zone_of(region: str, department: str = "") -> str:
    """Return the IANA name of the time that a region, or a department overseas, lives by."""
    known = REGIONS.get(region)
    return zone_of(department or (known.departments[0] if known else "")).key


def _add_entities(incoming: Incoming, records: Iterable[LegalEntityRecord], source: str) -> None:
    for record in records:
        key = Key(NodeKind.EJ, record.finess)
        incoming.sources[NodeKind.EJ] = source
        if record.closed_on and record.closed_on <= incoming.as_of:
            incoming.closed[key] = record.closed_on
            continue
        incoming.nodes[key] = Described(
            _fit("name", record.name),
            _details(record, source, ("legal_status", "region_code", "department")),
            record.source_line,
        )


def _add_sites(
    incoming: Incoming,
    records: Iterable[EstablishmentRecord],
    source: str,
    entity_names: Mapping[str, str],
) -> None:
    for record in records:
        key = Key(NodeKind.ET, record.finess_et)
        incoming.sources[NodeKind.ET] = source
        if record.closed_on and record.closed_on <= incoming.as_of:
            incoming.closed[key] = record.closed_on
            continue
        details = _details(record, source, _SITE_COLUMNS)
        incoming.nodes[key] = Described(_fit("name", record.name), details, record.source_line)
        if record.finess_ej:
            incoming.entity_of[record.finess_et] = record.finess_ej
            _imply_entity(incoming, record, record.finess_ej, source, entity_names)


_SITE_COLUMNS: Final = (
    "category_code",
    "category_label",
    "legal_status",
    "region_code",
    "department",
    "commune_insee",
    "commune",
    "address",
    "postal_code",
    "siret",
    "latitude",
    "longitude",
    "phone",
    "beds",
    "emergency",
)


def _imply_entity(
    incoming: Incoming,
    site: EstablishmentRecord,
    entity: str,
    source: str,
    names: Mapping[str, str],
) -> None:
    """Describe an EJ of which the file gives the number alone, from its first site."""
    key = Key(NodeKind.EJ, entity)
    if key in incoming.nodes:
        return
    incoming.sources[NodeKind.EJ] = source
    incoming.nodes[key] = Described(
        "",
        _details(site, source, ("legal_status", "region_code", "department")),
        None,
        fallback_name=_fit("name", names.get(entity) or site.name),
    )


def _add_groups(incoming: Incoming, records: Iterable[GhtRecord], source: str) -> None:
    for record in records:
        incoming.sources[NodeKind.GHT] = source
        details = {"source": source, "time_zone": time_zone_of(record.region_code)}
        if record.region_code:
            details["region_code"] = record.region_code
        name = record.name if record.name.upper().startswith("GHT") else f"GHT {record.name}"
        incoming.nodes[Key(NodeKind.GHT, record.code)] = Described(
            _fit("name", name), details, None
        )
        for member in record.members:
            incoming.membership_of[member.finess_ej] = Membership(
                record.code,
                EdgeRole.SUPPORT if member.role == "support" else EdgeRole.MEMBER,
            )


def _add_problems(incoming: Incoming, problems: Iterable[LineProblem], count: int) -> None:
    incoming.problems.extend((problem.line, problem.message) for problem in problems)
    incoming.problem_count += count


def _details(
    record: LegalEntityRecord | EstablishmentRecord, source: str, columns: Iterable[str]
) -> dict[str, object]:
    details: dict[str, object] = {
        "source": source,
        "time_zone": time_zone_of(record.region_code, record.department),
    }
    if record.opened_on:
        details["opened_on"] = record.opened_on.isoformat()
    for column in columns:
        value = getattr(record, column)
        if value not in ("", None):
            details[column] = _fit(column, value) if isinstance(value, str) else value
    return details


_WIDTHS: Final = {
    column.name: column.max_length
    for column in Node._meta.concrete_fields  # noqa: SLF001 - Django documents it
    if getattr(column, "max_length", None)
}


def _fit(column: str, text: str) -> str:
    """Cut a text at the width of its column: no file has to be refused for a long name."""
    return text[: _WIDTHS[column]]
