from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.engines.corpus.epss import read_epss_lines, score_date
from hygie.engines.corpus.records import CorpusFormatError

COMMENT = "#model_version:v2025.03.14,score_date:2026-01-30T12:55:00Z"
HEADER = "cve,epss,percentile"


def read(*lines: str) -> list[tuple[str, float]]:
    return list(read_epss_lines(enumerate(lines, start=1), source="epss.csv"))


def test_rows_are_read_in_order() -> None:
    rows = read(COMMENT, HEADER, "CVE-1999-0001,0.01151,0.78086", "CVE-1999-1170,2e-05,0.00039")

    assert rows == [("CVE-1999-0001", 0.01151), ("CVE-1999-1170", 2e-05)]
    assert score_date(COMMENT) == "2026-01-30"
    assert score_date(HEADER) == ""


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("CVE-1999-0001,0.1,0.2",),
        (HEADER, "CVE-1999-0001,2,0.2"),
        (HEADER, "CVE-1999-0001,nan,0.2"),
        (HEADER, "CVE-1999-0001,0.1"),
        (HEADER, "<html>"),
    ],
)
def test_anything_else_is_refused(lines: tuple[str, ...]) -> None:
    with pytest.raises(CorpusFormatError):
        read(*lines)


@given(st.lists(st.text(max_size=30), max_size=4))
def test_any_lines_are_rows_or_an_error(lines: list[str]) -> None:
    try:
        rows = read(HEADER, *lines)
    except CorpusFormatError:
        return
    assert all(0 <= probability <= 1 for _, probability in rows)
