from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from hygie.config.environment import read_environment
from hygie.config.operating import read_operating

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = sorted(
    path.name for path in DEPLOY.glob("hygie-*.*") if path.suffix in (".service", ".timer")
)
SERVICES = [name for name in UNITS if name.endswith(".service")]
ANALYZE = shutil.which("systemd-analyze")


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """Return the units with a command that exists on this machine."""
    for name in UNITS:
        text = re.sub(r"(?m)^(Exec\w+)=.*$", r"\1=/bin/true", (DEPLOY / name).read_text())
        (tmp_path / name.replace("@.", "@1.")).write_text(text)
    return tmp_path


@pytest.mark.skipif(ANALYZE is None, reason="systemd is absent")
def test_systemd_reads_every_unit_without_a_word(units: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(units.iterdir()))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    ours = [line for line in done.stderr.splitlines() if "hygie" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.skipif(ANALYZE is None, reason="systemd is absent")
@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_hardly_exposed(units: Path, name: str) -> None:
    path = units / name.replace("@.", "@1.")

    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-300:]


def test_the_example_of_the_environment_is_understood(tmp_path: Path) -> None:
    lines = (DEPLOY / "hygie.env.example").read_text().splitlines()
    told = [line.lstrip("#") for line in lines if re.match(r"#?[A-Z_]+=.", line)]
    variables = dict(line.split("=", 1) for line in told)

    environment = read_environment(variables | {"HYGIE_HOME": str(tmp_path)})

    assert environment.https
    assert environment.database_url.endswith("sslmode=verify-full")
    assert read_operating(variables).syslog_url.startswith("syslog+tls://")


def test_the_container_runs_as_nobody_in_particular_and_names_no_registry() -> None:
    text = (DEPLOY / "Containerfile").read_text()

    assert re.findall(r"(?m)^FROM (\S+)", text) == ["python:3.11-slim-bookworm"] * 2
    assert re.search(r"(?m)^USER 10001:10001$", text)
    assert "--require-hashes" in text
