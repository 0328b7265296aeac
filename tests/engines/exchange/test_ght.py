from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.engines.exchange.finess_samples import (
    CLINIC_ENTITY,
    HOSPITAL_ENTITY,
)
from tests.engines.exchange.workbooks import workbook

from hygie.engines.exchange.finess import FinessFileError, read_ght
from hygie.engines.exchange.finess_records import GhtMember, GhtRecord
from hygie.engines.exchange.tabular import TableFormatError

if TYPE_CHECKING:
    from pathlib import Path

EXPECTED = GhtRecord(
    code="BRE-01",
    name="VALBRUME",
    region_code="53",
    members=(
        GhtMember(HOSPITAL_ENTITY, "support", "CH DE VALBRUME"),
        GhtMember(CLINIC_ENTITY, "member", "CH D’ARVOR"),
    ),
)


def written(tmp_path: Path, name: str, *lines: str) -> Path:
    path = tmp_path / name
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def pair(tmp_path: Path, *members: str) -> tuple[Path, Path]:
    return (
        written(tmp_path, "ght.csv", "ght_code,region,nom", "BRE-01,53,VALBRUME"),
        written(tmp_path, "membres.csv", "ght_code,finess_ej,nom,role", *members),
    )


GOOD = (
    f"BRE-01,{HOSPITAL_ENTITY},CH DE VALBRUME,support_presume",
    f"BRE-01,{CLINIC_ENTITY},CH D’ARVOR,membre",
)


def test_groups_and_members_are_joined(tmp_path: Path) -> None:
    read = read_ght(*pair(tmp_path, *GOOD))

    assert read.groups == (EXPECTED,)
    assert (read.kind, read.problem_count) == ("ght", 0)


@pytest.mark.parametrize(
    ("header", "region", "yes"),
    [
        ("GHT_CODE;GHT_LIB;ARS_CODE;ES_FINESS;GHT_SUPPORT;ES_LIB", "53", "O"),
        (
            "Code GHT;Nom GHT;Code région;FINESS EJ;Établissement support;Raison sociale",
            "R53",
            "oui",
        ),
        ("code_ght;libellé ght;code ars;n° finess;support;es_nom", "53", "X"),
    ],
)
def test_the_ministry_s_table_reads_under_several_spellings(
    tmp_path: Path, header: str, region: str, yes: str
) -> None:
    header = header.replace("n° finess", "num finess")
    path = written(
        tmp_path,
        "liste.csv",
        header,
        f"BRE-01;VALBRUME;{region};{HOSPITAL_ENTITY};{yes};CH DE VALBRUME",
        f"BRE-01;VALBRUME;{region};{CLINIC_ENTITY};;CH D’ARVOR",
    )

    assert read_ght(path).groups == (EXPECTED,)


def test_the_ministry_s_workbook_reads_too(tmp_path: Path) -> None:
    path = tmp_path / "liste.xlsx"
    path.write_bytes(
        workbook(
            [
                ["GHT_CODE", "GHT_LIB", "ARS_CODE", "ES_FINESS", "GHT_SUPPORT", "ES_LIB"],
                ["BRE-01", "VALBRUME", 53, HOSPITAL_ENTITY, "O", "CH DE VALBRUME"],
                ["BRE-01", "VALBRUME", 53, CLINIC_ENTITY, "N", "CH D’ARVOR"],
            ]
        )
    )

    assert read_ght(path).groups == (EXPECTED,)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (f"ZZZ-99,{CLINIC_ENTITY},x,membre", "ZZZ-99 inconnu"),
        (f"BRE-01,{HOSPITAL_ENTITY},x,membre", "déjà membre à la ligne 2"),
        ("BRE-01,123456789,x,membre", "clé"),
        (f"BRE-01,{CLINIC_ENTITY},x,chef", "« chef » inconnu"),
        (f"BRE-01,{CLINIC_ENTITY},x,membre,y", "cellules"),
    ],
)
def test_a_bad_member_is_left_out_and_told(tmp_path: Path, line: str, message: str) -> None:
    read = read_ght(*pair(tmp_path, GOOD[0], line))

    assert [member.finess_ej for member in read.groups[0].members] == [HOSPITAL_ENTITY]
    assert message in read.problems[0].message.replace("\u00a0", " ")


def test_a_ght_without_support_is_told(tmp_path: Path) -> None:
    read = read_ght(*pair(tmp_path, GOOD[1]))

    assert "0 établissement support" in read.problems[0].message


def test_a_bad_group_is_told(tmp_path: Path) -> None:
    groups = written(
        tmp_path, "ght.csv", "code,nom,region", "A,a,53", "A,b,53", ",c,53", "D,d,99", "E,e,53"
    )
    members = written(tmp_path, "m.csv", "code,finess,role", f"A,{HOSPITAL_ENTITY},O")

    read = read_ght(groups, members)

    assert [group.code for group in read.groups] == ["A", "D", "E"]
    assert [problem.line for problem in read.problems][:3] == [3, 4, 5]


def test_a_table_of_groups_alone_names_the_columns_it_lacks(tmp_path: Path) -> None:
    groups, _ = pair(tmp_path, *GOOD)

    with pytest.raises(TableFormatError, match="colonnes manquantes"):
        read_ght(groups)


def test_a_garbled_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FinessFileError, match="refusés"):
        read_ght(*pair(tmp_path, "x,y,z,membre", "x,y,z,membre"))
