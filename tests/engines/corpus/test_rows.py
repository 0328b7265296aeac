from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.engines.corpus.rows import Rows

SCHEMA = pa.schema(
    [
        pa.field("key", pa.int64()),
        pa.field("score", pa.float32()),
        pa.field("word", pa.dictionary(pa.int32(), pa.string())),
        pa.field("text", pa.string()),
        pa.field("on", pa.date32()),
        pa.field("flag", pa.bool_()),
    ]
)
ROW = st.fixed_dictionaries(
    {
        "key": st.none() | st.integers(-(2**63), 2**63 - 1),
        "score": st.none() | st.floats(width=32, allow_nan=False),
        "word": st.none() | st.sampled_from(["", "é", "active"]),
        "text": st.none() | st.text(max_size=5),
        "on": st.none() | st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)),
        "flag": st.none() | st.booleans(),
    }
)


@given(st.lists(ROW, min_size=1, max_size=20))
def test_rows_read_in_place_are_those_that_arrow_reads(rows: list[dict[str, object]]) -> None:
    table = pa.Table.from_pylist(rows, schema=SCHEMA).combine_chunks()
    reader = Rows(table)

    assert [reader.row(number) for number in range(len(rows))] == table.to_pylist()


def test_an_empty_table_has_no_row() -> None:
    with pytest.raises(IndexError):
        Rows(SCHEMA.empty_table()).row(0)
