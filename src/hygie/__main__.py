"""``python -m hygie`` is the command ``hygie``."""

from __future__ import annotations

from hygie.cli.main import main

main()
