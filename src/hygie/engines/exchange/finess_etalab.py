"""Read the FINESS open-data extract "etalab" of establishments.

No header; line 1 is ``finess;etalab;<n>;<date>``, then one ``structureet`` line of 32 fields
an establishment. Recent files are UTF-8, older ones Latin-1 (read as Windows-1252, which
holds it). Lines of coordinates (``geolocalisation``) are read past: they are projected, and
the establishment page places a site by its commune.

Source: https://www.data.gouv.fr/fr/datasets/finess-extraction-du-fichier-des-etablissements/
and reference/DOMAIN.md § 7.1.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

from hygie.engines.exchange.finess_records import (
    PRIVATE_NON_PROFIT,
    PUBLIC,
    EstablishmentRecord,
    FinessFileError,
    FinessReading,
    date_of,
)
from hygie.engines.exchange.reading import iter_lines_bounded
from hygie.vocabulary.regions import region_of_department

if TYPE_CHECKING:
    from pathlib import Path

FIELD_COUNT: Final = 32

_MAX_LINE_BYTES: Final = 16_384
_GEOLOCATION: Final = "geolocalisation"
_SECTION: Final = "structureet"
_OVERSEAS: Final = {
    "9A": "971",
    "9B": "972",
    "9C": "973",
    "9D": "974",
    "9E": "975",
    "9F": "976",
    "9J": "986",
}
_STATUS_OF_SPH: Final = {"1": PUBLIC, "6": PRIVATE_NON_PROFIT}


def read_etalab(path: Path, *, max_bytes: int) -> FinessReading:
    """Return the establishments of an extract; their ``beds`` and coordinates are not in it.

    ``legal_status`` comes from the public hospital service code, which tells public and
    non-profit establishments only.

    Raises:
        FinessFileError: if line 1 is another, the file holds legal entities, or its last line
            is cut.
        InputError: if the file cannot be read (``reading.iter_lines_bounded``).
    """
    reading = FinessReading()
    last = (0, 0)
    lines = iter_lines_bounded(
        path, max_line_bytes=_MAX_LINE_BYTES, max_bytes=max_bytes, allow_cp1252=True
    )
    for number, line in lines:
        if number == 1:
            reading.as_of = date_of(_check_first(line, source=path.name))
        elif line.strip():
            fields = split_fields(line)
            last = (number, len(fields))
            _read_line(number, fields, reading, source=path.name)
    if last[1] not in (FIELD_COUNT, 6, 0):
        raise FinessFileError(
            "la dernière ligne est coupée ; téléchargez le fichier de nouveau",
            source=path.name,
            line=last[0],
        )
    return reading


def split_fields(line: str) -> list[str]:
    """Split a line at ``;``, outside quotes when that gives the right count, and unquote.

    Some files double quotes without opening the field (``EHPAD ""LES LILAS""``), which no CSV
    reader takes; so a plain split comes first.
    """
    fields = line.split(";")
    if len(fields) != FIELD_COUNT and '"' in line:
        try:
            quoted = next(csv.reader([line], delimiter=";"), [])
        except csv.Error:
            quoted = []
        fields = quoted if len(quoted) == FIELD_COUNT else fields
    return [_unquoted(field) for field in fields]


def _unquoted(field: str) -> str:
    """Return the field with single spaces, its quotes single, none around the whole."""
    if '"' in field:
        if len(field) > 1 and field[0] == field[-1] == '"':
            field = field[1:-1]
        field = field.replace('""', '"')
        if field.count('"') == 1 or (field[:1] == '"' and '"' not in field[1:-1]):
            field = field.replace('"', "")
    return " ".join(field.split())


def _check_first(line: str, *, source: str) -> str:
    fields = line.strip().split(";")
    if fields[:2] != ["finess", "etalab"] or len(fields) < 4:  # noqa: PLR2004 - finess;etalab;n;date
        raise FinessFileError(
            "ce n’est pas l’extraction FINESS « etalab » : la première ligne devrait être "
            "« finess;etalab;…;date »",
            source=source,
            line=1,
        )
    return fields[3]


def _read_line(number: int, fields: list[str], reading: FinessReading, *, source: str) -> None:
    section = fields[0]
    if section == "structureej":
        raise FinessFileError(
            "c’est l’extraction des entités juridiques ; donnez celle des établissements "
            "(etalab-cs1100502)",
            source=source,
            line=number,
        )
    if section == _GEOLOCATION:
        return
    if section != _SECTION or len(fields) != FIELD_COUNT:
        reading.refuse(number, f"{len(fields)} champs au lieu de {FIELD_COUNT}")
        return
    reading.add_establishment(_establishment(number, fields))


def _establishment(number: int, fields: list[str]) -> EstablishmentRecord:
    department = _OVERSEAS.get(fields[13], fields[13])
    postal_code, _, commune = fields[15].partition(" ")
    street = " ".join(field for field in (*fields[7:11], fields[11]) if field)
    return EstablishmentRecord(
        finess_et=fields[1],
        finess_ej=fields[2] or None,
        name=fields[4] or fields[3],
        category_code=fields[18],
        category_label=fields[19],
        legal_status=_STATUS_OF_SPH.get(fields[26], ""),
        region_code=region_of_department(department),
        department=department,
        commune_insee=f"{department[:2]}{fields[12]}" if fields[12] else "",
        commune=commune,
        address=street,
        postal_code=postal_code,
        siret=fields[22],
        phone=fields[16],
        opened_on=date_of(fields[28]),
        source_line=number,
    )
