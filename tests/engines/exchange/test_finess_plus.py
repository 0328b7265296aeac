from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.engines.exchange.finess_samples import (
    CLINIC,
    CLINIC_ENTITY,
    HOSPITAL,
    HOSPITAL_ENTITY,
)

from hygie.engines.exchange import finess_plus
from hygie.engines.exchange.finess_plus import read_finess_plus
from hygie.engines.exchange.finess_records import (
    EstablishmentRecord,
    FinessFileError,
    GhtMember,
    GhtRecord,
    LegalEntityRecord,
)
from hygie.vocabulary.errors import TooLargeError

if TYPE_CHECKING:
    from pathlib import Path

    from hygie.engines.exchange.finess_records import FinessReading

ADDRESS = {
    "lignequatre": "",
    "ligneQuatre": "1 RUE DES ORMES",
    "cogCommune": "29001",
    "ligneAcheminement": "VALBRUME",
    "codePostal": "29000",
    "coordonneesGeographique": {"directionLatitude": "48.5", "directionLongitude": "-4.25"},
}
SITE = {
    "informationsGeneralesEGE": {
        "numFinessEge": HOSPITAL,
        "nomEgeCourt": "CH VALBRUME",
        "nomEgeLong": "CENTRE HOSPITALIER DE  VALBRUME",
        "dateOuverture": "1956-11-16",
        "siret": "00000000000000",
    },
    "categorieentiteGeographiqueExercice": "355",
    "adresse": [ADDRESS],
    "contact": [{"telecom": {"telephone": "0100000000"}}],
}
ENTITY = {
    "informationsGeneralesPMEJ": {
        "pmSmsseId": "7",
        "denominationPm": "CH DE VALBRUME",
        "numFinessPm": HOSPITAL_ENTITY,
        "siren": "000000000",
        "statutJuridique": "13",
        "dateCreation": "2001-01-01",
    },
    "adresse": [ADDRESS],
    "ege": [SITE],
}
OTHER = {"informationsGeneralesPMEJ": {
    "pmSmsseId": "8", "denominationPm": "CLINIQUE", "numFinessPm": CLINIC_ENTITY}}  # fmt: skip
GROUP = {
    "nomGcc": "VALBRUME",
    "typeGcc": "001",
    "gccIdentifiantExterne": "53101",
    "pmejDuGcc": [
        {"pmSmsseId": "7", "typeRoleEntiteGroupe": "S"},
        {"pmSmsseId": "8", "typeRoleEntiteGroupe": "M"},
    ],
}


def read(tmp_path: Path, **document: Any) -> FinessReading:  # noqa: ANN401 - any JSON
    path = tmp_path / "finess.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return read_finess_plus(path, max_bytes=1 << 24)


def test_an_entity_brings_its_sites(tmp_path: Path) -> None:
    reading = read(tmp_path, generatedAt="2026-03-09T15:49:37.6Z", pmej=[ENTITY])

    assert reading.as_of == dt.date(2026, 3, 9)
    assert reading.legal_entities[HOSPITAL_ENTITY] == LegalEntityRecord(
        finess=HOSPITAL_ENTITY,
        name="CH DE VALBRUME",
        siren="000000000",
        legal_status="public",
        region_code="53",
        department="29",
        opened_on=dt.date(2001, 1, 1),
        source_line=1,
    )
    assert reading.establishments[HOSPITAL] == EstablishmentRecord(
        finess_et=HOSPITAL,
        finess_ej=HOSPITAL_ENTITY,
        name="CENTRE HOSPITALIER DE VALBRUME",
        category_code="355",
        category_label="Centre hospitalier (CH)",
        legal_status="public",
        region_code="53",
        department="29",
        commune_insee="29001",
        commune="VALBRUME",
        address="1 RUE DES ORMES",
        postal_code="29000",
        siret="00000000000000",
        latitude=48.5,
        longitude=-4.25,
        phone="0100000000",
        opened_on=dt.date(1956, 11, 16),
        source_line=1,
    )


