"""This process among those that settle items: it enlists, beats, and clears away the dead."""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.db import DatabaseError, connection

from hygie.domain.rounds.claims import HEARTBEAT_S, beat, dismiss, enlist, silent_runners
from hygie.domain.rounds.models import Runner

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOG: Final = logging.getLogger(__name__)


@contextmanager
def presence(role: str) -> Iterator[Runner]:
    """Enlist this process as ``role`` (worker, site, command) and beat until the block ends.

    A process that stops in order gives its items back at once; one that is killed loses them
    when its beats are missed, or as soon as somebody on the same machine sees that it is gone.
    """
    machine, pid = socket.gethostname(), os.getpid()
    clear_the_dead()
    runner = enlist(f"{role} {machine}:{pid}", machine, pid, _birth(pid))
    stop = threading.Event()
    thread = threading.Thread(target=_beat, args=(runner, stop), name="heartbeat", daemon=True)
    thread.start()
    try:
        yield runner
    finally:
        stop.set()
        thread.join(timeout=HEARTBEAT_S)
        dismiss([runner.pk])


def clear_the_dead() -> int:
    """Dismiss the runners that are silent, and those of this machine whose process is gone."""
    machine = socket.gethostname()
    here = Runner.objects.filter(machine=machine).exclude(pid=os.getpid())
    gone = {runner.pk for runner in here if runner.born and runner.born != _birth(runner.pid)}
    gone.update(silent_runners())
    return dismiss(gone) if gone else 0


def _beat(runner: Runner, stop: threading.Event) -> None:
    """Beat in a thread of its own: a step that computes for a minute is not dead."""
    try:
        while not stop.wait(HEARTBEAT_S):
            try:
                if not beat(runner):
                    _LOG.warning("runner had been dismissed", extra={"runner": runner.pk})
            except DatabaseError:
                _LOG.warning("heartbeat could not be written", exc_info=True)
                connection.close()
    finally:
        connection.close()


def _birth(pid: int) -> str:
    """Return what tells this process from a later one with its number; empty when it is gone.

    Linux: boot identifier and start time (proc_pid_stat(5), field 22). Elsewhere only beats
    count.
    """
    if not sys.platform.startswith("linux"):
        return ""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:8]
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    # A zombie waits for its parent; it will settle nothing any more.
    return "" if fields[0] in ("Z", "X") else f"{boot}-{fields[19]}"
