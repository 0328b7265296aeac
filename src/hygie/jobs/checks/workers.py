"""Is somebody there to do what is queued."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import Error, connection
from django.db.models.functions import Now

from hygie.domain.rounds.claims import LEASE_S
from hygie.domain.rounds.models import Item, ItemState, RoundState, Runner
from hygie.jobs.checks.check import Check, Status

_NAME: Final = "workers.alive"
_TITLE: Final = "Travailleurs"


def check_workers() -> Check:
    """Count those that beat, and what waits for them."""
    try:
        limit = Now() - dt.timedelta(seconds=LEASE_S)
        alive = Runner.objects.filter(heartbeat_at__gte=limit).count()
        waiting = waiting_items()
    except Error:
        return Check(
            _NAME, _TITLE, Status.UNKNOWN, "la base ne répond pas", "Réparez d’abord la base."
        )
    return judge_workers(alive, waiting, needed=connection.vendor == "postgresql")


def waiting_items() -> int:
    """Return how many items of running rounds are still to be done."""
    todo = Item.objects.filter(state=ItemState.TODO, round__state=RoundState.RUNNING)
    return todo.count()


def judge_workers(alive: int, waiting: int, *, needed: bool) -> Check:
    """Return what so many workers mean; ``needed`` when the site itself does no work."""
    remedy = "Démarrez-en un : hygie worker, ou systemctl start hygie-worker@1."
    if alive:
        return Check(_NAME, _TITLE, Status.GOOD, f"{alive} au travail, {waiting} à faire")
    if waiting:
        return Check(_NAME, _TITLE, Status.BROKEN, f"aucun, alors que {waiting} attendent", remedy)
    if needed:
        return Check(_NAME, _TITLE, Status.WARNING, "aucun ; rien n’attend", remedy)
    return Check(_NAME, _TITLE, Status.GOOD, "aucun ; rien n’attend")
