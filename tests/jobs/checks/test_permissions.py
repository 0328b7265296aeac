from __future__ import annotations

import os
from pathlib import Path

import pytest

from hygie.jobs.checks.check import Status
from hygie.jobs.checks.permissions import check_home, check_secret_file


@pytest.mark.parametrize(
    ("mode", "status"), [(0o700, Status.GOOD), (0o750, Status.BROKEN), (0o755, Status.BROKEN)]
)
def test_nobody_else_enters_the_home(tmp_path: Path, mode: int, status: Status) -> None:
    tmp_path.chmod(mode)

    found = check_home(tmp_path)

    assert found.status is status
    assert status is Status.GOOD or found.remedy == f"chmod 0700 {tmp_path}"


def test_a_home_of_somebody_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)

    assert check_home(tmp_path).status is Status.BROKEN


def test_the_secret_is_for_its_owner_only(tmp_path: Path) -> None:
    assert check_secret_file(tmp_path).status is Status.GOOD
    secret = tmp_path / "secret-key"
    secret.write_text("secret d’essai")
    secret.chmod(0o640)

    found = check_secret_file(tmp_path)

    assert found.status is Status.BROKEN
    assert "secret d’essai" not in repr(found)
    secret.chmod(0o600)
    assert check_secret_file(tmp_path).status is Status.GOOD
