from __future__ import annotations

import pytest

from hygie.domain.incidents.privacy import signs_of_persons


@pytest.mark.parametrize(
    "text",
    [
        "écrire à jean@hopital.example",
        "appeler le 06 12 34 56 78",
        "appeler +33612345678",
        "patient 1 84 12 76 451 089 46",
        "vu par le Dr Martin",
    ],
)
def test_what_names_somebody_is_noticed(text: str) -> None:
    assert len(signs_of_persons(text)) == 1


@pytest.mark.parametrize(
    "text",
    ["serveur 10.0.12.34 arrêté à 06 h 12", "CVE-2026-12345, version 12.1-55.297", "port 8080", ""],
)
def test_what_names_nobody_is_left_in_peace(text: str) -> None:
    assert signs_of_persons(text) == []
