from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from hygie.engines.exchange.bulletins.writing import encoded, file_stem, name_uuid, stamp


def test_a_moment_is_written_in_utc() -> None:
    at = dt.datetime(2026, 7, 1, 2, tzinfo=ZoneInfo("Europe/Paris"))

    assert stamp(at) == "2026-07-01T00:00:00.000Z"


def test_the_same_words_have_the_same_name_below_one_publisher_only() -> None:
    assert name_uuid("https://a.example", "x", "y") == name_uuid("https://a.example", "x", "y")
    assert name_uuid("https://a.example", "xy") != name_uuid("https://a.example", "x", "y")
    assert name_uuid("https://a.example", "x") != name_uuid("https://b.example", "x")


@given(st.text(max_size=40))
def test_a_number_makes_a_file_name_of_csaf(number: str) -> None:
    assert re.fullmatch(r"[+\-a-z0-9_]*", file_stem(number))


def test_json_is_utf_8_and_ends_its_last_line() -> None:
    assert encoded({"é": 1}) == '{\n  "é": 1\n}\n'.encode()
