"""What the readers of inventories return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from hygie.engines.exchange.table_document import RowProblem
    from hygie.vocabulary.enums import Criticality

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class DomainRecord:
    """A domain name the establishment holds.

    Attributes:
        name: ASCII form, lower case.
        label: what it serves, empty when not told.
        finess: establishment (ET or EJ) it belongs to, None when not told.
        line: line of the table.
    """

    name: str
    label: str
    finess: str | None
    line: int


@dataclass(frozen=True, slots=True)
class AddressRecord:
    """An address or a network.

    Attributes:
        network: canonical text, ``192.0.2.1`` or ``192.0.2.0/24``.
        label, finess, line: as in DomainRecord.
    """

    network: str
    label: str
    finess: str | None
    line: int


@dataclass(frozen=True, slots=True)
class ApplicationRecord:
    """An application.

    Attributes:
        name: as the inventory writes it.
        vendor: its editor, empty when not told.
        version: as written, empty when not told.
        criticality: for care, None when not told.
        service: who uses it, empty when not told.
        finess, line: as in DomainRecord.
    """

    name: str
    vendor: str
    version: str
    criticality: Criticality | None
    service: str
    finess: str | None
    line: int


@dataclass(frozen=True, slots=True)
class DeviceRecord:
    """A model of medical device, at one firmware version.

    Attributes:
        name: its label, empty when not told.
        manufacturer: its maker.
        model: its model.
        firmware: version of its software, empty when not told.
        criticality: for care, None when not told.
        quantity: how many, 1 when not told.
        room: where, empty when not told.
        finess, line: as in DomainRecord.
    """

    name: str
    manufacturer: str
    model: str
    firmware: str
    criticality: Criticality | None
    quantity: int
    room: str
    finess: str | None
    line: int


@dataclass(frozen=True, slots=True)
class SoftwareRecord:
    """A software component installed somewhere.

    Attributes:
        vendor: its editor, empty when not told.
        product: its name.
        version: as written, empty when not told.
        purl: package URL as written, checked; None when not told.
        cpe: CPE 2.3 or 2.2 name as written, checked; None when not told.
        host: the machine or application that holds it, empty when not told.
        quantity: on how many, 1 when not told.
        finess, line: as in DomainRecord.
    """

    vendor: str
    product: str
    version: str
    purl: str | None
    cpe: str | None
    host: str
    quantity: int
    finess: str | None
    line: int


@dataclass(frozen=True, slots=True)
class EstateReading(Generic[R]):
    """What was read of a table.

    Attributes:
        records: in table order, without exact repetitions of what identifies them.
        problems: rows left out, those of the table first; the first 1,000.
        problem_count: how many there are in all.
    """

    records: tuple[R, ...]
    problems: tuple[RowProblem, ...]
    problem_count: int
