from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.exchange.finess_samples import HOSPITAL

from hygie.engines.exchange.estate import (
    ESTATE_COLUMNS,
    REQUIRED_FIELDS,
    AddressRecord,
    ApplicationRecord,
    DeviceRecord,
    DomainRecord,
    SoftwareRecord,
    read_addresses,
    read_applications,
    read_devices,
    read_domains,
    read_software,
    suggest_columns,
)
from hygie.engines.exchange.tabular import RowProblem, Table, TableFormatError, parse_table
from hygie.vocabulary.enums import Criticality
from hygie.vocabulary.errors import InputError

READERS = {
    "domains": read_domains,
    "addresses": read_addresses,
    "applications": read_applications,
    "devices": read_devices,
    "software": read_software,
}


def table(*lines: str) -> Table:
    return parse_table("\n".join([*lines, ""]).encode(), source="x.csv")


def test_domains_are_read_under_french_headers() -> None:
    read = table(
        "Nom de domaine;Usage;FINESS ET", f"CH.example;site public;{HOSPITAL}", "b.example;;"
    )

    reading = read_domains(read, suggest_columns("domains", read), source="x.csv")

    assert reading.records == (
        DomainRecord("ch.example", "site public", HOSPITAL, 2),
        DomainRecord("b.example", "", None, 3),
    )
    assert reading.problem_count == 0


def test_addresses_are_read_under_english_headers() -> None:
    read = table("Address,Comment", "192.0.2.0/24,dmz")

    reading = read_addresses(read, suggest_columns("addresses", read), source="x.csv")

    assert reading.records == (AddressRecord("192.0.2.0/24", "dmz", None, 2),)


def test_applications_are_read() -> None:
    read = table("Application;Éditeur;Version;Criticité;Pôle", "DPI;Exemple SA;12.10;vitale;Soins")

    reading = read_applications(read, suggest_columns("applications", read), source="x.csv")

    assert reading.records == (
        ApplicationRecord("DPI", "Exemple SA", "12.10", Criticality.VITAL, "Soins", None, 2),
    )


def test_devices_are_read_and_equal_ones_stay() -> None:
    row = "Exemple SA;Pompe 3;2.1;important;12;Réanimation"
    read = table("Fabricant;Modèle;Version logicielle;Criticité clinique;Nombre;Local", row, row)

    reading = read_devices(read, suggest_columns("devices", read), source="x.csv")

    assert reading.records == tuple(
        DeviceRecord(
            name="",
            manufacturer="Exemple SA",
            model="Pompe 3",
            firmware="2.1",
            criticality=Criticality.IMPORTANT,
            quantity=12,
            room="Réanimation",
            finess=None,
            line=line,
        )
        for line in (2, 3)
    )


def test_software_is_read_with_its_identifiers() -> None:
    read = table(
        "Publisher,Name,Version,Hostname,PURL,CPE",
        "F5,nginx,1.2,srv-1,pkg:generic/nginx@1.2,cpe:/a:f5:nginx:1.2",
    )

    reading = read_software(read, suggest_columns("software", read), source="x.csv")

    assert reading.records == (
        SoftwareRecord(
            vendor="F5",
            product="nginx",
            version="1.2",
            purl="pkg:generic/nginx@1.2",
            cpe="cpe:/a:f5:nginx:1.2",
            host="srv-1",
            quantity=1,
            finess=None,
            line=2,
        ),
    )


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("Exemple SA;;;;", "Modèle", "cellule vide"),
        ("Exemple SA;P;urgente;;", "Criticité", "inconnu"),
        ("Exemple SA;P;;zéro;", "Nombre", "pas un nombre"),
        ("Exemple SA;P;;;123", "FINESS EJ", "FINESS"),
        (f"{'x' * 201};P;;;", "Fabricant", "200 caractères"),
        ("Exemple SA;P;;;;de trop", "", "6 cellules"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_column_and_the_others_stay(
    row: str, column: str, message: str
) -> None:
    read = table("Fabricant;Modèle;Criticité;Nombre;FINESS EJ", row, "Exemple SA;Bon;;;")

    reading = read_devices(read, suggest_columns("devices", read), source="x.csv")

    assert [record.model for record in reading.records] == ["Bon"]
    [problem] = reading.problems
    assert (problem.line, problem.column) == (2, column)
    assert message in problem.message


@pytest.mark.parametrize(
    "row", ["pkg:,", "pas un purl,", ",cpe:2.3:z:a:b:c:*:*:*:*:*:*:*", ",pas un cpe"]
)
def test_a_bad_identifier_is_told(row: str) -> None:
    read = table("produit,purl,cpe", f"a,{row}")

    assert read_software(read, suggest_columns("software", read), source="x").problem_count == 1


def test_a_domain_given_twice_is_told() -> None:
    read = table("domaine", "a.example", "A.example.")

    reading = read_domains(read, suggest_columns("domains", read), source="x.csv")

    assert reading.problems == (RowProblem(3, "", "déjà présent à la ligne 2"),)


@pytest.mark.parametrize("kind", READERS)
def test_a_missing_column_is_told_with_those_found(kind: str) -> None:
    read = table("Colonne A;Colonne B", "1;2")

    with pytest.raises(
        TableFormatError, match=f"manquantes : {REQUIRED_FIELDS[kind][0]}.*Colonne A, Colonne B"
    ):
        READERS[kind](read, suggest_columns(kind, read), source="x.csv")


@given(
    kind=st.sampled_from(sorted(READERS)),
    cells=st.lists(st.text(max_size=20), min_size=9, max_size=9),
)
def test_any_row_is_read_or_told(kind: str, cells: list[str]) -> None:
    header = ";".join(ESTATE_COLUMNS[kind])
    used = cells[: len(ESTATE_COLUMNS[kind])]
    quoted = ";".join('"' + cell.replace('"', '""') + '"' for cell in used)
    with suppress(InputError):
        read = table(header, quoted)
        reading = READERS[kind](read, suggest_columns(kind, read), source="x")
        assert len(reading.records) + reading.problem_count == len(read.rows)
