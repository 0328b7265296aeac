from __future__ import annotations

import csv
import datetime as dt

from tests.engines.exchange.bulletins.samples import INDICATORS, NOON

from hygie.engines.exchange.bulletins.indicator_files import read_indicators
from hygie.engines.exchange.bulletins.indicator_lists import (
    living,
    write_firewall_list,
    write_sigma_table,
    write_table,
)
from hygie.engines.exchange.bulletins.indicators import Indicator, IndicatorKind


def test_a_dead_indicator_is_sought_no_longer() -> None:
    later = NOON + dt.timedelta(days=31)

    assert "192.0.2.7" not in [one.value for one in living(INDICATORS, now=later)]
    assert len(living(INDICATORS, now=NOON)) == len(INDICATORS)


def test_a_firewall_gets_one_value_a_line() -> None:
    assert write_firewall_list(INDICATORS, IndicatorKind.IPV4) == b"192.0.2.7\n"


def test_the_table_is_read_again_the_same() -> None:
    found = read_indicators(write_table(INDICATORS), source="essai", now=NOON)

    assert found.indicators == list(INDICATORS)


def test_a_sigma_converter_gets_fields_and_values() -> None:
    rows = list(csv.DictReader(write_sigma_table(INDICATORS).decode().splitlines()))

    assert {"field": "Hashes", "value": f"SHA256={'a' * 64}", "until": ""} in rows
    assert rows[0] == {
        "field": "DestinationIp",
        "value": "192.0.2.7",
        "until": "2026-12-20T12:00:00.000Z",
    }


def test_a_spreadsheet_runs_nothing() -> None:
    formula = Indicator(IndicatorKind.FILENAME, "=cmd()", NOON)

    assert b"'=cmd()" in write_table([formula])
