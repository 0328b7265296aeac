"""Turn the table of an inventory into the assets of one establishment. Pure.

Several rows may bear one name: devices of one model in three wards, two versions of one
application. They are told apart by what differs (model, version, service); rows that nothing
tells apart are one asset, their quantities added.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from hygie.domain.estate.lines import MAX_NAME, AssetLine
from hygie.domain.estate.models import AssetKind
from hygie.engines.exchange import estate
from hygie.engines.exchange.table_document import ProblemLog
from hygie.vocabulary.enums import Criticality
from hygie.vocabulary.errors import UsageError
from hygie.vocabulary.facts import Component

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from hygie.engines.exchange.estate import (
        AddressRecord,
        ApplicationRecord,
        DeviceRecord,
        DomainRecord,
        EstateReading,
        SoftwareRecord,
    )
    from hygie.engines.exchange.tabular import RowProblem, Table

    Record: TypeAlias = (
        AddressRecord | ApplicationRecord | DeviceRecord | DomainRecord | SoftwareRecord
    )

KINDS: Final = tuple(estate.ESTATE_COLUMNS)
"""The kinds of inventory: domains, addresses, applications, devices, software."""

MAX_QUANTITY: Final = 2_147_483_647
"""The largest count the database holds."""

_DISTINCTIONS: Final = ("model", "version", "service")
_WORST_FIRST: Final = tuple(Criticality)


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a table says of one establishment.

    Attributes:
        lines: its assets, each kind and name once, in table order.
        rows: how many rows they come from.
        problems: rows that cannot be read, the first 1,000, by line.
        problem_count: how many there are in all.
        elsewhere: how many rows bear the FINESS number of another establishment.
    """

    lines: tuple[AssetLine, ...]
    rows: int
    problems: tuple[RowProblem, ...]
    problem_count: int
    elsewhere: int


def guess_kind(table: Table) -> str:
    """Return the kind of inventory whose fields the columns name best.

    Raises:
        UsageError: if none has its required columns, or two fit equally.
    """
    scores = {}
    for kind in KINDS:
        found = estate.suggest_columns(kind, table)
        if all(name in found for name in estate.REQUIRED_FIELDS[kind]):
            scores[kind] = len(found)
    best = [kind for kind, score in scores.items() if score == max(scores.values())]
    if len(best) != 1:
        raise UsageError(
            f"nature de l’inventaire incertaine ({', '.join(best) or 'aucune ne convient'}) ; "
            f"dites laquelle ({', '.join(KINDS)})"
        )
    return best[0]


def read_inventory(
    table: Table,
    kind: str,
    columns: Mapping[str, str],
    *,
    source: str,
    finess: Collection[str],
) -> Incoming:
    """Return the assets that a table states for one establishment.

    Args:
        table: the table.
        kind: one of KINDS.
        columns: column of each field.
        source: name of the file in messages.
        finess: numbers under which the establishment goes: its own, its legal entity's. A
            row that bears another is counted in ``elsewhere``, a row without is taken.

    Raises:
        TableFormatError: if ``columns`` lacks a required field or names a missing column.
    """
    reading = _READERS[kind](table, columns, source=source)
    here: list[Record] = [
        record for record in reading.records if record.finess is None or record.finess in finess
    ]
    log = ProblemLog(list(reading.problems), reading.problem_count)
    lines = list(_merged(_told_apart(_storable(_lines(here), log), log)))
    return Incoming(
        lines=tuple(line for _number, line in lines),
        rows=len(here),
        problems=tuple(sorted(log.kept, key=lambda problem: problem.line)),
        problem_count=log.count,
        elsewhere=len(reading.records) - len(here),
    )


_READERS: Final[Mapping[str, Callable[..., EstateReading[Any]]]] = {
    "domains": estate.read_domains,
    "addresses": estate.read_addresses,
    "applications": estate.read_applications,
    "devices": estate.read_devices,
    "software": estate.read_software,
}

Numbered: TypeAlias = tuple[int, AssetLine]


