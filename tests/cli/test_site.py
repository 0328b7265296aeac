from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.running import hygie

from hygie import __version__
from hygie.cli.main import main


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["version"])

    assert stop.value.code == 0
    assert capsys.readouterr().out == f"hygie {__version__}\n"


def test_migrating_twice_changes_nothing_and_says_what_comes_next(tmp_path: Path) -> None:
    first, again = hygie("migrate", home=tmp_path), hygie("migrate", home=tmp_path)

    assert (first.returncode, again.returncode) == (0, 0)
    assert first.stdout == again.stdout
    assert "hygie import finess" in first.stdout


def test_the_commands_of_django_stay_within_reach(tmp_path: Path) -> None:
    done = hygie("manage", "check", home=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_a_port_that_is_none_is_a_bad_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["serve", "--port", "99999"])

    assert stop.value.code == 2
    assert "port" in capsys.readouterr().err
