"""The one worker of SQLite: one thing after the other, for ever or until nothing is left."""

from __future__ import annotations

import time
from typing import Final

from django.utils import timezone

from hygie.domain.outbox.actions import due
from hygie.domain.rounds.models import Round, RoundState
from hygie.jobs.embedded import place
from hygie.jobs.mails import deliver_due
from hygie.jobs.presence import clear_the_dead, presence
from hygie.jobs.round_runner import run_round
from hygie.jobs.schedules import start_due
from hygie.jobs.workbench import workbench

_POLL_S: Final = 1.0


def work(*, until_idle: bool, schedules: bool) -> None:
    """Do what is left, one thing after the other, for ever or until nothing is left.

    One worker at a time: a second one waits for its place, or leaves when it may.
    """
    while True:
        with place() as ours:
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
