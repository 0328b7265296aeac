"""No packet leaves the mandate: every packet of a network namespace of its own is counted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INSIDE = Path(__file__).with_name("inside.py")


def _why_not() -> str:
    if os.geteuid() != 0:
        return "needs root to make a network namespace"
    missing = [name for name in ("unshare", "ip") if shutil.which(name) is None]
    if missing:
        return f"absent here: {', '.join(missing)} (apt-get install iproute2 util-linux)"
    alone = subprocess.run(["unshare", "--net", "true"], check=False, capture_output=True)
    return "" if alone.returncode == 0 else "network namespaces are not allowed here"


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_no_packet_leaves_the_mandate(tmp_path: Path) -> None:
    if reason := _why_not():
        pytest.skip(reason)
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"HYGIE_TEST_NAMESPACE": "1", "TMPDIR": str(tmp_path)}
    options = ["-q", "-n0", "-rA", "--force-enable-socket", "-p", "no:cacheprovider"]
    done = subprocess.run(
        ["unshare", "--net", sys.executable, "-m", "pytest", *options, str(INSIDE)],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
    )

    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
    assert "4 passed" in done.stdout
