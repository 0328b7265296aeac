from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.engines.deciding.impact import impact_from_vector
from hygie.vocabulary.enums import TechnicalImpact


@pytest.mark.parametrize(
    ("vector", "impact"),
    [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", TechnicalImpact.TOTAL),
        ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N", TechnicalImpact.TOTAL),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", TechnicalImpact.PARTIAL),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", TechnicalImpact.PARTIAL),
        ("AV:N/AC:L/Au:N/C:C/I:C/A:C", TechnicalImpact.TOTAL),
        ("AV:N/AC:L/Au:N/C:P/I:P/A:P", TechnicalImpact.PARTIAL),
        (
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
            TechnicalImpact.TOTAL,
        ),
        (
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:N/SC:H/SI:H/SA:N",
            TechnicalImpact.TOTAL,
        ),
        (
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N",
            TechnicalImpact.PARTIAL,
        ),
        ("", None),
        ("CVSS:3.1/AV:N", None),
        ("CVSS:9.9/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", None),
        ("CVSS:3.1/" + "AV:N/" * 200, None),
    ],
)
def test_losing_both_secrets_and_control_is_total(
    vector: str, impact: TechnicalImpact | None
) -> None:
    assert impact_from_vector(vector) is impact


@given(st.text(max_size=40) | st.text("CVSS:3.14/AVNCIHLP", max_size=60))
def test_any_text_has_an_impact_or_none(vector: str) -> None:
    assert impact_from_vector(vector) in (None, *TechnicalImpact)
