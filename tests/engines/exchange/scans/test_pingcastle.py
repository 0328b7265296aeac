from __future__ import annotations

from tests.engines.exchange.scans.samples import PINGCASTLE

from hygie.engines.exchange.scans.control_points import control_points
from hygie.engines.exchange.scans.pingcastle import POINTS, parse_pingcastle
from hygie.vocabulary.enums import Severity


def test_rules_become_issues_and_the_lowest_open_level_counts() -> None:
    scan = parse_pingcastle(PINGCASTLE, source="x")

    assert [(one.key, one.subject, one.severity) for one in scan.issues] == [
        ("A-Krbtgt", "ch-essai.local", Severity.MAJOR),
        ("S-ADRegistration", "ch-essai.local", Severity.MINOR),
        ("A-Invented", "ch-essai.local", Severity.MAJOR),
    ]
    assert scan.directory is not None
    assert (scan.directory.level, scan.directory.unplaced) == (2, 1)
    assert scan.directory.open_points[0] == ("vuln_krbtgt", 2)
    assert scan.issues[0].title == "Mot de passe du compte krbtgt inchangé depuis plus d'un an"


def test_a_whole_health_check_settles_its_domain_alone() -> None:
    scan = parse_pingcastle(PINGCASTLE, source="x")

    assert scan.settles("A-Guest", "ch-essai.local", "pingcastle")
    assert not scan.settles("A-Guest", "autre.local", "pingcastle")


def test_every_point_named_is_one_of_the_anssi_at_a_level_it_publishes() -> None:
    wrong = {
        rule: (point, level)
        for rule, (point, level) in POINTS.items()
        if point and level not in control_points()[point].levels
    }

    assert wrong == {}
