"""Settle one item: what it writes and the mark that it is done stand or fall together."""

from __future__ import annotations

import logging
import random
import time
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, OperationalError, transaction

from hygie.domain.rounds.actions import fail, finish
from hygie.domain.rounds.claims import LostClaimError, hold

if TYPE_CHECKING:
    from hygie.domain.rounds.models import Item
    from hygie.jobs.steps.step import Gathered, StepWork
    from hygie.jobs.workbench import Workbench

_LOG: Final = logging.getLogger(__name__)

_COLLISIONS_MAX: Final = 6


def settle(gathered: Gathered, work: StepWork, bench: Workbench) -> bool:
    """Write one item and mark it done in one transaction, or count a failure.

    Returns False when somebody else took the item over meanwhile: nothing was written then.
    """
    item = gathered[0]
    try:
        _write(gathered, work, bench)
    except LostClaimError:
        _LOG.warning("item taken over by another runner", extra={"item": item.pk})
        return False
    except Exception as error:  # noqa: BLE001 - one hospital's trouble must not stop the nation's round
        _LOG.exception("round item failed", extra={"item": item.pk, "step": item.step})
        _forget(item)
        return give_up(item, error, bench)
    return True


def give_up(item: Item, error: Exception, bench: Workbench) -> bool:
    """Count a failed attempt, with a wait that doubles each time; False if it was taken over."""
    wait_s = bench.backoff_s * 2**item.attempts
    try:
        fail(item, f"{type(error).__name__} : {error}", now=bench.clock(), retry_in_s=wait_s)
    except LostClaimError:
        return False
    return True


def _write(gathered: Gathered, work: StepWork, bench: Workbench) -> None:
    """Write the item; a collision with another worker is tried again and is no failure.

    Two workers that bring the same product or the same CVE may meet: the database refuses one
    of them (unique key, deadlock), and the second time it finds the row there.
    """
    item, found = gathered
    for collision in range(_COLLISIONS_MAX):
        try:
            with transaction.atomic():
                hold(item)
                counts = work.write(item, found, bench)
                finish(item, counts, now=bench.clock(), note=item.note)
        except (IntegrityError, OperationalError):
            if collision == _COLLISIONS_MAX - 1:
                raise
            _forget(item)
            time.sleep(random.uniform(0.02, 0.1) * 2**collision)  # noqa: S311 - a moment, not a secret
        else:
            return


def _forget(item: Item) -> None:
    """Take back what a transaction that was rolled back had noted in memory; the claim stays."""
    item.refresh_from_db(fields=["state", "attempts", "finished_at", "counts"])
