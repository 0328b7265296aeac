"""One establishment's part of a round, from observing to deciding: what a worker takes at a time.

Nothing that one establishment's steps read is written by another's, so that no barrier is needed
between them: a mute network delays its own hospital and no other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.domain.rounds.claims import ONCE, claim, earliest_retry, release
from hygie.domain.rounds.models import ItemState, RoundState, Step
from hygie.jobs.closing import close
from hygie.jobs.round_runner import settle_items

if TYPE_CHECKING:
    import datetime as dt

    from hygie.domain.rounds.models import Round, Runner
    from hygie.jobs.workbench import Workbench

SITE_STEPS: Final = tuple(step for step in Step if step not in ONCE)


class LaterError(Exception):
    """The work waits: for its next attempt, at ``at``, or for whoever has it when None."""

    def __init__(self, at: dt.datetime | None) -> None:
        self.at = at
        super().__init__(f"later: {at}")


def run_site(turn: Round, node_id: int, bench: Workbench, runner: Runner) -> None:
    """Settle what is left of one establishment in a round.

    Raises:
        LaterError: if an item waits for another attempt, or another runner has it.
    """
    for step in SITE_STEPS:
        _run(turn, step, node_id, bench, runner)


def run_once(turn: Round, steps: tuple[Step, ...], bench: Workbench, runner: Runner) -> None:
    """Settle steps that are done once for the whole round.

    Raises:
        LaterError: as for ``run_site``.
    """
    for step in steps:
        _run(turn, step, turn.node_id, bench, runner)


def finish_round(turn: Round, bench: Workbench, runner: Runner) -> Round:
    """Notify, measure and close a round whose establishments are all settled.

    Raises:
        LaterError: as for ``run_site``.
    """
    run_once(turn, (Step.NOTIFY, Step.MEASURE), bench, runner)
    return close(turn, bench)


def _run(turn: Round, step: Step, node_id: int, bench: Workbench, runner: Runner) -> None:
    items = list(turn.items.filter(step=step, node_id=node_id, state=ItemState.TODO))
    if not items or turn.state != RoundState.RUNNING:
        return
    mine = claim(items, runner)
    try:
        for _ in settle_items(mine, bench) if mine else ():
            pass
    except BaseException:
        release(mine)
        raise
    if turn.items.filter(step=step, node_id=node_id, state=ItemState.TODO).exists():
        raise LaterError(earliest_retry(turn, step))
