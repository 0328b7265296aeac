"""Read the inventories of an establishment.

Tables of domains, addresses, applications, medical devices and software. A column mapping
says which column holds which field; ``suggest_columns`` proposes one from French and English
headers and a person confirms it. Each row is read alone: one that cannot be read is a
RowProblem with its line and column, the others stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hygie.engines.exchange.columns import require_columns, suggest_mapping
from hygie.engines.exchange.estate_columns import ESTATE_COLUMNS, REQUIRED_FIELDS
from hygie.engines.exchange.estate_fields import (
    FieldError,
    read_criticality,
    read_domain,
    read_network,
    read_quantity,
    read_text,
)
from hygie.engines.exchange.estate_records import (
    AddressRecord,
    ApplicationRecord,
    DeviceRecord,
    DomainRecord,
    EstateReading,
    SoftwareRecord,
)
from hygie.engines.exchange.table_document import ProblemLog
from hygie.vocabulary.cpe import parse_cpe
from hygie.vocabulary.errors import InputError
from hygie.vocabulary.finess import parse_finess
from hygie.vocabulary.purl import parse_purl

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hygie.engines.exchange.table_document import Table

__all__ = [
    "ESTATE_COLUMNS",
    "REQUIRED_FIELDS",
    "AddressRecord",
    "ApplicationRecord",
    "DeviceRecord",
    "DomainRecord",
    "EstateReading",
    "SoftwareRecord",
    "read_addresses",
    "read_applications",
    "read_devices",
    "read_domains",
    "read_software",
    "suggest_columns",
]

R = TypeVar("R")


def suggest_columns(kind: str, table: Table) -> dict[str, str]:
    """Return the columns of a table that hold the fields of a kind of inventory.

    Args:
        kind: a key of ESTATE_COLUMNS.
        table: the table.
    """
    return suggest_mapping(table.header, ESTATE_COLUMNS[kind])


def read_domains(
    table: Table, mapping: Mapping[str, str], *, source: str
) -> EstateReading[DomainRecord]:
    """Return the domains of a table; a name given twice is a problem.

    Args:
        table: the table.
        mapping: column of each field.
        source: name of the file in messages.

    Raises:
        TableFormatError: if the mapping lacks a required field or names a missing column.
    """

    def record(row: _RowReader) -> DomainRecord:
        return DomainRecord(
            name=row.required("name", read_domain),
            label=row.text("label"),
            finess=row.finess(),
            line=row.line,
        )

    return _read("domains", table, mapping, record, lambda record: record.name, source=source)


def read_addresses(
    table: Table, mapping: Mapping[str, str], *, source: str
) -> EstateReading[AddressRecord]:
    """Return the addresses and networks of a table; as ``read_domains``."""

    def record(row: _RowReader) -> AddressRecord:
        return AddressRecord(
            network=row.required("network", read_network),
            label=row.text("label"),
            finess=row.finess(),
            line=row.line,
        )

    return _read("addresses", table, mapping, record, lambda record: record.network, source=source)


def read_applications(
    table: Table, mapping: Mapping[str, str], *, source: str
) -> EstateReading[ApplicationRecord]:
    """Return the applications of a table; name, version and place may not come twice."""

    def record(row: _RowReader) -> ApplicationRecord:
        return ApplicationRecord(
            name=row.required("name", read_text),
            vendor=row.text("vendor"),
            version=row.text("version"),
            criticality=row.read("criticality", read_criticality),
            service=row.text("service"),
            finess=row.finess(),
            line=row.line,
        )

    def identity(record: ApplicationRecord) -> object:
        return record.name, record.version, record.service, record.finess

    return _read("applications", table, mapping, record, identity, source=source)


def read_devices(
    table: Table, mapping: Mapping[str, str], *, source: str
) -> EstateReading[DeviceRecord]:
    """Return the devices of a table, one record a row: two rows may be two equal devices."""

    def record(row: _RowReader) -> DeviceRecord:
        return DeviceRecord(
            name=row.text("name"),
            manufacturer=row.required("manufacturer", read_text),
            model=row.required("model", read_text),
            firmware=row.text("firmware"),
            criticality=row.read("criticality", read_criticality),
            quantity=row.read("quantity", read_quantity),
            room=row.text("room"),
            finess=row.finess(),
            line=row.line,
        )

    return _read("devices", table, mapping, record, lambda record: record.line, source=source)


def read_software(
    table: Table, mapping: Mapping[str, str], *, source: str
) -> EstateReading[SoftwareRecord]:
    """Return the software of a table, one record a row."""

    def record(row: _RowReader) -> SoftwareRecord:
        return SoftwareRecord(
            vendor=row.text("vendor"),
            product=row.required("product", read_text),
            version=row.text("version"),
            purl=row.checked("purl", parse_purl),
            cpe=row.checked("cpe", parse_cpe),
            host=row.text("host"),
            quantity=row.read("quantity", read_quantity),
            finess=row.finess(),
            line=row.line,
        )

    return _read("software", table, mapping, record, lambda record: record.line, source=source)


class _CellError(Exception):
    """A cell of the row at hand cannot be read."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column
        self.message = message


class _RowReader:
    """The cells of one row, by field."""

    def __init__(self, line: int, cells: Mapping[str, str], mapping: Mapping[str, str]) -> None:
        self.line = line
        self._cells = cells
        self._mapping = mapping

    def read(self, field: str, reader: Callable[[str], R]) -> R:
        column = self._mapping.get(field, "")
        try:
            return reader(self._cells.get(column, ""))
        except InputError as error:
            raise _CellError(column, error.message) from error

    def required(self, field: str, reader: Callable[[str], str]) -> str:
        def read(text: str) -> str:
            if not text:
                raise FieldError("cellule vide")
            return reader(text)

        return self.read(field, read)

    def text(self, field: str) -> str:
        return self.read(field, read_text)

    def checked(self, field: str, parse: Callable[[str], object]) -> str | None:
        def read(text: str) -> str | None:
            if text:
                parse(text)
            return text or None

        return self.read(field, read)

    def finess(self) -> str | None:
        return self.read("finess", lambda text: parse_finess(text) if text else None)


def _read(
    kind: str,
    table: Table,
    mapping: Mapping[str, str],
    make: Callable[[_RowReader], R],
    identity: Callable[[R], object],
    *,
    source: str,
) -> EstateReading[R]:
    require_columns(mapping, REQUIRED_FIELDS[kind], header=table.header, source=source)
    log = ProblemLog(list(table.problems), table.problem_count)
    records: dict[object, R] = {}
    lines: dict[object, int] = {}
    for row in table.rows:
        try:
            record = make(_RowReader(row.line, row.cells, mapping))
        except _CellError as error:
            log.add(row.line, error.message, column=error.column)
            continue
        key = identity(record)
        if key in records:
            log.add(row.line, f"déjà présent à la ligne {lines[key]}")
        else:
            records[key], lines[key] = record, row.line
    return EstateReading(tuple(records.values()), tuple(log.kept), log.count)
