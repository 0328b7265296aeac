"""Write indicators for the tools that look for them: plain lists, CSV, Sigma-friendly CSV.

A firewall reads one value a line; an EDR a table; SigmaHQ's converters a field and a value.
Cells that a spreadsheet would run as a formula are quoted.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from hygie.engines.exchange.bulletins.indicators import IndicatorKind
from hygie.engines.exchange.bulletins.writing import stamp

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from hygie.engines.exchange.bulletins.indicators import Indicator

SIGMA_FIELDS: Final = {
    IndicatorKind.IPV4: "DestinationIp",
    IndicatorKind.IPV6: "DestinationIp",
    IndicatorKind.DOMAIN: "QueryName",
    IndicatorKind.URL: "c-uri",
    IndicatorKind.EMAIL: "SenderAddress",
    IndicatorKind.MD5: "Hashes",
    IndicatorKind.SHA1: "Hashes",
    IndicatorKind.SHA256: "Hashes",
    IndicatorKind.FILENAME: "Image",
}
FIREWALL_KINDS: Final = (IndicatorKind.IPV4, IndicatorKind.IPV6, IndicatorKind.DOMAIN)


def living(indicators: Iterable[Indicator], *, now: dt.datetime) -> list[Indicator]:
    """Return those whose life has not ended."""
    return [one for one in indicators if one.until is None or one.until > now]


def write_firewall_list(indicators: Iterable[Indicator], kind: IndicatorKind) -> bytes:
    """Return one value a line, sorted, for one kind of FIREWALL_KINDS."""
    values = sorted({one.value for one in indicators if one.kind is kind})
    return "".join(f"{value}\n" for value in values).encode()


def write_table(indicators: Iterable[Indicator]) -> bytes:
    """Return the CSV that ``read_indicators`` reads again: type, value, seen, until, comment."""
    return _csv(
        ("type", "value", "seen", "until", "comment"),
        (
            (one.kind.value, one.value, stamp(one.seen_at), _end(one), one.comment)
            for one in indicators
        ),
    )


def write_sigma_table(indicators: Iterable[Indicator]) -> bytes:
    """Return the CSV of field and value as Sigma rules name them; hashes as ``SHA256=…``."""
    return _csv(
        ("field", "value", "until"),
        ((SIGMA_FIELDS[one.kind], _sigma_value(one), _end(one)) for one in indicators),
    )


def _sigma_value(one: Indicator) -> str:
    hashed = SIGMA_FIELDS[one.kind] == "Hashes"
    return f"{one.kind.upper()}={one.value}" if hashed else one.value


def _end(one: Indicator) -> str:
    return stamp(one.until) if one.until else ""


def _csv(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: str) -> str:
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
