# ruff: noqa: INP001 - a script, in no package: `make audit` runs it
"""Ask whether a known vulnerability touches what we depend on, and never take silence for no.

    python deploy/audit.py [--tolerant]

pip-audit ends well when its index knows none of the packages, as a mirror does. Here what could
not be asked is a failure of its own (exit 3); ``--tolerant`` says it loudly and ends well, for
networks without Internet. A vulnerability found is exit 1, always.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TIMEOUT_S = 300


def main() -> int:
    """Ask about requirements/core.txt; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tolerant", action="store_true", help="no answer is no failure")
    tolerant: bool = parser.parse_args().tolerant
    code, lines = judge(ask(ROOT / "requirements" / "core.txt"), tolerant=tolerant)
    sys.stderr.write("\n".join(lines) + "\n")
    return code


def ask(requirements: Path) -> str:
    """Return what pip-audit wrote, empty when it could not ask."""
    options = ("--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json")
    command = [sys.executable, "-m", "pip_audit", *options, "-r", str(requirements)]
    try:
        done = subprocess.run(  # noqa: S603 - arguments are ours
            command, capture_output=True, text=True, check=False, timeout=TIMEOUT_S
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout


def judge(answer: str, *, tolerant: bool) -> tuple[int, list[str]]:
    """Return the exit code and what to say of pip-audit's JSON."""
    try:
        rows = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        rows = []
    found = [
        f"{row['name']} {row['version']}: {flaw['id']}, fixed in "
        f"{', '.join(flaw['fix_versions']) or 'no version yet'}"
        for row in rows
        for flaw in row.get("vulns", ())
    ]
    if found:
        return 1, ["VULNERABLE:", *found]
    unknown = [row["name"] for row in rows if "skip_reason" in row]
    if rows and not unknown:
        return 0, [f"audit: {len(rows)} packages, no known vulnerability"]
    what = f"{len(unknown)} of {len(rows)} packages" if rows else "the index of vulnerabilities"
    said = [
        "*" * 78,
        f"NOT AUDITED: {what} could not be asked about from here.",
        'This is not "no vulnerability". Run `make audit` where the index can be reached.',
        "*" * 78,
    ]
    return (0 if tolerant else 3), said


if __name__ == "__main__":
    sys.exit(main())
