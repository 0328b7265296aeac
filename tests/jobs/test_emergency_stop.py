"""Three workers on PostgreSQL probe mute servers; a stop silences them all within a second."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest
from tests.jobs.databases import PREPARE, postgresql
from tests.jobs.mute import MuteServer
from tests.jobs.test_kill_workers import BEGIN, workers

from hygie.lab.thread import start_in_thread

if TYPE_CHECKING:
    from pathlib import Path

STOP = """
import time, django; django.setup()
from django.utils import timezone
from hygie.domain.surveillance.stopping import stop
from hygie.domain.territory.queries import nation
stop(nation(), reason="essai", actor="essai", now=timezone.now())
print(time.monotonic())
"""
WORKING_NOW = "SELECT COUNT(DISTINCT owner_id) FROM rounds_item WHERE owner_id IS NOT NULL"


def mute_everything(lab: Path, port: int) -> None:
    """Let the lab's names lead to the mute server, whatever the port."""
    path = lab / "lab" / "network.json"
    directory = json.loads(path.read_text())
    directory["services"] = {name: ["127.0.0.1", port] for name in directory["services"]}
    path.write_text(json.dumps(directory))


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_stop_holds_within_a_second_on_three_workers(tmp_path: Path) -> None:
    lab, home = tmp_path / "lab-home", tmp_path / "home"
    lab.mkdir()
    home.mkdir()
    with start_in_thread(lab), MuteServer() as mute, postgresql(home) as place:
        mute_everything(lab, mute.port)
        place.python(PREPARE)
        with workers(place, lab):
            place.python(BEGIN)
            started = time.monotonic()
            while place.rows(WORKING_NOW)[0][0] < 3 or mute.open_now < 6:
                assert time.monotonic() - started < 90, "the workers do not probe"
                time.sleep(0.05)
            stopped_at = float(place.python(STOP))
            time.sleep(3)

            packets = [at for at in (*mute.accepted, *mute.received) if at > stopped_at + 1]
            assert packets == []
            assert mute.open_now == 0
            cut = [at - stopped_at for at in mute.closed if at > stopped_at]
            assert len(cut) >= 6, "nothing was under way"
            assert max(cut) < 1
