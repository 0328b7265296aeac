"""Kill -9 the round anywhere, start it again: the state is that of an undisturbed round."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hygie.lab.thread import start_in_thread

SCRIPT = Path(__file__).with_name("killed_round.py")
TRIALS = 6

PREPARE = """
import datetime as dt, django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from hygie.jobs import demo
demo.fill(now=dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC))
"""

STATE = {
    # Row numbers differ after a kill; what the rows say may not.
    "findings": """SELECT n.code, f.identity, f.state, f.decision, f.due_at, f.rank, f.facts,
        f.branch, f.severity, f.first_seen_at FROM findings_finding f
        JOIN territory_node n ON n.id = f.node_id ORDER BY f.identity""",
    "events": """SELECT f.identity, e.kind, e.detail, COUNT(*) FROM findings_event e
        JOIN findings_finding f ON f.id = e.finding_id GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",
    "sightings": """SELECT node_id, subject, probe, value, current FROM surveillance_sighting
        ORDER BY node_id, subject, probe""",
    "matches": """SELECT p.key, m.cve_id, m.status, m.reason FROM veille_match m
        JOIN estate_product p ON p.id = m.product_id ORDER BY 1, 2""",
    "grades": "SELECT node_id, letter, points FROM surveillance_gradegiven ORDER BY node_id",
    "measures": "SELECT node_id, name, value, current FROM observatory_measure ORDER BY 1, 2",
    "items": "SELECT node_id, step, state, counts FROM rounds_item ORDER BY position",
    "rounds": "SELECT state, summary FROM rounds_round",
    "notices": "SELECT user_id, text FROM people_notice ORDER BY user_id",
    "journal": "SELECT action, COUNT(*) FROM journal_entry GROUP BY action ORDER BY action",
}


def environment(home: Path, lab: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return kept | {
        "HYGIE_HOME": str(home),
        "HYGIE_TEST_LAB": str(lab),
        "DJANGO_SETTINGS_MODULE": "hygie.config.settings",
    }


def start_round(home: Path, lab: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), str(home)],
        env=environment(home, lab),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def finish_round(home: Path, lab: Path) -> float:
    """Run the round to its end; returns how long it took, in seconds."""
    started = time.monotonic()
    with start_round(home, lab) as process:
        _, complaint = process.communicate(timeout=90)
    assert process.returncode == 0, complaint.decode()
    return time.monotonic() - started


def state_of(home: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(home / "hygie.sqlite3") as database:
        return {name: database.execute(query).fetchall() for name, query in STATE.items()}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_round_killed_anywhere_ends_as_if_nothing_had_happened(tmp_path: Path) -> None:
    lab, base = tmp_path / "lab-home", tmp_path / "base"
    lab.mkdir()
    base.mkdir()
    with start_in_thread(lab):
        subprocess.run(
            [sys.executable, "-c", PREPARE], env=environment(base, lab), check=True, timeout=90
        )
        undisturbed = tmp_path / "undisturbed"
        shutil.copytree(base, undisturbed)
        usual_s = finish_round(undisturbed, lab)
        expected = state_of(undisturbed)
        for trial in range(TRIALS):
            home = tmp_path / f"trial-{trial}"
            shutil.copytree(base, home)
            kills = kill_until_done(home, lab, usual_s)
            assert state_of(home) == expected, f"differs after {kills} kills"


def kill_until_done(home: Path, lab: Path, usual_s: float) -> int:
    """Start the round and kill it at random moments, three times, then let it end."""
    kills = 0
    for _ in range(3):
        with start_round(home, lab) as process:
            try:
                process.communicate(timeout=random.uniform(0.2, 1.1) * usual_s)  # noqa: S311 - a moment
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                kills += 1
            else:
                break
    finish_round_if_left(home, lab)
    return kills


def finish_round_if_left(home: Path, lab: Path) -> None:
    with sqlite3.connect(home / "hygie.sqlite3") as database:
        states = database.execute("SELECT state FROM rounds_round").fetchall()
    if states != [("done",)]:
        finish_round(home, lab)
