from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.engines.corpus.records import EVERY_VERSION, Span
from hygie.engines.corpus.version_text import after_branch, read_version_text


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("1.2.3", Span(exact="1.2.3", any_update=True)),
        ("V7.0 SP4", Span(exact="V7.0 SP4", any_update=True)),
        ("< 4.17.21", Span(end="4.17.21")),
        ("<= 4.17", Span(end="4.17", end_closed=True)),
        (">= 9.9, < 10.1", Span(start="9.9", end="10.1")),
        ("> 1.0 and <= 1.4", Span(start="1.0", start_open=True, end="1.4", end_closed=True)),
        ("= 3.1", Span(exact="3.1", any_update=True)),
        ("All versions < V9.9", Span(end="9.9")),
        ("before version 9.9", Span(end="9.9")),
        ("prior to 2.4.1", Span(end="2.4.1")),
        ("4.1 and prior", Span(end="4.1", end_closed=True)),
        ("1.0 through 1.3", Span(start="1.0", end="1.3", end_closed=True)),
        ("1.0 to 1.3", Span(start="1.0", end="1.3", end_closed=True)),
        ("Fixed in kernel v6.0-rc1.", Span(end="v6.0-rc1")),
        ("Fixed in 8.0.0", Span(end="8.0.0")),
        ("Fixed in OpenSSL 1.1.1g (Affected 1.1.1d-1.1.1f)", Span(start="1.1.1d", end="1.1.1g")),
        ("Fixed in OpenSSL 3.0.2 (Affected 3.0.0,3.0.1)", Span(start="3.0.0", end="3.0.2")),
        ("Fixed in OpenSSL 1.0.2b (Affected since 1.0.2)", Span(start="1.0.2", end="1.0.2b")),
        ("5.15.*", Span(start="5.15", end="5.16")),
        ("3.x", Span(start="3", end="4")),
        ("all versions", EVERY_VERSION),
        ("*", EVERY_VERSION),
    ],
)
def test_what_people_write_becomes_a_span(text: str, span: Span) -> None:
    assert read_version_text(text) == span


@pytest.mark.parametrize(
    "text",
    [
        "see references",
        "Fixed in 7.1 and 8.2",
        "Fixed in 7.1, 8.2",
        "iOS 12 before 12.4",
        "",
        "x" * 300,
    ],
)
def test_what_cannot_be_read_says_so(text: str) -> None:
    assert read_version_text(text).note


def test_a_branch_has_a_next_one() -> None:
    assert after_branch("6.1.*") == "6.2"
    assert after_branch("6.1") == ""


@given(st.text(max_size=60) | st.text("0123456789.<>=, andxv*", max_size=60))
def test_any_text_is_a_span(text: str) -> None:
    assert isinstance(read_version_text(text), Span)
