from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.engines.exchange.finess_samples import CLINIC, HOSPITAL, HOSPITAL_ENTITY

from hygie.engines.exchange.finess_sae import read_sae
from hygie.engines.exchange.tabular import TableFormatError

if TYPE_CHECKING:
    from pathlib import Path

    from hygie.engines.exchange.finess_records import FinessReading

HEADER = (
    "finess_et,finess_ej,raison_sociale,region,departement,lat,lon,"
    "lits_mco,lits_ssr,lits_usld,lits_psy,urgences_generales"
)
GOOD = f"{HOSPITAL},{HOSPITAL_ENTITY},CH DE VALBRUME,53,29,48.5,-4.25,10,5,,1,1"


def read(tmp_path: Path, *lines: str) -> FinessReading:
    path = tmp_path / "sae.csv"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return read_sae(path, max_bytes=1 << 20)


def test_a_row_becomes_an_establishment(tmp_path: Path) -> None:
    [record] = read(tmp_path, HEADER, GOOD).establishments.values()

    assert (record.finess_et, record.finess_ej) == (HOSPITAL, HOSPITAL_ENTITY)
    assert (record.latitude, record.longitude) == (48.5, -4.25)
    assert record.beds == 16
    assert record.emergency is True


def test_what_the_table_does_not_say_is_not_known(tmp_path: Path) -> None:
    [record] = read(tmp_path, HEADER, f"{CLINIC},,CLINIQUE,53,29,,,,,,,").establishments.values()

    assert record.finess_ej is None
    assert (record.latitude, record.beds, record.emergency) == (None, None, None)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (GOOD, "déjà"),
        (GOOD.replace(HOSPITAL, "990000000"), "clé"),
        (GOOD.replace(",53,", ",99,").replace(HOSPITAL, CLINIC), "code de région"),
        (GOOD.replace("48.5", "nord").replace(HOSPITAL, CLINIC), "nombre illisible"),
        (GOOD.replace("48.5", "nan").replace(HOSPITAL, CLINIC), "nombre illisible"),
        (GOOD.replace(",10,", ",-10,").replace(HOSPITAL, CLINIC), "nombre illisible"),
        (f"{GOOD},1,2", "cellules"),
    ],
)
def test_a_bad_row_is_left_out_and_told(tmp_path: Path, line: str, message: str) -> None:
    reading = read(tmp_path, HEADER, GOOD, line)

    assert list(reading.establishments) == [HOSPITAL]
    assert message in reading.problems[0].message
    assert reading.problems[0].line == 3


def test_a_missing_column_is_told(tmp_path: Path) -> None:
    with pytest.raises(TableFormatError, match="manquantes : region, departement"):
        read(tmp_path, "finess_et,finess_ej,raison_sociale", "a,b,c")
