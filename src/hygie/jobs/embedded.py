"""SQLite: one process beside the site does what the rows say is left."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction

from hygie.jobs.beside import hygie_beside

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from hygie.domain.outbox.models import Mail
    from hygie.domain.rounds.models import Round

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
        with place() as free:
            return not free


def start_child() -> None:
    """Start a worker that ends when it is idle, unless one is there already.

    One that is just leaving looks once more after it has left its place.
    """
    with place() as free:
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


@contextmanager
def place() -> Iterator[bool]:
    """Hold the one place of a worker, or yield False; the system gives it back after a kill."""
    with (settings.HYGIE_HOME / "worker.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
