from __future__ import annotations

from hygie.engines.exchange.finess_categories import CATEGORY_LABELS


def test_codes_have_three_digits_and_a_label() -> None:
    assert all(
        len(code) == 3 and code.isdigit() and label for code, label in CATEGORY_LABELS.items()
    )
