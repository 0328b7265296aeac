from __future__ import annotations

import datetime as dt

import pytest
from tests.engines.exchange.finess_samples import HOSPITAL_ENTITY

from hygie.engines.exchange.finess_records import (
    MAX_PROBLEMS_KEPT,
    FinessFileError,
    FinessReading,
    LegalEntityRecord,
    date_of,
    status_of_code,
)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("13", "public"),
        ("29", "public"),
        ("60", "prive_non_lucratif"),
        ("95", "prive_lucratif"),
        ("", ""),
        ("00", ""),
        ("1", ""),
        ("²²", ""),
    ],
)
def test_a_code_gives_the_legal_status(code: str, status: str) -> None:
    assert status_of_code(code) == status


def test_a_date_is_read_or_unknown() -> None:
    assert date_of("2026-03-09T15:49:37Z") == dt.date(2026, 3, 9)
    assert date_of("09/03/2026") is None
    assert date_of("") is None


def test_problems_are_counted_beyond_those_kept() -> None:
    reading = FinessReading()
    reading.add_legal_entity(LegalEntityRecord(HOSPITAL_ENTITY, "CH", "", "", "", "", 1))
    for line in range(MAX_PROBLEMS_KEPT + 10):
        reading.problem(line, "faux")

    file = reading.finish("etalab", source="x", sha256="")

    assert len(file.problems) == MAX_PROBLEMS_KEPT
    assert file.problem_count == MAX_PROBLEMS_KEPT + 10


def test_more_refused_than_kept_is_another_file() -> None:
    reading = FinessReading()
    reading.refuse(7, "clé fausse")

    with pytest.raises(FinessFileError, match=r"x, ligne 7 : 1 .* pour 0 lus ; .* clé fausse"):
        reading.finish("etalab", source="x", sha256="")
