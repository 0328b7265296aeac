from __future__ import annotations

import pytest

from hygie.web.estate.forms import AssetFilter


@pytest.mark.parametrize(
    ("typed", "narrowing"),
    [
        (
            {"q": " vpn ", "kind": "domain", "criticality": "vital"},
            {"text": "vpn", "kind": "domain", "criticality": "vital"},
        ),
        ({}, {"text": "", "kind": "", "criticality": ""}),
        (
            {"q": "vpn", "kind": "n’importe", "criticality": "1; drop"},
            {"text": "vpn", "kind": "", "criticality": ""},
        ),
    ],
    ids=["everything", "nothing", "what does not exist"],
)
def test_what_cannot_be_read_does_not_narrow(
    typed: dict[str, str], narrowing: dict[str, str]
) -> None:
    assert AssetFilter(typed).narrowing() == narrowing
