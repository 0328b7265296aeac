"""Run the real command in a process of its own, in a home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def hygie(*arguments: str, home: Path, timeout_s: float = 120) -> subprocess.CompletedProcess[str]:
    """Run ``hygie`` on SQLite in ``home``; returns its code, stdout and stderr."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "hygie", *arguments],
        env=kept | {"HYGIE_HOME": str(home), "COLUMNS": "100"},
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
