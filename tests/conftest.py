"""Settings for every test: a home of its own, before Django reads the environment."""

from __future__ import annotations

import os
import tempfile

os.environ["HYGIE_HOME"] = tempfile.mkdtemp(prefix="hygie-test-")
os.environ.setdefault("HYGIE_SECRET_KEY", "tests only")
os.environ.pop("HYGIE_DEMO", None)
