"""The peers' own throw-away environments, built when the network allows; nmap is the machine's.

sslyze and checkdmarc want different versions of cryptography: each has its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ENVIRONMENTS: Final = {
    "sslyze": ("sslyze==6.3.1", "tlslite-ng==0.8.2"),
    "checkdmarc": ("checkdmarc>=5.17",),
}
_BUILD_TIMEOUT_S: Final = 600


def peer(environment: str, command: str) -> Path | None:
    """Return a command of an environment, None when it cannot be built here."""
    chosen = os.environ.get("HYGIE_BENCH_PEERS")
    folder = Path(chosen) if chosen else Path(tempfile.gettempdir()) / "hygie-bench"
    python = folder / environment / "bin" / "python"
    if not python.with_name(command).exists():
        install = [str(python), "-m", "pip", "install", "-q", *ENVIRONMENTS[environment]]
        make = [sys.executable, "-m", "venv", str(folder / environment)]
        try:
            subprocess.run(make, check=True, capture_output=True)
            subprocess.run(install, check=True, capture_output=True, timeout=_BUILD_TIMEOUT_S)
        except (subprocess.SubprocessError, OSError):
            return None
    return python.with_name(command)


def machine(command: str) -> Path | None:
    """Return a command of the machine, None when it is absent."""
    found = shutil.which(command, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    return Path(found) if found else None
