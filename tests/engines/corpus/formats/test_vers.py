import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.engines.corpus.formats.vers import SEVERAL_ENDS_NOTE, looks_like_version, read_range
from hygie.engines.corpus.records import EVERY_VERSION, Span


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("vers:all/*", (EVERY_VERSION,)),
        ("*", (EVERY_VERSION,)),
        ("All versions", (EVERY_VERSION,)),
        ("vers:all/<V4.4", (Span(end="V4.4"),)),
        ("< V15.1 Update 8", (Span(end="V15.1 Update 8"),)),
        ("<= 7.0.6 Build 366", (Span(end="7.0.6 Build 366", end_closed=True),)),
        (">= 2.5 | <= 3.11", (Span(start="2.5", end="3.11", end_closed=True),)),
        (">= V2.3 and < V6.30.016", (Span(start="V2.3", end="V6.30.016"),)),
        ("> 7.0 < 7.5", (Span(start="7.0", start_open=True, end="7.5"),)),
        ("7.0 <= 7.5", (Span(start="7.0", end="7.5", end_closed=True),)),
        ("<= 12.2.x.x", (Span(end="12.3"),)),
        ("<= 1.21X", (Span(end="1.21X", end_closed=True),)),
        ("5.x.x", (Span(start="5", end="6"),)),
        ("4.20 | 4.30", (Span(exact="4.20", any_update=True), Span(exact="4.30", any_update=True))),
        ("<=B.06.18", (Span(end="B.06.18", end_closed=True),)),
        ("<1.5.0|>=7.0.0", (Span(end="1.5.0"), Span(start="7.0.0"))),
        ("<7.0.0|>=1.5.0", (Span(start="1.5.0", end="7.0.0"),)),
        ("All versions prior to 2.2", (Span(end="2.2"),)),
    ],
)
def test_a_range_is_read_as_its_author_meant(text: str, spans: tuple[Span, ...]) -> None:
    assert read_range(text)[1] == spans


def test_a_vers_names_the_order_of_its_versions() -> None:
    assert read_range("vers:npm/>=1.0.0|<1.4.0") == ("npm", (Span(start="1.0.0", end="1.4.0"),))
    assert read_range("vers:generic/1.0")[0] == ""


def test_a_condition_keeps_the_bounds_and_leaves_the_answer_unknown() -> None:
    [span] = read_range("<= R4.07.00 (if RS4E5000 is installed)")[1]
    assert (span.end, span.end_closed) == ("R4.07.00", True)
    assert "RS4E5000" in span.note


@pytest.mark.parametrize(
    "text",
    [
        "< april 1, 2018",
        "<8/30/2024",
        "<=the_first_5_digits_of_serial_number_22081",
        "All versions with U-Boot < V2016.05RS09",
        "< CPCI85 V05.11",
        "",
        "x" * 1000,
        "!= 3.0",
        "n/a",
    ],
)
def test_what_is_no_version_is_unknown_with_its_reason(text: str) -> None:
    assert all(span.note for span in read_range(text)[1])


def test_several_ends_without_start_decide_nothing() -> None:
    spans = read_range("< 4.2.21 | < 5.0.27")[1]
    assert spans == (
        Span(end="4.2.21", note=SEVERAL_ENDS_NOTE),
        Span(end="5.0.27", note=SEVERAL_ENDS_NOTE),
    )


@pytest.mark.parametrize(
    ("text", "version"),
    [
        *((text, True) for text in ("B.02", "v2", "8", "2018", "1.1.3 Build 10")),
        *((text, False) for text in ("MMT-1715", "HEN08143", "3120", "Accu-Chek Inform II")),
    ],
)
def test_a_model_is_told_from_a_version(text: str, *, version: bool) -> None:
    assert looks_like_version(text) is version


@given(st.text(alphabet="v0123456789.x<>=| (),-SPand*", max_size=60) | st.text(max_size=60))
@settings(max_examples=300)
def test_any_text_gives_at_least_one_span(text: str) -> None:
    spans = read_range(text)[1]
    assert spans
    assert all(
        span.note or span == EVERY_VERSION or span.exact or span.start or span.end for span in spans
    )


@pytest.mark.parametrize(
    "unit", ["1.", "1 sp 1 ", "(1)", "<=", "1|", "_p1", " and ", "x", "1 (", "."]
)
def test_no_text_takes_long(unit: str) -> None:
    before = time.perf_counter()
    read_range(unit * 2000)
    read_range((unit * 2000)[:399])
    assert time.perf_counter() - before < 1
