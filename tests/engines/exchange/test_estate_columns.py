from __future__ import annotations

import pytest

from hygie.engines.exchange.columns import suggest_mapping
from hygie.engines.exchange.estate_columns import ESTATE_COLUMNS, REQUIRED_FIELDS


@pytest.mark.parametrize("kind", ESTATE_COLUMNS)
def test_every_field_has_a_column_name_of_its_own(kind: str) -> None:
    header = tuple(names[0] for names in ESTATE_COLUMNS[kind].values())

    assert suggest_mapping(header, ESTATE_COLUMNS[kind]) == dict(
        zip(ESTATE_COLUMNS[kind], header, strict=True)
    )


def test_required_fields_are_fields() -> None:
    assert REQUIRED_FIELDS.keys() == ESTATE_COLUMNS.keys()
    assert all(set(REQUIRED_FIELDS[kind]) <= ESTATE_COLUMNS[kind].keys() for kind in ESTATE_COLUMNS)
