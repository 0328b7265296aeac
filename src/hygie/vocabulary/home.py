"""Where Hygie keeps its state on this computer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def default_home(variables: Mapping[str, str] = os.environ) -> Path:
    """Return HYGIE_HOME, else the user's data directory; the folder may not exist yet.

    Source: XDG Base Directory Specification 0.8.
    """
    if chosen := variables.get("HYGIE_HOME"):
        return Path(chosen)
    if data := variables.get("XDG_DATA_HOME"):
        return Path(data) / "hygie"
    return Path.home() / ".local" / "share" / "hygie"
