from __future__ import annotations

import pytest

from hygie.engines.exchange.table_document import (
    MAX_CELL_CHARS,
    MAX_COLUMNS,
    MAX_PROBLEMS_KEPT,
    ProblemLog,
    Row,
    RowProblem,
    Table,
    TableFormatError,
    TableOrigin,
    assemble,
)
from hygie.vocabulary.errors import TooLargeError


def table(*records: list[str], max_rows: int = 100) -> Table:
    origin = TableOrigin(source="x", encoding="utf-8")
    return assemble(enumerate(records, start=1), origin=origin, max_rows=max_rows)


def test_short_and_blank_rows_are_completed_or_left_out() -> None:
    read = table([" a ", "", "c"], [], ["1"], ["", "", ""], ["1", "2", " 3 ", ""])

    assert read.header == ("a", "c")
    assert read.rows == (Row(3, {"a": "1", "c": ""}), Row(5, {"a": "1", "c": "3"}))


def test_a_row_with_too_many_cells_is_a_problem_not_a_shift() -> None:
    read = table(["a"], ["1"], ["2", "3"])

    assert [row.line for row in read.rows] == [2]
    assert read.problems == (RowProblem(3, "", "2 cellules pour 1 colonnes"),)


def test_a_column_named_twice_is_refused() -> None:
    with pytest.raises(TableFormatError, match="présente deux fois"):
        table(["a", "b", "a"])


@pytest.mark.parametrize(
    "records",
    [
        pytest.param([["a"], ["x" * (MAX_CELL_CHARS + 1)]], id="cell"),
        pytest.param([["a"] * (MAX_COLUMNS + 1)], id="columns"),
        pytest.param([["a"]] + [["1"]] * 101, id="rows"),
    ],
)
def test_the_bounds_hold(records: list[list[str]]) -> None:
    with pytest.raises(TooLargeError):
        table(*records)


def test_problems_are_all_counted_but_not_all_kept() -> None:
    log = ProblemLog()
    for line in range(MAX_PROBLEMS_KEPT + 5):
        log.add(line, "faux")

    assert log.count == MAX_PROBLEMS_KEPT + 5
    assert len(log.kept) == MAX_PROBLEMS_KEPT
