"""Close a round and tell whoever asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse

from hygie.domain.outbox.actions import queue_notices
from hygie.domain.people.actions import tell
from hygie.domain.people.models import User
from hygie.domain.rounds.actions import close_round
from hygie.domain.rounds.models import Round, RoundState
from hygie.jobs.backend import backend

if TYPE_CHECKING:
    from hygie.jobs.workbench import Workbench


def close(turn: Round, bench: Workbench) -> Round:
    """End a round whose items are all settled; a stopped round stays as it was stopped."""
    turn.refresh_from_db()
    if turn.state != RoundState.RUNNING:
        return turn
    now = bench.clock()
    with transaction.atomic():
        closed = close_round(turn, corpus=bench.corpus.identity, now=now)
        asked = User.objects.filter(email=closed.started_by, is_active=True)
        key = f"round-over-{closed.pk}"
        told = tell(
            asked, key=key, text=_text(closed), link=reverse("round", args=[closed.pk]), now=now
        )
        if told:
            backend().post(queue_notices(key, now=now))
    return closed


def _text(turn: Round) -> str:
    failed = turn.summary.get("failed", 0)
    end = f"avec {failed} éléments en échec" if failed else "sans échec"
    return f"Votre ronde sur {turn.node.name} est terminée, {end}."[:300]
