"""Where the real data of the programme lies, beside the project, when it is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_PROJECT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("HYGIE_REAL_DATA", _PROJECT.parent / "shared" / "data"))


def shared(name: str) -> Path:
    """Return the path of a real data file, or skip the test and say which file it wanted."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"real data absent: {name} (set HYGIE_REAL_DATA to its folder)")
    return path
