"""The peers' commands, and what each does and does not do beside us."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.probing.environment import machine, peer
from bench.probing.measuring import Cost, measured
from bench.probing.ours import AT_ONCE
from bench.probing.place import DNS_PORT, MACHINES, PORTS
from hygie.engines.probing.ports import SERVICES

if TYPE_CHECKING:
    from collections.abc import Sequence

PROJECT: Final = Path(__file__).resolve().parents[2]
_PROGRAMS: Final = Path(__file__).parent / "programs"
_VERSIONS: Final = ("--sslv2", "--sslv3", "--tlsv1", "--tlsv1_1", "--tlsv1_2", "--tlsv1_3")
_SCRIPTS: Final = "banner,http-title,http-security-headers,dicom-ping,ssl-cert"


def ours(part: str, directory: Path, count: int) -> Cost:
    """Run one part of ours on ``count`` machines or questions."""
    command = [sys.executable, "-m", "bench.probing.ours", part, directory, str(count)]
    return _checked(measured(command, cwd=PROJECT), "ours")


def sslyze(folder: Path, count: int, *, everything: bool) -> Cost | None:
    """Scan versions with their suites; ``everything`` adds chain and curves; 0 is the start."""
    command = peer("sslyze", "sslyze")
    if command is None:
        return None
    targets = folder / "sslyze.targets"
    targets.write_text("\n".join(f"{each.address}:{PORTS[443]}" for each in MACHINES[:count]))
    options = [*_VERSIONS, *(("--certinfo", "--elliptic_curves") if everything else ())]
    asked = [f"--targets_in={targets}"] if count else ["--help"]
    return _checked(
        measured([command, "--quiet", "--mozilla_config=disable", *options, *asked]),
        "sslyze",
        (0, 1),
    )


def checkdmarc(count: int) -> Cost | None:
    """Check ``count`` domains."""
    python = peer("checkdmarc", "checkdmarc")
    if python is None:
        return None
    names = [each.name for each in MACHINES[:count]]
    program = _PROGRAMS / "checkdmarc_domains.py"
    return _checked(
        measured([python.with_name("python"), program, str(DNS_PORT), *names]), "checkdmarc"
    )


def dnspython(count: int) -> Cost:
    """Put ``count`` questions by dnspython."""
    module = "bench.probing.programs.dnspython_queries"
    command = [sys.executable, "-m", module, str(DNS_PORT), str(count), str(AT_ONCE)]
    return _checked(measured(command, cwd=PROJECT), "dnspython")


def nmap(folder: Path, count: int, *, deep: bool) -> Cost | None:
    """Knock at the ports of SERVICES; ``deep`` adds versions and scripts, on every port of ours."""
    command = machine("nmap")
    if command is None:
        return None
    targets = folder / "nmap.targets"
    targets.write_text("\n".join(each.address for each in MACHINES[:count]))
    wanted: Sequence[int] = tuple(PORTS) if deep else tuple(SERVICES)
    ports = ",".join(str(PORTS[port]) for port in wanted)
    options = ["-sV", "--version-light", "--script", _SCRIPTS] if deep else ["--max-retries", "0"]
    return _checked(
        measured([command, "-n", "-Pn", "-sT", "-T5", "-p", ports, *options, "-iL", targets]),
        "nmap",
    )


def _checked(cost: Cost, name: str, good: tuple[int, ...] = (0,)) -> Cost:
    if cost.status not in good:
        raise RuntimeError(f"{name} stopped with {cost.status}: {cost.output[-400:]}")
    return cost
