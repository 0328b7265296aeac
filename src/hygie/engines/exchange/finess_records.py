"""What every FINESS reader returns, and how they share checks, problems and dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

from hygie.vocabulary.errors import InputError
from hygie.vocabulary.finess import parse_finess

MAX_PROBLEMS_KEPT: Final = 1_000
MAX_FINESS_BYTES: Final = 2 << 30

PUBLIC: Final = "public"
PRIVATE_NON_PROFIT: Final = "prive_non_lucratif"
PRIVATE_FOR_PROFIT: Final = "prive_lucratif"


class FinessFileError(InputError):
    """The file is not a FINESS or GHT file that Hygie reads, or it is cut or garbled."""


@dataclass(frozen=True, slots=True)
class LegalEntityRecord:
    """A legal entity (EJ).

    Attributes:
        finess: its number.
        name: its name.
        siren: nine digits, empty when unknown.
        legal_status: ``public``, ``prive_non_lucratif``, ``prive_lucratif``, or empty when the
            file does not tell.
        region_code: INSEE code of the region, empty outside the 18 regions or when unknown.
        department: INSEE code, empty when unknown.
        source_line: 1-based line of the file; for FINESS+ rank of the object in ``pmej``.
        opened_on: date of creation, None when unknown.
        closed_on: date of closing, None while open or when unknown.
    """

    finess: str
    name: str
    siren: str
    legal_status: str
    region_code: str
    department: str
    source_line: int
    opened_on: dt.date | None = None
    closed_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class EstablishmentRecord:
    """A site (ET) of a legal entity. Texts are empty, other values None, when not known.

    Attributes:
        finess_et: its number.
        finess_ej: number of its legal entity, None when the file does not give it.
        name: its name, the long form where there are two.
        category_code: category, such as ``355``.
        category_label: its label.
        legal_status: as in LegalEntityRecord.
        region_code: as in LegalEntityRecord.
        department: as in LegalEntityRecord.
        commune_insee: INSEE code of the commune, five characters.
        commune: its name, as the address line gives it.
        address: street line.
        postal_code: five digits.
        siret: fourteen digits.
        latitude: degrees, WGS 84; of the commune in the SAE table, of the address in FINESS+.
        longitude: degrees, WGS 84.
        phone: as written.
        opened_on: date of opening.
        closed_on: date of closing.
        beds: MCO + SSR + USLD + psychiatry.
        emergency: whether it has a general emergency department.
        source_line: as in LegalEntityRecord.
    """

    finess_et: str
    finess_ej: str | None
    name: str
    category_code: str
    category_label: str
    legal_status: str
    region_code: str
    department: str
    commune_insee: str
    commune: str
    address: str
    postal_code: str
    siret: str
    source_line: int
    latitude: float | None = None
    longitude: float | None = None
    phone: str = ""
    opened_on: dt.date | None = None
    closed_on: dt.date | None = None
    beds: int | None = None
    emergency: bool | None = None


@dataclass(frozen=True, slots=True)
class GhtMember:
    """A legal entity in a GHT.

    Attributes:
        finess_ej: its number.
        role: ``support`` or ``member``.
        name: its name, empty when the file does not give it.
    """

    finess_ej: str
    role: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class GhtRecord:
    """A group of public hospitals (groupement hospitalier de territoire).

    Attributes:
        code: identifier of the group in its file.
        name: its name.
        region_code: INSEE code of its region, empty when unknown.
        members: in file order.
    """

    code: str
    name: str
    region_code: str
    members: tuple[GhtMember, ...]


@dataclass(frozen=True, slots=True)
class LineProblem:
    """Why one line, object or link of the file was left out.

    Attributes:
        line: as ``source_line`` of the records; 0 when it concerns no single line.
        message: one French line.
    """

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class FinessFile:
    """A FINESS or GHT file, read whole.

    Attributes:
        kind: ``etalab``, ``finess_plus``, ``sae`` or ``ght``.
        as_of: the date the file states, None when it states none.
        establishments: in file order, each number once.
        legal_entities: in file order; empty for etalab and sae, which give only the numbers
            of the legal entities, in the establishments.
        groups: GHT.
        problems: what was left out and why, at most MAX_PROBLEMS_KEPT.
        problem_count: how many there are in all.
        sha256: of the bytes of the file; of the two one after the other for a pair.
    """

    kind: str
    as_of: dt.date | None
    establishments: tuple[EstablishmentRecord, ...]
    legal_entities: tuple[LegalEntityRecord, ...]
    groups: tuple[GhtRecord, ...]
    problems: tuple[LineProblem, ...]
    problem_count: int
    sha256: str


@dataclass(slots=True)
class FinessReading:
    """A FINESS file while it is read: what was found so far and what was left out."""

    establishments: dict[str, EstablishmentRecord] = field(default_factory=dict)
    legal_entities: dict[str, LegalEntityRecord] = field(default_factory=dict)
    groups: list[GhtRecord] = field(default_factory=list)
    problems: list[LineProblem] = field(default_factory=list)
    problem_count: int = 0
    refused_records: int = 0
    as_of: dt.date | None = None

    def problem(self, line: int, message: str) -> None:
        """Record a problem that leaves the records as they are."""
        self.problem_count += 1
        if len(self.problems) < MAX_PROBLEMS_KEPT:
            self.problems.append(LineProblem(line, message))

    def refuse(self, line: int, message: str) -> None:
        """Record a problem that leaves a record out."""
        self.refused_records += 1
        self.problem(line, message)

    def add_establishment(self, record: EstablishmentRecord) -> None:
        """Keep a record, or note why not: a bad key, no name, a number already seen."""
        message = (
            _number_problem(record.finess_et)
            or (record.finess_ej and _number_problem(record.finess_ej))
            or ("" if record.name else f"{record.finess_et} n’a pas de raison sociale")
            or _repeated(record.finess_et, self.establishments)
        )
        if message:
            self.refuse(record.source_line, message)
        else:
            self.establishments[record.finess_et] = record

    def add_legal_entity(self, record: LegalEntityRecord) -> None:
        """Keep a record, or note why not, as ``add_establishment``."""
        message = (
            _number_problem(record.finess)
            or ("" if record.name else f"{record.finess} n’a pas de nom")
            or _repeated(record.finess, self.legal_entities)
        )
        if message:
            self.refuse(record.source_line, message)
        else:
            self.legal_entities[record.finess] = record

    def finish(self, kind: str, *, source: str, sha256: str) -> FinessFile:
        """Return the file.

        Raises:
            FinessFileError: if no record could be read, or more were refused than kept: that
                is another kind of file, or a garbled one.
        """
        kept = len(self.establishments) + len(self.legal_entities) + len(self.groups)
        if not kept or self.refused_records > kept:
            first = f" ; premier refus : {self.problems[0].message}" if self.problems else ""
            raise FinessFileError(
                f"{self.refused_records} enregistrements refusés pour {kept} lus{first}",
                source=source,
                line=self.problems[0].line if self.problems else None,
            )
        return FinessFile(
            kind=kind,
            as_of=self.as_of,
            establishments=tuple(self.establishments.values()),
            legal_entities=tuple(self.legal_entities.values()),
            groups=tuple(self.groups),
            problems=tuple(self.problems),
            problem_count=self.problem_count,
            sha256=sha256,
        )


def date_of(text: str) -> dt.date | None:
    """Return the date at the start of an ISO date or time, None when there is none."""
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


def status_of_code(code: str) -> str:
    """Return the legal status of a two-digit code of the FINESS nomenclature.

    01 to 39 are public, 40 to 69 private without profit, 70 to 99 commercial; checked on the
    30 codes that health establishments bear in the SAE.
    """
    if len(code) != 2 or not code.isascii() or not code.isdigit() or code == "00":  # noqa: PLR2004 - two digits
        return ""
    return {"0": PUBLIC, "1": PUBLIC, "2": PUBLIC, "3": PUBLIC}.get(
        code[0], PRIVATE_NON_PROFIT if code < "70" else PRIVATE_FOR_PROFIT
    )


def _number_problem(number: str) -> str:
    try:
        return "" if parse_finess(number) == number else f"« {number[:20]} » mal écrit"
    except InputError as error:
        return error.message


def _repeated(
    number: str, known: dict[str, EstablishmentRecord] | dict[str, LegalEntityRecord]
) -> str:
    first = known.get(number)
    return f"{number} figure déjà à la ligne {first.source_line}" if first else ""
