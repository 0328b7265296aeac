"""SQLite: one process beside the site does what the rows say is left."""

from __future__ import annotations

import fcntl
import logging
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from hygie.domain.outbox.actions import due
from hygie.domain.rounds.models import Round, RoundState
from hygie.jobs.beside import hygie_beside
from hygie.jobs.mails import deliver_due
from hygie.jobs.presence import clear_the_dead, presence
from hygie.jobs.round_runner import run_round
from hygie.jobs.schedules import start_due
from hygie.jobs.workbench import workbench

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from hygie.domain.outbox.models import Mail

_LOG: Final = logging.getLogger(__name__)
_POLL_S: Final = 1.0
_started: Final[list[subprocess.Popen[bytes]]] = []


class Embedded:
    """A child process is started when nobody is there; it ends when nothing is left to do."""

    def begin(self, turn: Round) -> None:  # noqa: ARG002 - its row says everything
        """Have the round worked on by a process of its own, once its row can be seen there."""
        transaction.on_commit(start_child)

    def post(self, mails: Collection[Mail]) -> None:
        """Do nothing: whoever runs the round sends what it queued, and so does the next worker."""

    def has_workers(self) -> bool:
        """Tell whether a worker holds its place."""
        with _place() as free:
            return not free


def start_child() -> None:
    """Start a worker that ends when it is idle, unless one is there already.

    One that is just leaving looks once more after it has left its place.
    """
    with _place() as free:
        if not free:
            return
    _started[:] = [child for child in _started if child.poll() is None]
    command = [sys.executable, "-m", "hygie", "worker", "--until-idle", "--no-schedules"]
    environment = os.environ | {"HYGIE_HOME": str(settings.HYGIE_HOME)}
    child = subprocess.Popen(  # noqa: S603 - our own command
        command, env=environment, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    _started.append(child)


@contextmanager
def worker_beside(*, schedules: bool = True) -> Iterator[None]:
    """Keep a worker in a process of its own as long as the block lasts: for ``hygie serve``."""
    with hygie_beside("worker", *([] if schedules else ["--no-schedules"])):
        yield


def work(*, until_idle: bool, schedules: bool) -> None:
    """Do what is left, one thing after the other, for ever or until nothing is left.

    One worker at a time: a second one waits for its place, or leaves when it may.
    """
    while True:
        with _place() as ours:
            while ours:
                if not _one_thing(schedules=schedules):
                    if until_idle:
                        break
                    time.sleep(_POLL_S)
        # What was asked while the place was being given back must not be forgotten.
        if until_idle and (not ours or not _anything_left()):
            return
        time.sleep(_POLL_S)


def _one_thing(*, schedules: bool) -> bool:
    """Do the next thing; False when there is none."""
    clear_the_dead()
    if schedules:
        start_due(now=timezone.now())
    if deliver_due():
        return True
    turn = Round.objects.filter(state=RoundState.RUNNING).order_by("pk").first()
    if turn is None:
        return False
    with presence("travailleur") as runner:
        run_round(turn, workbench(), runner)
    return True


def _anything_left() -> bool:
    return Round.objects.filter(state=RoundState.RUNNING).exists() or due().exists()


@contextmanager
def _place() -> Iterator[bool]:
    """Hold the one place of a worker, or yield False; the system gives it back after a kill."""
    with (settings.HYGIE_HOME / "worker.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
