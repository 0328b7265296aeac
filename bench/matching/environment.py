"""The peers' own throw-away environment, built when the network allows."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

PACKAGES: Final = ("cve-bin-tool==3.4", "duckdb>=2.0", "polars>=2.1", "pyarrow>=26")
_BUILD_TIMEOUT_S: Final = 900


def peers_python() -> Path | None:
    """Return the interpreter of the peers' environment, None when it cannot be built here."""
    chosen = os.environ.get("HYGIE_BENCH_PEERS")
    folder = Path(chosen) if chosen else Path(tempfile.gettempdir()) / "hygie-bench" / "peers"
    python = folder / "bin" / "python"
    check = [str(python), "-c", "import cve_bin_tool, duckdb, polars, pyarrow"]
    if python.exists() and subprocess.run(check, check=False, capture_output=True).returncode == 0:
        return python
    pip = [str(python), "-m", "pip", "install", "-q", *PACKAGES]
    try:
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
        subprocess.run(pip, check=True, capture_output=True, timeout=_BUILD_TIMEOUT_S)
    except (subprocess.SubprocessError, OSError):
        return None
    return python
