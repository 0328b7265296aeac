from __future__ import annotations

from pathlib import Path

import pytest

from hygie.jobs.checks.check import Status
from hygie.jobs.checks.disk import check_disk, judge_space


@pytest.mark.parametrize(
    ("free", "status"),
    [
        (100 * 1024**3, Status.GOOD),
        (2 * 1024**3, Status.WARNING),
        (10 * 1024**2, Status.BROKEN),
    ],
)
def test_the_room_left_decides(free: int, status: Status) -> None:
    found = judge_space(free, Path("/var/lib/hygie"))

    assert found.status is status
    assert "/var/lib/hygie" in found.detail


def test_a_folder_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    assert check_disk(tmp_path / "absent").status is Status.BROKEN
    assert "Gio libres" in check_disk(tmp_path).detail
