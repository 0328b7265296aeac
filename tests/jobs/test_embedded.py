"""SQLite: one process beside the site does what the rows say, and is started when asked."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from tests.jobs.databases import PREPARE, Place

from hygie.domain.outbox.models import Mail, MailState
from hygie.jobs import embedded, presence, single
from hygie.jobs.queues import MAILS, ROUNDS
from hygie.jobs.worker import QUEUES

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

STEPS = ("--step", "match", "--step", "decide")


def rows(place: Place, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(place.home / "hygie.sqlite3", timeout=20) as database:
        return database.execute(query).fetchall()


def wait_until(place: Place, query: str, expected: object, *, limit_s: float = 60) -> None:
    started = time.monotonic()
    while rows(place, query) != expected:
        assert time.monotonic() - started < limit_s, rows(place, query)
        time.sleep(0.1)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_round_asked_for_is_done_by_a_process_that_then_leaves(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.python(PREPARE)

    asked = place.hygie("round", "--no-wait", *STEPS)

    assert asked.returncode == 0, asked.stderr
    assert "commencée" in asked.stdout
    wait_until(place, "SELECT state FROM rounds_round", [("done",)])
    wait_until(place, "SELECT COUNT(*) FROM rounds_runner", [(0,)])


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_worker_that_is_killed_is_cleared_away_by_the_next(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.python(PREPARE)
    worker = place.start("-m", "hygie", "worker", "--no-schedules")
    try:
        place.hygie("round", "--no-wait", *STEPS)
        wait_until(place, "SELECT COUNT(*) FROM rounds_runner", [(1,)])
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(timeout=10)
        started = time.monotonic()
        done = place.hygie("round", *STEPS)
        assert done.returncode == 0, done.stderr
        wait_until(place, "SELECT state FROM rounds_round", [("done",)])
        assert time.monotonic() - started < 60
    finally:
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait(timeout=10)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_worker_beside_the_site_ends_with_it(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.python(PREPARE)
    code = """
import django; django.setup()
import time
from hygie.jobs.embedded import Embedded, worker_beside
with worker_beside(schedules=False):
    deadline = time.monotonic() + 60
    while not Embedded().has_workers():
        assert time.monotonic() < deadline
        time.sleep(0.1)
deadline = time.monotonic() + 10
while Embedded().has_workers():
    assert time.monotonic() < deadline
    time.sleep(0.1)
"""
    place.python(code)


def test_a_process_is_told_from_a_later_one_with_its_number() -> None:
    mine = presence._birth(os.getpid())

    assert mine
    assert presence._birth(os.getpid()) == mine
    assert presence._birth(2**22 + 1) == ""  # beyond the greatest process number


def test_the_place_of_a_worker_is_held_once(tmp_path: Path, settings: object) -> None:
    settings.HYGIE_HOME = tmp_path  # type: ignore[attr-defined]

    with embedded.place() as first, embedded.place() as second:
        assert (first, second) == (True, False)
    with embedded.place() as again:
        assert again


def test_a_worker_that_may_leave_does_what_waits_first(
    db: None,  # noqa: ARG001 - opens the database
    tmp_path: Path,
    settings: SettingsWrapper,
) -> None:
    settings.HYGIE_HOME = tmp_path
    mail = Mail.objects.create(
        to="a@exemple.example", subject="Hygie", body="Bonjour", message_id="<1@hygie.invalid>",
        created_at=timezone.now(),
    )  # fmt: skip

    single.work(until_idle=True, schedules=False)

    mail.refresh_from_db()
    assert mail.state == MailState.SENT


def test_a_second_worker_that_may_leave_leaves(
    db: None,  # noqa: ARG001 - opens the database
    tmp_path: Path,
    settings: SettingsWrapper,
) -> None:
    settings.HYGIE_HOME = tmp_path

    with embedded.place():
        single.work(until_idle=True, schedules=False)
        assert embedded.Embedded().has_workers()


def test_a_worker_serves_every_queue_unless_told() -> None:
    assert set(QUEUES) == {ROUNDS, MAILS}
