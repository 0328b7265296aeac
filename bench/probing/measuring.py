"""Run a command and say what it cost: clock, processor (its children included), memory."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SCANNER: Final = 0
SERVERS: Final = 1


class Cost(NamedTuple):
    """What one command took.

    Attributes:
        clock_s, work_s: seconds on the clock, and of processor.
        peak_mib: largest resident memory of one process.
        output: what it printed.
        status: its exit code.
    """

    clock_s: float
    work_s: float
    peak_mib: float
    output: str
    status: int


def measured(command: Sequence[str | Path], *, cwd: Path | None = None) -> Cost:
    """Run ``command`` on the scanners' processor until it ends."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as complaints:
        started = time.perf_counter()
        process = subprocess.Popen(
            pinned([str(part) for part in command], SCANNER),
            stdout=out,
            stderr=complaints,
            stdin=subprocess.DEVNULL,
            cwd=cwd,
        )
        _, status, usage = os.wait4(process.pid, 0)
        clock_s = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read().decode(errors="replace")
        if process.returncode:
            complaints.seek(0)
            text += complaints.read().decode(errors="replace")
    work_s = usage.ru_utime + usage.ru_stime
    return Cost(clock_s, work_s, usage.ru_maxrss / 1024, text, process.returncode)


def pinned(command: list[str], processor: int) -> list[str]:
    """Keep scanners and servers apart where there are two processors."""
    if (os.cpu_count() or 1) < 2:  # noqa: PLR2004 - one for each side
        return command
    return ["taskset", "-c", str(processor), *command]
