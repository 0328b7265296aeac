"""Find which column of a table holds which field, and protect the cells that we write."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from hygie.engines.exchange.table_document import TableFormatError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_NUMBER: Final = re.compile(r"[+-]?\d[\d  .,]*")
_FORMULA_STARTS: Final = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # full-width forms are formulas too


def loose_name(text: str) -> str:
    """Return a name without accents, case, spaces or punctuation, for comparison only."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in plain if character.isalnum())


def suggest_mapping(header: Sequence[str], wanted: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return, for each field found, the column that holds it.

    A column matches when its loose name is that of the field or of one of its synonyms; the
    first synonym wins, and a column serves one field only. Nothing is matched by likeness: a
    field that is not found is left out for a person to map.

    Args:
        header: names of the columns.
        wanted: synonyms of each field, best first.
    """
    free = {loose_name(column): column for column in reversed(header)}
    mapping: dict[str, str] = {}
    for field, synonyms in wanted.items():
        for name in map(loose_name, (field, *synonyms)):
            if name in free:
                mapping[field] = free.pop(name)
                break
    return mapping


def require_columns(
    mapping: Mapping[str, str], required: Iterable[str], *, header: Sequence[str], source: str
) -> None:
    """Refuse a mapping that lacks a field, or names a column that the table does not have.

    Raises:
        TableFormatError: one line with what is missing and the columns that were found.
    """
    missing = [field for field in required if field not in mapping]
    missing += [column for column in mapping.values() if column not in header]
    if missing:
        raise TableFormatError(
            f"colonnes manquantes : {', '.join(missing)} ; "
            f"colonnes trouvées : {', '.join(header)[:500]}",
            source=source,
        )


def safe_cell(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula.

    Source: OWASP, "CSV Injection": a cell that starts with one of ``= + - @``, a tab or a line
    end gets an apostrophe in front. Plain numbers such as ``-12,5`` are left as they are.
    """
    if text.lstrip(" \u00a0").startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text
