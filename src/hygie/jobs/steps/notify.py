"""Notify: tell each person, once, what this round changed in their part of the territory."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from hygie.domain.findings.queries import changes
from hygie.domain.outbox.actions import queue_notices
from hygie.domain.people.actions import tell
from hygie.domain.people.queries import people_with
from hygie.domain.people.roles import Permission
from hygie.domain.rounds.actions import sites_below
from hygie.domain.surveillance.notices import tell_establishments, tell_regions
from hygie.domain.veille.subscribing import tell_stream
from hygie.jobs.backend import backend
from hygie.jobs.steps.step import WriteOnly

if TYPE_CHECKING:
    from hygie.domain.findings.queries import Changes
    from hygie.domain.rounds.models import Item
    from hygie.jobs.workbench import Workbench


class Notify(WriteOnly):
    """Those who plan repairs hear of the round; nobody hears twice, nobody hears nothing new."""

    def write(self, item: Item, gathered: None, bench: Workbench) -> dict[str, int]:  # noqa: ARG002 - StepWork's signature
        """Leave the notices of one round."""
        now = bench.clock()
        today = timezone.localdate(now)
        told, key = 0, f"round-{item.round_id}"
        sites = sites_below(item.node, on=today)
        for user in people_with(Permission.FINDING_PLAN, sites, on=today):
            found = changes(user, item.node_id, since=item.round.started_at)
            if text := _text(found):
                told += tell([user], key=key, text=text, now=now)
        delay = dt.timedelta(hours=settings.HYGIE_REGION_DELAY_HOURS)
        grave = tell_establishments(sites, now=now, region_delay=delay)
        grave += tell_regions(now=now)
        backend().post([*queue_notices(key, now=now), *grave, *tell_stream(now=now)])
        return {"told": told}


def _text(found: Changes) -> str:
    parts = [
        _some(found.new, "faiblesse nouvelle", "faiblesses nouvelles"),
        _some(found.returned, "faiblesse revenue", "faiblesses revenues"),
        _some(found.verified, "correction vérifiée", "corrections vérifiées"),
    ]
    told = ", ".join(part for part in parts if part)
    return f"Ronde terminée : {told}." if told else ""


def _some(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}" if count else ""
