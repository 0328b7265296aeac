"""Read the CSV of health establishments drawn from the annual statistics (SAE).

Columns by name: finess_et, finess_ej, raison_sociale, categorie, categorie_libelle, statut,
region, departement, commune_insee, commune, adresse, code_postal, siret, lat, lon, lits_mco,
lits_ssr, lits_usld, lits_psy, urgences_generales; others are read past. Secondary sites
without ``finess_ej`` are kept without it.

Source: DREES, Statistique annuelle des établissements de santé; reference/DATA.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.engines.exchange.finess_records import EstablishmentRecord, FinessReading
from hygie.engines.exchange.tabular import MAX_TABLE_BYTES, read_table, require_columns
from hygie.vocabulary.regions import REGIONS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

REQUIRED_COLUMNS: Final = ("finess_et", "finess_ej", "raison_sociale", "region", "departement")

_BED_COLUMNS: Final = ("lits_mco", "lits_ssr", "lits_usld", "lits_psy")
_MAX_BEDS: Final = 100_000
_EMERGENCY: Final = {"1": True, "0": False}


def read_sae(path: Path, *, max_bytes: int) -> FinessReading:
    """Return the establishments of the table.

    Raises:
        TableFormatError: if a required column is missing, or it is no table.
        InputError: if the file cannot be read.
    """
    table = read_table(path, max_bytes=min(max_bytes, MAX_TABLE_BYTES))
    require_columns(
        {column: column for column in table.header},
        REQUIRED_COLUMNS,
        header=table.header,
        source=path.name,
    )
    reading = FinessReading()
    for problem in table.problems:
        reading.refuse(problem.line, problem.message)
    for row in table.rows:
        _add(row.line, row.cells, reading)
    return reading


def _add(line: int, cells: Mapping[str, str], reading: FinessReading) -> None:
    if cells["region"] not in REGIONS:
        reading.refuse(line, f"« {cells['region'][:20]} » n’est pas un code de région")
        return
    try:
        record = _establishment(line, cells)
    except ValueError:
        reading.refuse(line, "nombre illisible dans lat, lon ou les lits")
    else:
        reading.add_establishment(record)


def _establishment(line: int, cells: Mapping[str, str]) -> EstablishmentRecord:
    def text(column: str) -> str:
        return cells.get(column, "")

    return EstablishmentRecord(
        finess_et=text("finess_et"),
        finess_ej=text("finess_ej") or None,
        name=text("raison_sociale"),
        category_code=text("categorie"),
        category_label=text("categorie_libelle"),
        legal_status=text("statut"),
        region_code=text("region"),
        department=text("departement"),
        commune_insee=text("commune_insee"),
        commune=text("commune"),
        address=text("adresse"),
        postal_code=text("code_postal"),
        siret=text("siret"),
        latitude=_degrees(text("lat"), limit=90),
        longitude=_degrees(text("lon"), limit=180),
        beds=_beds([text(column) for column in _BED_COLUMNS]),
        emergency=_EMERGENCY.get(text("urgences_generales")),
        source_line=line,
    )


def _degrees(text: str, *, limit: int) -> float | None:
    if not text:
        return None
    degrees = float(text)
    if not -limit <= degrees <= limit:  # also refuses NaN
        raise ValueError(text)
    return degrees


def _beds(counts: list[str]) -> int | None:
    known = [int(count) for count in counts if count]
    if any(not 0 <= count <= _MAX_BEDS for count in known):
        raise ValueError(counts)
    return sum(known) if known else None
