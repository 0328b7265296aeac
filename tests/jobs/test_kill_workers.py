"""Kill -9, or freeze, one of three workers: every item is done once, and nothing differs."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.jobs.databases import PREPARE, Place, postgresql
from tests.jobs.test_kill import STATE

from hygie.lab.thread import start_in_thread

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKING = str(Path(__file__).with_name("working.py"))
WORKERS = 3
TRIALS = 4

STUCK = (
    "SELECT step, state, attempts, note FROM rounds_item WHERE state <> 'done'",
    "SELECT id, task_name, status, attempts, worker_id, scheduled_at FROM procrastinate_jobs",
    "SELECT id, last_heartbeat FROM procrastinate_workers",
    """SELECT pid, state, wait_event, left(query, 80) FROM pg_stat_activity
        WHERE datname = current_database()""",
)

BEGIN = """
import datetime as dt, django; django.setup()
from hygie.domain.rounds.actions import open_round
from hygie.domain.territory.queries import nation
from hygie.jobs.backend import backend
now = dt.datetime(2026, 3, 4, 9, 30, tzinfo=dt.UTC)
turn, _ = open_round(nation(), actor="essai", now=now)
backend().begin(turn)
"""

# Which establishment first brings a product that several have depends on who is fastest.
SHARED = STATE | {
    "items": """SELECT node_id, step, state FROM rounds_item ORDER BY position""",
    "twice": """SELECT claims < attempts FROM rounds_item WHERE claims < attempts""",
    "entries": """SELECT action, subject_id, COUNT(*) FROM journal_entry
        WHERE action LIKE 'round.%' GROUP BY 1, 2 ORDER BY 1, 2""",
}


def state_of(place: Place) -> dict[str, list[tuple[object, ...]]]:
    return {name: place.rows(query) for name, query in SHARED.items()}


@contextmanager
def workers(place: Place, lab: Path) -> Iterator[list[subprocess.Popen[str]]]:
    started = [place.start(WORKING, str(place.home), str(lab)) for _ in range(WORKERS)]
    try:
        yield started
    finally:
        for worker in started:
            _send(worker, signal.SIGKILL)
            worker.wait(timeout=10)


def _send(worker: subprocess.Popen[str], what: signal.Signals) -> None:
    if worker.poll() is None:
        os.killpg(worker.pid, what)


def wait_until_over(place: Place, *, limit_s: float = 60) -> float:
    """Wait for the end of the only round; returns the seconds it took."""
    started = time.monotonic()
    while place.rows("SELECT state FROM rounds_round") == [("running",)]:
        assert time.monotonic() - started < limit_s, [place.rows(query) for query in STUCK]
        time.sleep(0.1)
    return time.monotonic() - started


def wait_until_moving(place: Place) -> None:
    """Wait until workers are there and the first establishment is being worked on."""
    started = time.monotonic()
    while not place.rows("SELECT 1 FROM rounds_item WHERE owner_id IS NOT NULL LIMIT 1"):
        assert time.monotonic() - started < 90, "no worker began"
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_worker_killed_or_frozen_changes_nothing(tmp_path: Path) -> None:
    lab, home = tmp_path / "lab-home", tmp_path / "home"
    lab.mkdir()
    home.mkdir()
    with start_in_thread(lab), postgresql(home) as base:
        base.python(PREPARE)
        with postgresql(home, template=base.url) as place, workers(place, lab):
            place.python(BEGIN)
            wait_until_moving(place)
            usual_s = wait_until_over(place)
            expected = state_of(place)
        assert expected["rounds"][0][0] == "done"
        for trial in range(TRIALS):
            with postgresql(home, template=base.url) as place, workers(place, lab) as started:
                place.python(BEGIN)
                wait_until_moving(place)
                time.sleep(random.uniform(0.0, 0.8) * usual_s)  # noqa: S311 - a moment
                victim = random.choice(started)  # noqa: S311 - anyone
                frozen = trial % 2 == 1
                _send(victim, signal.SIGSTOP if frozen else signal.SIGKILL)
                wait_until_over(place)
                if frozen:  # it wakes and believes that it still has its items
                    _send(victim, signal.SIGCONT)
                    time.sleep(3)
                assert state_of(place) == expected, f"trial {trial}, frozen: {frozen}"
