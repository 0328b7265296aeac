"""Be one worker of a prepared PostgreSQL place, with a clock that does not move.

A script, started by the kill test in a process of its own: ``python working.py HOME LAB``.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path


def main(home: Path, lab: Path) -> None:
    import django

    django.setup()
    from hygie.jobs import worker
    from hygie.jobs.workbench import Workbench, laboratory

    now = dt.datetime(2026, 3, 4, 9, 30, tzinfo=dt.UTC)
    bench = Workbench(
        home=home, clock=lambda: now, network=laboratory(lab), budget_s=20.0, backoff_s=0.2
    )
    worker.workbench = lambda: bench  # type: ignore[assignment]
    worker.run_worker(concurrency=2, schedules=False, frozen_s=4.0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
