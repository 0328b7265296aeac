from __future__ import annotations

import dataclasses

import pytest

from hygie.engines.exchange.estate_records import AddressRecord


def test_what_was_read_does_not_change() -> None:
    record = AddressRecord("192.0.2.1", "", None, 2)

    with pytest.raises(dataclasses.FrozenInstanceError):
        record.line = 3  # type: ignore[misc]
