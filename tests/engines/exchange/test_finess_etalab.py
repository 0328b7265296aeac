from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from tests.engines.exchange.finess_samples import (
    CLINIC,
    HOSPITAL,
    HOSPITAL_ENTITY,
    etalab_line,
    etalab_lines,
)

from hygie.engines.exchange.finess_etalab import read_etalab, split_fields
from hygie.engines.exchange.finess_records import EstablishmentRecord, FinessFileError
from hygie.vocabulary.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from hygie.engines.exchange.finess_records import FinessReading


def read(tmp_path: Path, content: bytes) -> FinessReading:
    path = tmp_path / "etalab.csv"
    path.write_bytes(content)
    return read_etalab(path, max_bytes=1 << 20)


def test_a_line_becomes_an_establishment(tmp_path: Path) -> None:
    reading = read(tmp_path, etalab_lines(etalab_line()))

    assert reading.as_of == dt.date(2026, 5, 12)
    assert list(reading.establishments.values()) == [
        EstablishmentRecord(
            finess_et=HOSPITAL,
            finess_ej=HOSPITAL_ENTITY,
            name="CENTRE HOSPITALIER DE VALBRUME",
            category_code="355",
            category_label="Centre Hospitalier (C.H.)",
            legal_status="public",
            region_code="94",
            department="2A",
            commune_insee="2A004",
            commune="VALBRUME CEDEX",
            address="1 R DES ORMES BP 1",
            postal_code="20000",
            siret="00000000000000",
            phone="0100000000",
            opened_on=dt.date(1979, 2, 13),
            source_line=2,
        )
    ]


@pytest.mark.parametrize(
    ("department", "commune", "insee", "region"),
    [
        ("9A", "123", "97123", "01"),
        ("9B", "207", "97207", "02"),
        ("9C", "302", "97302", "03"),
        ("9D", "411", "97411", "04"),
        ("9F", "610", "97610", "06"),
        ("9J", "613", "98613", ""),
        ("2B", "033", "2B033", "94"),
        ("01", "451", "01451", "84"),
    ],
)
def test_overseas_and_corsican_codes_become_insee_codes(
    tmp_path: Path, department: str, commune: str, insee: str, region: str
) -> None:
    line = etalab_line(departement=department, commune=commune)

    [record] = read(tmp_path, etalab_lines(line)).establishments.values()

    assert (record.commune_insee, record.region_code) == (insee, region)


def test_an_older_file_in_latin_1_reads_the_same(tmp_path: Path) -> None:
    line = etalab_line(rslongue="HÔPITAL DE L'ÉTÉ")

    [record] = read(tmp_path, etalab_lines(line, encoding="latin-1")).establishments.values()

    assert record.name == "HÔPITAL DE L'ÉTÉ"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('EHPAD ""LES LILAS""', 'EHPAD "LES LILAS"'),
        ('"""LES LILAS"""', "LES LILAS"),
        ('"LES LILAS"', "LES LILAS"),
        ('"A;B"', "A;B"),
        ('LES LILAS"', "LES LILAS"),
        ("  DEUX   ESPACES ", "DEUX ESPACES"),
    ],
)
def test_quotes_are_read_as_meant(written: str, name: str) -> None:
    fields = split_fields(etalab_line(rslongue=written))

    assert (len(fields), fields[4]) == (32, name)


def test_empty_quotes_are_empty() -> None:
    assert split_fields('a;"";"""";b') == ["a", "", "", "b"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (etalab_line(et="990000011"), "la clé devrait être"),
        (etalab_line(et="12"), "neuf caractères"),
        (etalab_line(ej="123456789"), "la clé devrait être"),
        (etalab_line(rs="", rslongue=""), "raison sociale"),
        (etalab_line(), "figure déjà à la ligne 2"),
        ("structureet;trop;court", "3 champs au lieu de 32"),
        (etalab_line(section="autre"), "32 champs"),
    ],
)
def test_a_bad_line_is_left_out_and_told(tmp_path: Path, line: str, message: str) -> None:
    content = etalab_lines(etalab_line(), line, etalab_line(et=CLINIC))

    reading = read(tmp_path, content)

    assert list(reading.establishments) == [HOSPITAL, CLINIC]
    assert reading.problem_count == 1
    assert reading.problems[0].line == 3
    assert message in reading.problems[0].message


def test_lines_of_coordinates_are_read_past(tmp_path: Path) -> None:
    content = etalab_lines(etalab_line(), f"geolocalisation;{HOSPITAL};1;2;3,BAN;2020-01-01")

    assert read(tmp_path, content).problem_count == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"structureet;1\n", "première ligne"),
        (etalab_lines("structureej;990000019;x"), "entités juridiques"),
        (etalab_lines(etalab_line())[:-40], "coupée"),
    ],
)
def test_another_or_cut_file_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(FinessFileError, match=message):
        read(tmp_path, content)


def test_an_endless_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="ligne 2"):
        read(tmp_path, b"finess;etalab;1;2026-01-01\n" + b"x" * 20_000)
