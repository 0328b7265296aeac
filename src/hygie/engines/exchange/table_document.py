"""What every table reader returns, and how records become a header and rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from hygie.vocabulary.errors import InputError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_TABLE_BYTES: Final = 64 << 20
MAX_COLUMNS: Final = 500
MAX_CELL_CHARS: Final = 32_767
MAX_PROBLEMS_KEPT: Final = 1_000


class TableFormatError(InputError):
    """The file is not a table that Hygie reads."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes:
        line: 1-based line of the file (CSV) or row of the sheet (XLSX) where it starts.
        cells: text of each column of the header, spaces around it removed; empty when the row
            is shorter than the header.
    """

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why one row was not read.

    Attributes:
        line: as in Row.
        column: name of the column at fault, empty when it is the row itself.
        message: one French line.
    """

    line: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table as text.

    Attributes:
        header: names of the columns, in file order; columns without a name are left out.
        rows: the rows, blank ones left out.
        problems: rows left out because they have more cells than the header; at most
            MAX_PROBLEMS_KEPT are kept.
        problem_count: how many there are in all.
        encoding: ``utf-8``, ``utf-8-sig``, ``cp1252``, or ``xlsx``.
        separator: character between cells, empty for XLSX.
        sheet: name of the sheet, empty for CSV.
    """

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[RowProblem, ...] = ()
    problem_count: int = 0
    encoding: str = "utf-8"
    separator: str = ""
    sheet: str = ""


@dataclass(slots=True)
class ProblemLog:
    """Problems met while reading: all counted, the first MAX_PROBLEMS_KEPT kept."""

    kept: list[RowProblem] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, message: str, *, column: str = "") -> None:
        """Record one problem."""
        self.count += 1
        if len(self.kept) < MAX_PROBLEMS_KEPT:
            self.kept.append(RowProblem(line=line, column=column, message=message))


@dataclass(frozen=True, slots=True)
class TableOrigin:
    """How a table was read; see the attributes of Table."""

    source: str
    encoding: str
    separator: str = ""
    sheet: str = ""


def assemble(
    records: Iterable[tuple[int, Sequence[str]]], *, origin: TableOrigin, max_rows: int
) -> Table:
    """Make a table of records: the first that is not blank is the header.

    Args:
        records: line number and cells of each record.
        origin: where they come from.
        max_rows: bound on the rows, header apart.

    Raises:
        TableFormatError: if there is no header or it names a column twice.
        TooLargeError: past ``max_rows``, MAX_COLUMNS or MAX_CELL_CHARS.
    """
    filled = ((line, _cells(line, record, origin.source)) for line, record in records)
    filled = ((line, cells) for line, cells in filled if cells)
    line, names = next(filled, (0, []))
    _check_header(names, line=line, source=origin.source)
    rows: list[Row] = []
    problems = ProblemLog()
    for line, cells in filled:
        if len(rows) + problems.count >= max_rows:
            raise TooLargeError(
                f"plus de {max_rows} lignes ; découpez le fichier", source=origin.source
            )
        if len(cells) > len(names):
            problems.add(line, f"{len(cells)} cellules pour {len(names)} colonnes")
            continue
        named = zip_longest(names, cells, fillvalue="")
        rows.append(Row(line, {name: cell for name, cell in named if name}))
    return Table(
        header=tuple(name for name in names if name),
        rows=tuple(rows),
        problems=tuple(problems.kept),
        problem_count=problems.count,
        encoding=origin.encoding,
        separator=origin.separator,
        sheet=origin.sheet,
    )


def _cells(line: int, record: Sequence[str], source: str) -> list[str]:
    """Return the stripped cells up to the last one that is not empty."""
    cells = [cell.strip() for cell in record]
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MAX_COLUMNS:
        raise TooLargeError(f"plus de {MAX_COLUMNS} colonnes", source=source, line=line)
    if any(len(cell) > MAX_CELL_CHARS for cell in cells):
        raise TooLargeError(
            f"cellule de plus de {MAX_CELL_CHARS} caractères", source=source, line=line
        )
    return cells


def _check_header(names: list[str], *, line: int, source: str) -> None:
    if not names:
        raise TableFormatError("tableau vide, une ligne de titres est attendue", source=source)
    named = [name for name in names if name]
    if len(set(named)) < len(named):
        twice = next(name for name in named if named.count(name) > 1)
        raise TableFormatError(
            f"la colonne «\u00a0{twice[:60]}\u00a0» est présente deux fois ; renommez-en une",
            source=source,
            line=line,
        )
