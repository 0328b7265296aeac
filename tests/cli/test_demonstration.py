"""The first command a newcomer types, word for word, then what it tells them to type next."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.running import hygie

from hygie.cli.demonstration import MARK

WEAKNESS = "vpn-ch-val-hygie"


def test_a_folder_that_is_not_a_demonstration_is_never_emptied(tmp_path: Path) -> None:
    precious = tmp_path / "demo" / "precious.txt"
    precious.parent.mkdir()
    precious.write_text("à garder")

    done = hygie("demo", "--only-prepare", home=tmp_path)

    assert done.returncode == 2
    assert "n’est pas une démonstration" in done.stderr
    assert precious.read_text() == "à garder"


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_the_demonstration_its_repair_and_the_round_that_proves_it(tmp_path: Path) -> None:
    done = hygie("demo", "--only-prepare", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "cibles atteintes sur" in done.stdout
    home = tmp_path / "demo"
    assert (home / MARK).exists()

    environment = os.environ | {"HYGIE_HOME": str(home)}
    with subprocess.Popen(
        [sys.executable, "-m", "hygie", "lab", "serve"],
        env=environment,
        stderr=subprocess.DEVNULL,
    ) as lab:
        try:
            wait_for(home / "lab" / "network.json")
            assert hygie("lab", "fix", WEAKNESS, home=home).returncode == 0
            turn = hygie("round", "--format", "json", home=home)
        finally:
            lab.terminate()

    assert turn.stderr == ""
    result = json.loads(turn.stdout)
    assert result["state"] == "done"
    assert result["summary"]["reconcile"]["verified"] > 0
    assert hygie("journal", "verify", home=home).returncode == 0
    check_exports(home)


def check_exports(home: Path) -> None:
    findings = hygie("export", "csv", "findings", home=home)
    rows = list(csv.DictReader(io.StringIO(findings.stdout), delimiter=";"))
    repaired = [row for row in rows if row["subject"] == "vpn.ch-val-hygie.example:443"]
    assert "verified" in {row["state"] for row in repaired}

    one = hygie("export", "csv", "establishments", "--scope", "GHT-X1-2", home=home)
    everything = hygie("export", "csv", "establishments", home=home)
    assert 1 < one.stdout.count("\n") < everything.stdout.count("\n") == 16

    out = home / "constats.csv"
    assert hygie("export", "csv", "findings", "--out", str(out), home=home).returncode == 0
    assert out.read_text().count("\n") == len(rows) + 1
    nowhere = hygie("export", "csv", "findings", "--scope", "999", home=home)
    assert (nowhere.returncode, nowhere.stdout) == (2, "")


def wait_for(path: Path, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < deadline, f"{path.name} does not come"
        time.sleep(0.05)
