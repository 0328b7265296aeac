from __future__ import annotations

import datetime as dt

import pytest

from hygie.engines.exchange.scans import cells
from hygie.vocabulary.errors import TooLargeError


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("WWW.Essai.Example.", "www.essai.example"),
        ("[2001:DB8::1]", "2001:db8::1"),
        ("192.0.2.1", "192.0.2.1"),
        ("a b", ""),
        ("<script>", ""),
        (None, ""),
        ("x" * 300, ""),
    ],
)
def test_hosts_are_canonical_or_nothing(text: object, host: str) -> None:
    assert cells.host_from(text) == host


def test_text_is_one_printable_line() -> None:
    assert cells.line_of("a\n\tb\x1b[31m\u202e") == "a b[31m"
    assert cells.line_of({"a": 1}) == ""


def test_keys_fit_a_finding() -> None:
    assert cells.key_of("http/cves: CVE-2023-1") == "http-cves:-CVE-2023-1"
    assert len(cells.key_of("x" * 200)) == 60


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("1772600000", dt.datetime(2026, 3, 4, 4, 53, 20, tzinfo=dt.UTC)),
        ("2026-03-04T08:00:00+01:00", dt.datetime(2026, 3, 4, 7, tzinfo=dt.UTC)),
        ("2026-03-04", dt.datetime(2026, 3, 4, tzinfo=dt.UTC)),
        ("9" * 40, None),
        ("hier", None),
    ],
)
def test_times_are_aware_or_nothing(value: str, moment: dt.datetime | None) -> None:
    assert cells.time_from(value) == moment


def test_entries_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "MAX_ENTRIES", 2)
    with pytest.raises(TooLargeError, match="plus de 2"):
        list(cells.bounded(range(3), source="x"))
