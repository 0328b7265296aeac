"""The queue on PostgreSQL: once a slot, taken over from the dead, with reasons kept."""

from __future__ import annotations

import json
import os
import signal
import time
from typing import TYPE_CHECKING

import pytest
from tests.jobs.databases import PREPARE, Place, postgresql

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

# What is asked inside the place; the modules under test are hygie.jobs.queued, hygie.jobs.tasks,
# hygie.jobs.housekeeping, hygie.jobs.queue_jobs and hygie.jobs.worker.
START = """
import datetime as dt, json, sys, django; django.setup()
from django.db import connection, transaction
from django.utils import timezone
from hygie.domain.rounds.actions import open_round
from hygie.domain.rounds.models import *
from hygie.domain.territory.queries import nation
from hygie.jobs.backend import backend
from hygie.jobs import works
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
now = timezone.now()
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with postgresql(tmp_path_factory.mktemp("home")) as place:
        place.python(PREPARE)
        yield place


@pytest.fixture
def place(base: Place) -> Iterator[Place]:
    with postgresql(base.home, template=base.url) as copy:
        yield copy


def ask(place: Place, code: str) -> object:
    """Run code after START and return what it leaves in ``answer``."""
    return json.loads(place.python(f"{START}{code}\nprint(json.dumps(answer))"))


def test_a_round_is_queued_with_its_rows_or_not_at_all(place: Place) -> None:
    code = """
try:
    with transaction.atomic():
        turn, _ = open_round(nation(), actor="essai", now=now)
        backend().begin(turn)
        raise ZeroDivisionError
except ZeroDivisionError:
    pass
answer = [Round.objects.count(), ProcrastinateJob.objects.count()]
"""
    assert ask(place, code) == [0, 0]


def test_a_slot_of_the_queue_holds_one_job(place: Place) -> None:
    code = """
from hygie.jobs.queued import put_sites
turn, _ = open_round(nation(), actor="essai", now=now)
for _ in range(3):
    backend().begin(turn)
begun = ProcrastinateJob.objects.count()
answer = [begun, put_sites(turn), put_sites(turn), ProcrastinateJob.objects.count()]
"""
    assert ask(place, code) == [1, 15, 0, 16]


def test_the_job_of_a_dead_worker_is_taken_over_and_a_live_one_s_is_not(place: Place) -> None:
    code = """
from hygie.jobs.housekeeping import take_over
turn, _ = open_round(nation(), actor="essai", now=now)
for _ in range(2):
    app.job_manager.connector.get_sync_connector().execute_query("INSERT INTO procrastinate_workers DEFAULT VALUES")
dead, alive = ProcrastinateWorker.objects.order_by("pk")
for name in ("a", "b"):
    app.configure_task("hygie.mail", lock=name).defer(mail_id=0)
first, second = ProcrastinateJob.objects.order_by("pk")
with connection.cursor() as cursor:
    cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute' WHERE id = %s", [dead.pk])
    for job, worker in ((first, dead), (second, alive)):
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [worker.pk, job.pk])
answer = [take_over(), list(ProcrastinateJob.objects.order_by("pk").values_list("status", flat=True))]
"""  # noqa: E501 - read as code
    assert ask(place, code) == [1, ["todo", "doing"]]


def test_a_queue_emptied_by_hand_loses_no_work(place: Place) -> None:
    code = """
from hygie.jobs.housekeeping import heal
turn, _ = open_round(nation(), actor="essai", now=now)
answer = [heal(), heal(), list(ProcrastinateJob.objects.values_list("task_name", flat=True))]
"""
    assert ask(place, code) == [1, 0, ["hygie.begin"]]


def test_a_job_that_fails_keeps_its_reason_and_is_taken_up_by_name(place: Place) -> None:
    code = """
from hygie.jobs import tasks
from hygie.jobs.tasks import BackOff, FailedError, keep_reason
class Context:
    class job: id, task_name, attempts = 7, "hygie.site", 0
def breaks(): raise ZeroDivisionError("essai")
waits = []
for _ in range(tasks.TRIES):
    try:
        keep_reason(breaks, Context, None)
    except FailedError as error:
        again = BackOff().get_retry_decision(exception=error, job=Context.job)
        waits.append(again and round((again.retry_at - timezone.now()).total_seconds()))
trouble = Trouble.objects.get()
kept = [trouble.tries, trouble.reason]
keep_reason(lambda: None, Context, None)
answer = [waits, kept, Trouble.objects.count()]
"""
    waits, kept, left = ask(place, code)  # type: ignore[misc]
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, None]
    assert (kept, left) == ([10, "ZeroDivisionError : essai"], 0)


def test_the_command_shows_retries_and_cancels_jobs(place: Place) -> None:
    code = """
app.configure_task("hygie.begin", queue="rondes").defer(round_id=424242)
answer = ProcrastinateJob.objects.get().pk
"""
    job = ask(place, code)
    worked = place.hygie("worker", "--until-idle", "--no-schedules")
    assert worked.returncode == 0, worked.stderr

    shown = json.loads(place.hygie("jobs", "show", f"tache-{job}", "--format", "json").stdout)
    assert "DoesNotExist" in shown["reason"]
    assert place.hygie("jobs", "retry", f"tache-{job}").returncode == 2  # it waits for its turn
    assert place.hygie("jobs", "cancel", f"tache-{job}").returncode == 0
    shown = json.loads(place.hygie("jobs", "show", f"tache-{job}", "--format", "json").stdout)
    assert shown["state"] == "cancelled"


TICK = (
    START
    + """
from hygie.jobs.schedules import start_due
at = dt.datetime(2026, 3, 4, 2, 0, tzinfo=dt.UTC)
start_due(now=at)
"""
)


def test_a_slot_of_the_clock_is_taken_once_by_however_many(place: Place) -> None:
    several = [place.start("-c", TICK) for _ in range(3)]
    assert [one.wait(timeout=90) for one in several] == [0, 0, 0]

    assert place.rows("SELECT COUNT(*) FROM rounds_round") == [(1,)]
    assert place.rows("SELECT COUNT(*) FROM rounds_slot") == [(1,)]
    assert place.rows("SELECT COUNT(*) FROM procrastinate_jobs") == [(1,)]


def test_the_command_follows_what_workers_do(place: Place) -> None:
    worker = place.start("-m", "hygie", "worker", "--no-schedules")
    try:
        started = time.monotonic()
        while not place.rows("SELECT 1 FROM procrastinate_workers"):
            assert time.monotonic() - started < 60
            time.sleep(0.2)
        done = place.hygie("round", "--step", "match", "--step", "decide", "--format", "json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["state"] == "done"
        assert place.rows("SELECT DISTINCT started_by FROM rounds_round") == [("système",)]
        os.killpg(worker.pid, signal.SIGTERM)
        assert worker.wait(timeout=30) == 0
        assert place.rows("SELECT COUNT(*) FROM rounds_runner") == [(0,)]
        assert place.rows("SELECT COUNT(*) FROM procrastinate_workers") == [(0,)]
    finally:
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait(timeout=10)
