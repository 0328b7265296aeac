"""Tell people of a new or returned exposure: the establishment at once, its ARS after a delay.

One row a finding and appearance keeps what was told: nobody hears twice, a killed round tells
what it had not, and what was repaired meanwhile is not told to the region at all.
"""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from hygie.domain.findings.lifecycle import OPEN_STATES
from hygie.domain.findings.models import Event, EventKind, Finding, Origin
from hygie.domain.outbox.actions import queue_notices
from hygie.domain.people.actions import tell
from hygie.domain.people.models import Grant, User
from hygie.domain.people.queries import people_with
from hygie.domain.people.roles import Permission
from hygie.domain.surveillance.models import ExposureNotice
from hygie.domain.territory.models import Closure
from hygie.vocabulary.enums import Role, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.db.models import QuerySet

    from hygie.domain.outbox.models import Mail

GRAVE: Final = (Severity.CRITICAL, Severity.MAJOR)
"""What is worth an e-mail by itself; the rest is in the summary of the round."""
FRESH: Final = dt.timedelta(days=7)
"""Appearances older than this were known before notices existed."""
AT_ONCE: Final = 200


def tell_establishments(
    sites: Collection[int], *, now: dt.datetime, region_delay: dt.timedelta
) -> list[Mail]:
    """Tell those who plan repairs of each grave exposure not told yet; returns the e-mails."""
    appeared = Event.objects.filter(
        finding=OuterRef("pk"), kind__in=(EventKind.SEEN, EventKind.RETURNED), at__gte=now - FRESH
    )
    told = ExposureNotice.objects.filter(
        finding=OuterRef("pk"), occurrence=OuterRef("times_returned")
    )
    fresh = (
        Finding.objects.filter(node_id__in=sites, state__in=OPEN_STATES, severity__in=GRAVE)
        .filter(Exists(appeared), ~Exists(told), origin__in=(Origin.EXPOSURE, Origin.SCAN))
        .select_related("node")
        .order_by("node_id", "rank", "pk")
    )
    mails: list[Mail] = []
    for _node, findings in groupby(fresh[:AT_ONCE], key=lambda one: one.node_id):
        mails += _tell_establishment(list(findings), now, region_delay)
    return mails


def tell_regions(*, now: dt.datetime) -> list[Mail]:
    """Tell the ARS of exposures still open after the delay; returns the e-mails."""
    mails: list[Mail] = []
    with transaction.atomic():
        due = ExposureNotice.objects.select_for_update(of=("self",)).filter(
            region_told_at__isnull=True, region_due_at__lte=now
        )
        rows = due.select_related("finding__node").order_by("finding__node_id", "pk")[:AT_ONCE]
        for node_id, group in groupby(rows, key=lambda one: one.finding.node_id):
            notices = list(group)
            late = [one.finding for one in notices if _is_late(one)]
            people = _officers(node_id, on=timezone.localdate(now))
            count = 0
            if late:
                key = f"region-{notices[0].pk}"
                count = _tell(people, late, key, _late(late), now)
                mails += queue_notices(key, now=now)
            for one in notices:
                one.region_told_at, one.region_count = now, count if _is_late(one) else 0
            ExposureNotice.objects.bulk_update(notices, ["region_told_at", "region_count"])
    return mails


def _tell_establishment(
    findings: Sequence[Finding], now: dt.datetime, region_delay: dt.timedelta
) -> list[Mail]:
    """Tell one establishment of what appeared there, in one notice."""
    with transaction.atomic():
        made = [
            ExposureNotice.objects.get_or_create(
                finding=one, occurrence=one.times_returned,
                defaults={"told_at": now, "region_due_at": now + region_delay},
            )
            for one in findings
        ]  # fmt: skip
        news = [one for one, (_, ours) in zip(findings, made, strict=True) if ours]
        if not news:
            return []
        key = f"exposure-{made[0][0].pk}"
        on = timezone.localdate(now)
        people = people_with(Permission.FINDING_PLAN, [news[0].node_id], on=on)
        _tell(people, news, key, _appeared(news), now)
        return queue_notices(key, now=now)


def _tell(
    people: QuerySet[User], findings: Sequence[Finding], key: str, text: str, now: dt.datetime
) -> int:
    return tell(people, key=key, text=text, link=f"/constats/{findings[0].pk}/", now=now)


def _is_late(notice: ExposureNotice) -> bool:
    """Tell whether the very appearance that was told is still there."""
    finding = notice.finding
    return finding.state in OPEN_STATES and finding.times_returned == notice.occurrence


def _appeared(findings: Sequence[Finding]) -> str:
    first = findings[0]
    if len(findings) > 1:
        returned = sum(one.times_returned > 0 for one in findings)
        what = f"{len(findings)} expositions graves nouvelles ou revenues ({returned} revenues)"
    else:
        what = "Revenue après correction" if first.times_returned else "Exposition nouvelle"
    return f"{what} ({first.node.name}) : {_named(findings)}"


def _late(findings: Sequence[Finding]) -> str:
    name = findings[0].node.name
    return f"{name} n’a pas encore corrigé : {_named(findings)} Proposez votre aide."


def _named(findings: Sequence[Finding]) -> str:
    first, others = findings[0], len(findings) - 1
    tail = f", et {others} autre{'s' if others > 1 else ''}" if others else ""
    return f"{first.title}, {first.subject}{tail}."


def _officers(node_id: int, *, on: dt.date) -> QuerySet[User]:
    """Return the officers of the ARS above a place."""
    above = Closure.objects.filter(descendant_id=node_id, valid_from__lte=on, valid_to__gt=on)
    grants = Grant.objects.filter(
        user=OuterRef("pk"), role=Role.ARS_OFFICER, valid_from__lte=on, valid_to__gt=on,
        node_id__in=above.values("ancestor_id"),
    )  # fmt: skip
    return User.objects.filter(Exists(grants), is_active=True, is_service=False).order_by("pk")
