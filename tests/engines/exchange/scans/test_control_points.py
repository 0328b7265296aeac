from __future__ import annotations

import pytest

from hygie.engines.exchange.scans.control_points import control_points, directory_of


def test_the_published_points_are_all_there() -> None:
    points = control_points()

    assert len(points) == 76
    assert sum(len(point.levels) for point in points.values()) == 95
    assert [sum(level in point.levels for point in points.values()) for level in (1, 2, 3, 4)] == [
        37, 30, 22, 6,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("points", "level"),
    [
        ([], 5),
        ([("vuln_silo_priv", 4)], 4),
        ([("vuln_silo_priv", 4), ("vuln_krbtgt", 2), ("vuln_owner", 3)], 2),
        ([("vuln_dnsadmins", 1), ("vuln_krbtgt", 2)], 1),
    ],
)
def test_the_lowest_open_point_gives_the_level(points: list[tuple[str, int]], level: int) -> None:
    assert directory_of("a.local", points, unplaced=0).level == level