def test_the_names_of_the_schema_read_as_those_of_real_files(tmp_path: Path) -> None:
    general = ENTITY["informationsGeneralesPMEJ"]
    assert isinstance(general, dict)
    entity = {
        "informationsGeneralesPmej": {
            "pm_smsseId": "7",
            **{key: value for key, value in general.items() if key != "pmSmsseId"},
            "statutJuridique": {"code": "13", "system": "x"},
        },
        "ege": [{**SITE, "categorieEntiteGeographiqueExercice": {"code": "355"}}],
    }

    reading = read(tmp_path, pmej=[entity], gcc=[GROUP])

    assert reading.legal_entities[HOSPITAL_ENTITY].legal_status == "public"
    assert reading.establishments[HOSPITAL].category_code == "355"
    assert [member.finess_ej for member in reading.groups[0].members] == [HOSPITAL_ENTITY]


def test_a_ght_stands_before_its_members_in_the_file(tmp_path: Path) -> None:
    reading = read(tmp_path, gcc=[GROUP, {**GROUP, "typeGcc": "002"}], pmej=[ENTITY, OTHER])

    assert reading.groups == [
        GhtRecord(
            code="53101",
            name="VALBRUME",
            region_code="53",
            members=(
                GhtMember(HOSPITAL_ENTITY, "support", "CH DE VALBRUME"),
                GhtMember(CLINIC_ENTITY, "member", "CLINIQUE"),
            ),
        )
    ]
    assert reading.problem_count == 0


def test_a_member_that_cannot_be_named_is_told_and_the_others_stay(tmp_path: Path) -> None:
    members = [*GROUP["pmejDuGcc"], {"pmSmsseId": "8", "typeRoleEntiteGroupe": "Z"}]

    reading = read(tmp_path, pmej=[ENTITY], gcc=[{**GROUP, "pmejDuGcc": members}])

    assert [member.finess_ej for member in reading.groups[0].members] == [HOSPITAL_ENTITY]
    assert [problem.message for problem in reading.problems] == [
        "GHT VALBRUME : membre 8 absent du fichier",
        "GHT VALBRUME : membre 8 sans rôle connu",
    ]


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"pmej": [ENTITY, ENTITY]}, id="twice"),
        pytest.param({"pmej": [ENTITY, 3]}, id="not an object"),
        pytest.param({"pmej": [ENTITY, {}]}, id="empty"),
        pytest.param({"pmej": [ENTITY], "gcc": [{"typeGcc": "001"}]}, id="GHT without name"),
        pytest.param(
            {"pmej": [ENTITY, {**OTHER, "ege": [{"informationsGeneralesEGE": []}]}]}, id="bad site"
        ),
    ],
)
def test_a_bad_object_is_left_out_and_told(tmp_path: Path, document: dict[str, object]) -> None:
    reading = read(tmp_path, **document)

    assert HOSPITAL_ENTITY in reading.legal_entities
    assert CLINIC not in reading.establishments
    assert reading.problem_count


def test_another_or_cut_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    for content, message in ((b'{"a": []}', "ni pmej ni gcc"), (b'{"pmej": [{', "tronqué")):
        path.write_bytes(content)
        with pytest.raises(FinessFileError, match=message):
            read_finess_plus(path, max_bytes=1000)


def test_deep_or_endless_objects_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep: list[Any] = []
    for _ in range(40):
        deep = [deep]
    with pytest.raises(TooLargeError, match="niveaux"):
        read(tmp_path, pmej=[{"a": deep}])
    monkeypatch.setattr(finess_plus, "MAX_EVENTS_PER_OBJECT", 100)
    with pytest.raises(TooLargeError, match="démesuré"):
        read(tmp_path, pmej=[{"a": [1] * 100}])
    monkeypatch.setattr(finess_plus, "MAX_TEXT_BYTES", 200_000)
    with pytest.raises(TooLargeError, match="texte"):
        read(tmp_path, pmej=["x" * 300_000])
    monkeypatch.setattr(finess_plus, "MAX_GROUPS", 1)
    with pytest.raises(TooLargeError, match="GHT"):
        read(tmp_path, gcc=[GROUP, GROUP])
