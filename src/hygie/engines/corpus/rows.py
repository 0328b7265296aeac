"""A few rows of a table, read in place: no compute library is loaded for a handful of values."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable

    from hygie.engines.corpus.columns import Column, Table

_EPOCH: Final = dt.date(1970, 1, 1).toordinal()


class Rows:
    """Reads values of a table of one chunk.

    Args:
        table: pyarrow.Table whose columns are int32, int64, float32, date32, bool, string, or
            dictionaries of strings.
    """

    def __init__(self, table: Table) -> None:
        self._readers = {
            name: _reader(table[name].chunk(0)) if table.num_rows else _nothing
            for name in table.column_names
        }

    def row(self, number: int) -> dict[str, Any]:
        """Return one row by column name; a null is None."""
        return {name: read(number) for name, read in self._readers.items()}


def _nothing(row: int) -> None:
    raise IndexError(row)


def _reader(array: Any) -> Callable[[int], Any]:  # noqa: ANN401 - pyarrow is untyped
    if pa.types.is_dictionary(array.type):
        words, read = _texts(array.dictionary), _reader(array.indices)
        return _unless_null(array, lambda row: words(read(row)))
    if pa.types.is_string(array.type):
        return _unless_null(array, _texts(array))
    return _unless_null(array, _numbers(array))


def _unless_null(array: Any, read: Callable[[int], Any]) -> Callable[[int], Any]:  # noqa: ANN401
    if not array.null_count:
        return read
    valid = _bits(array, 0)
    return lambda row: read(row) if valid[row] else None


def _bits(array: Any, buffer: int) -> Column:  # noqa: ANN401 - pyarrow is untyped
    packed = np.frombuffer(array.buffers()[buffer], np.uint8)
    unpacked = np.unpackbits(packed, bitorder="little")
    return unpacked[array.offset : array.offset + len(array)].astype(bool)


def _numbers(array: Any) -> Callable[[int], Any]:  # noqa: ANN401 - pyarrow is untyped
    if pa.types.is_boolean(array.type):
        bits = _bits(array, 1)
        return lambda row: bool(bits[row])
    kind = np.int32 if pa.types.is_date(array.type) else array.type.to_pandas_dtype()
    values = np.frombuffer(array.buffers()[1], kind)[array.offset : array.offset + len(array)]
    if pa.types.is_date(array.type):
        return lambda row: dt.date.fromordinal(_EPOCH + int(values[row]))
    return lambda row: values[row].item()


def _texts(array: Any) -> Callable[[int], str]:  # noqa: ANN401 - pyarrow is untyped
    _, offsets, data = array.buffers()
    ends = np.frombuffer(offsets, np.int32)[array.offset : array.offset + len(array) + 1]
    content = memoryview(data) if data is not None else memoryview(b"")
    return lambda row: bytes(content[ends[row] : ends[row + 1]]).decode("utf-8")
