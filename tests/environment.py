"""A home of its own for every test process, set before Django reads its settings.

Loaded by ``-p tests.environment``: a conftest would come too late.
"""

from __future__ import annotations

import os
import tempfile

from hygie.domain.people.rowsecurity.scope import SYSTEM, process_speaks

os.environ["HYGIE_HOME"] = tempfile.mkdtemp(prefix="hygie-test-")
os.environ.setdefault("HYGIE_SECRET_KEY", "tests only")
os.environ.pop("HYGIE_DEMO", None)

# Tests write their world for the platform itself; pages and calls then speak for their reader.
process_speaks(SYSTEM)
