"""Run a round to its end in this process; killed anywhere and started again, same state.

Step after step, so that the network is asked about many establishments at once. Workers on
PostgreSQL take the same items establishment after establishment (``site_turn``); claims let both
work on one round at the same time.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from hygie.domain.rounds.actions import todo
from hygie.domain.rounds.claims import claim, earliest_retry, release
from hygie.domain.rounds.models import ItemState, RoundState, Step
from hygie.jobs.closing import close
from hygie.jobs.presence import clear_the_dead
from hygie.jobs.progress import progress
from hygie.jobs.settling import give_up, settle
from hygie.jobs.steps.decide import Decide
from hygie.jobs.steps.match import Match
from hygie.jobs.steps.measure import Measure
from hygie.jobs.steps.notify import Notify
from hygie.jobs.steps.observe import Observe
from hygie.jobs.steps.reconcile import Reconcile
from hygie.jobs.steps.refresh import Refresh

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hygie.domain.rounds.models import Item, Round, Runner
    from hygie.jobs.progress import Progress
    from hygie.jobs.steps.step import StepWork
    from hygie.jobs.workbench import Workbench

_LOG: Final = logging.getLogger(__name__)

STEPS: Final[Mapping[Step, StepWork]] = {
    Step.REFRESH: Refresh(),
    Step.OBSERVE: Observe(),
    Step.MATCH: Match(),
    Step.RECONCILE: Reconcile(),
    Step.DECIDE: Decide(),
    Step.NOTIFY: Notify(),
    Step.MEASURE: Measure(),
}

CLAIMED_AT_ONCE: Final = 20
"""Items held at a time: as many establishments as are observed together."""

_POLL_S: Final = 0.3


def run_round(
    turn: Round,
    bench: Workbench,
    runner: Runner,
    *,
    report: Callable[[Progress], None] = lambda _: None,
) -> Round:
    """Settle every item of a round as ``runner``, step after step, and close it."""
    for step in Step:
        if step in turn.steps:
            _run_step(turn, step, bench, (runner, report))
    return close(turn, bench)


def settle_items(items: Sequence[Item], bench: Workbench) -> Iterator[tuple[Item, bool]]:
    """Gather and write claimed items of one step; yield each with whether we settled it.

    What breaks the gathering of several is tried one by one, so that one name that breaks it
    costs its own establishment and no other.
    """
    work, pending = STEPS[Step(items[0].step)], {item.pk: item for item in items}
    try:
        for gathered in work.gather(items, bench):
            del pending[gathered[0].pk]
            yield gathered[0], settle(gathered, work, bench)
    except Exception as error:  # noqa: BLE001 - counted as a failure of the item it belongs to
        _LOG.exception("gathering failed", extra={"step": items[0].step, "items": len(pending)})
        left = list(pending.values())
        if len(left) == 1:
            yield left[0], give_up(left[0], error, bench)
        else:
            for item in left:
                yield from settle_items([item], bench)


def _run_step(
    turn: Round,
    step: Step,
    bench: Workbench,
    told: tuple[Runner, Callable[[Progress], None]],
) -> None:
    runner, report = told
    while items := todo(turn, step, at_most=CLAIMED_AT_ONCE):
        if turn.state != RoundState.RUNNING:
            return
        if mine := claim(items, runner):
            _settle_batch(turn, mine, bench, report)
        else:
            _wait(turn, step)


def _settle_batch(
    turn: Round, mine: Sequence[Item], bench: Workbench, report: Callable[[Progress], None]
) -> None:
    """Settle claimed items; what is left of them when we are stopped is given back."""
    [so_far] = progress(turn, Step(mine[0].step))
    try:
        for item, ours in settle_items(mine, bench):
            if ours and item.state != ItemState.TODO:
                failed = so_far.failed + (item.state == ItemState.FAILED)
                so_far = replace(so_far, settled=so_far.settled + 1, failed=failed)
                report(so_far)
    except BaseException:
        release(mine)
        raise


def _wait(turn: Round, step: Step) -> None:
    """Wait for a second attempt that is due, or for whoever has the items."""
    clear_the_dead()
    due = earliest_retry(turn, step)
    left_s = (due - timezone.now()).total_seconds() if due else _POLL_S
    time.sleep(min(max(left_s, 0.01), _POLL_S))
    turn.refresh_from_db(fields=["state"])