def _lines(records: Iterable[Record]) -> Iterable[Numbered]:
    for record in records:
        if isinstance(record, estate.DomainRecord):
            line = AssetLine(AssetKind.DOMAIN, record.name, service=record.label)
        elif isinstance(record, estate.AddressRecord):
            line = AssetLine(AssetKind.ADDRESS, record.network, service=record.label)
        elif isinstance(record, estate.ApplicationRecord):
            line = _application(record)
        elif isinstance(record, estate.DeviceRecord):
            line = _device(record)
        else:
            line = _software(record)
        yield record.line, line


def _application(record: ApplicationRecord) -> AssetLine:
    return AssetLine(
        AssetKind.APPLICATION,
        record.name,
        vendor=record.vendor,
        version=record.version,
        criticality=record.criticality or Criticality.SUPPORT,
        service=record.service,
    )


def _device(record: DeviceRecord) -> AssetLine:
    return AssetLine(
        AssetKind.DEVICE,
        record.name or f"{record.manufacturer} {record.model}",
        vendor=record.manufacturer,
        model=record.model,
        version=record.firmware,
        criticality=record.criticality or Criticality.SUPPORT,
        service=record.room,
        quantity=record.quantity,
    )


def _software(record: SoftwareRecord) -> AssetLine:
    """Return the machine with the software on it, or the software itself without a machine."""
    if not record.host:
        return AssetLine(
            AssetKind.APPLICATION,
            record.product,
            vendor=record.vendor,
            version=record.version,
            quantity=record.quantity,
            cpe=record.cpe,
            purl=record.purl,
        )
    component = Component(
        name=record.product,
        version=record.version,
        purl=record.purl,
        cpe=record.cpe,
        vendor=record.vendor,
        kind="application",
    )
    return AssetLine(AssetKind.SYSTEM, record.host, components=(component,))


def _told_apart(lines: Iterable[Numbered], log: ProblemLog) -> Iterable[Numbered]:
    """Complete the names that several different lines bear with what differs between them."""
    groups: dict[tuple[str, str], list[Numbered]] = {}
    for number, line in lines:
        groups.setdefault(line.key, []).append((number, line))
    for group in groups.values():
        differing = [
            name for name in _DISTINCTIONS if len({getattr(line, name) for _n, line in group}) > 1
        ]
        for number, line in group:
            details = ", ".join(filter(None, (getattr(line, name) for name in differing)))
            name = f"{line.name} ({details})" if details else line.name
            if len(name) > MAX_NAME:
                log.add(number, f"nom et précisions de plus de {MAX_NAME} caractères ; abrégez")
            else:
                yield number, replace(line, name=name)


def _storable(lines: Iterable[Numbered], log: ProblemLog) -> Iterable[Numbered]:
    """Leave out what no database column holds as text."""
    for number, line in lines:
        texts = [line.name, line.vendor, line.model, line.version, line.service]
        texts += [text for c in line.components for text in (c.name, c.version, c.vendor)]
        if is_storable("".join(texts)):
            yield number, line
        else:
            log.add(number, "caractère interdit (nul ou incomplet) ; ressaisissez la ligne")


def is_storable(text: str) -> bool:
    """Tell whether a text has neither NUL nor half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _merged(lines: Iterable[Numbered]) -> Iterable[Numbered]:
    groups: dict[tuple[str, str], list[Numbered]] = {}
    for number, line in lines:
        groups.setdefault(line.key, []).append((number, line))
    for group in groups.values():
        number, first = group[0]
        if len(group) == 1:
            yield number, first
            continue
        others = [line for _number, line in group]
        yield (
            number,
            replace(
                first,
                quantity=_quantity(others),
                criticality=min(
                    (Criticality(o.criticality) for o in others), key=_WORST_FIRST.index
                ),
                components=tuple(dict.fromkeys(c for line in others for c in line.components)),
            ),
        )


def _quantity(lines: Collection[AssetLine]) -> int:
    """Add the quantities, except of one machine named again for each software on it."""
    if any(line.kind == AssetKind.SYSTEM for line in lines):
        return 1
    total = reduce(lambda so_far, line: so_far + line.quantity, lines, 0)
    return min(total, MAX_QUANTITY)
