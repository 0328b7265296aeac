"""Run the round of a prepared home to its end, with a clock that does not move.

A script, started by the kill test in a process of its own: ``python killed_round.py HOME``.
Prints one line an item so that the test knows how far it is.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path


def main(home: Path) -> None:
    os.environ["HYGIE_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "hygie.config.settings"
    import django

    django.setup()
    from hygie.domain.rounds.actions import open_round
    from hygie.domain.territory.queries import nation
    from hygie.jobs.presence import presence
    from hygie.jobs.round_runner import run_round
    from hygie.jobs.workbench import Workbench, laboratory

    now = dt.datetime(2026, 3, 4, 9, 30, tzinfo=dt.UTC)
    # The lab's home differs from the state's: one lab serves every trial.
    bench = Workbench(
        home=home,
        clock=lambda: now,
        network=laboratory(Path(os.environ["HYGIE_TEST_LAB"])),
        budget_s=20.0,
        backoff_s=0.05,
    )
    turn, _ = open_round(nation(), actor="essai", now=now)
    with presence("essai") as runner:
        run_round(
            turn, bench, runner, report=lambda done: print(done.step, done.settled, flush=True)
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
