from __future__ import annotations

import pytest
from tests.engines.exchange.scans.samples import ORADAD

from hygie.engines.exchange.scans.oradad import parse_oradad
from hygie.vocabulary.enums import Severity
from hygie.vocabulary.errors import InputError

CSV = """domaine;id;niveau;objets
CH-Essai.local;vuln_guest;2;Invité
CH-Essai.local;vuln_owner;3;
"""


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(ORADAD, id="json"),
        pytest.param(CSV.encode(), id="csv"),
        pytest.param(CSV.encode("cp1252"), id="csv of a French spreadsheet"),
    ],
)
def test_open_points_and_their_level(document: bytes) -> None:
    scan = parse_oradad(document, source="x")

    assert scan.directory is not None
    assert (scan.directory.domain, scan.directory.level) == ("ch-essai.local", 2)
    assert [(one.key, one.severity) for one in scan.issues] == [
        ("vuln_guest", Severity.MAJOR),
        ("vuln_owner", Severity.MODERATE),
    ]
    assert scan.issues[0].facts["objects"] == "Invité"
    assert scan.settles("vuln_krbtgt", "ch-essai.local")


def test_no_open_point_is_level_five() -> None:
    scan = parse_oradad(b'{"domain": "a.local", "points": []}', source="x")

    assert scan.directory is not None
    assert scan.directory.level == 5


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b'{"domain": "a.local", "points": [{"id": "vuln_x", "level": 1}]}', "inconnu"),
        (b'{"domain": "a.local", "points": [{"id": "vuln_guest", "level": 4}]}', "niveau"),
        (b'{"points": []}', "domaine"),
        (b"domain;id;level\na.local;vuln_guest;2\nb.local;vuln_guest;2\n", "un seul domaine"),
    ],
)
def test_what_the_anssi_does_not_publish_is_refused(document: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse_oradad(document, source="x")
