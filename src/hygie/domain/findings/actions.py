"""What people do with findings; each action is a line of history and of the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hygie.domain.findings.lifecycle import next_state
from hygie.domain.findings.models import Event, EventKind, Finding, State
from hygie.domain.journal.actions import Act, record
from hygie.domain.people.access import on_behalf_of
from hygie.domain.people.roles import Permission
from hygie.engines.clocks.civil import local_day
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from hygie.domain.people.models import User
    from hygie.domain.people.principal import Principal

REASON_MIN_CHARACTERS = 15
"""Shorter reasons ("ok", "plus tard") explain nothing to the auditor who reads them."""


class PlanError(UsageError):
    """A date or a reason of the plan does not hold."""


def take(finding: Finding, *, user: User | Principal, now: dt.datetime) -> Finding:
    """Say that ``user`` looks after the finding."""
    return _move(finding.pk, EventKind.TAKEN, user, now, {"taken_by": user.email})


def plan(finding: Finding, *, on: dt.date, user: User | Principal, now: dt.datetime) -> Finding:
    """Schedule the repair for the day ``on``.

    Raises:
        PlanError: if the day is past.
    """
    if on < _today(finding, now):
        raise PlanError(_("la date prévue est passée ; choisissez aujourd’hui ou plus tard"))
    changes = {"planned_on": on, "taken_by": finding.taken_by or user.email}
    return _move(finding.pk, EventKind.PLANNED, user, now, changes)


def accept(
    finding: Finding, *, until: dt.date, reason: str, user: User | Principal, now: dt.datetime
) -> Finding:
    """Accept the risk until a date, with the reason an auditor will read.

    Raises:
        PlanError: if the date is past or more than a year away, or the reason too short.
    """
    if not 0 < (until - _today(finding, now)).days <= 366:  # noqa: PLR2004 - a year, leap day included
        raise PlanError(_("l’acceptation doit finir dans l’année qui vient ; choisissez une date"))
    if len(reason.strip()) < REASON_MIN_CHARACTERS:
        raise PlanError(
            _(
                "expliquez en {n} caractères au moins pourquoi le risque est accepté et ce qui "
                "le compense"
            ).format(n=REASON_MIN_CHARACTERS)
        )
    changes = {
        "accepted_until": until,
        "accepted_reason": reason.strip(),
        "accepted_by": user.email,
    }
    return _move(finding.pk, EventKind.ACCEPTED, user, now, changes)


def declare_fixed(finding: Finding, *, user: User | Principal, now: dt.datetime) -> Finding:
    """Say that the repair is done; the next round that reaches the target verifies it."""
    return _move(finding.pk, EventKind.DECLARED, user, now, {"declared_at": now})


def reopen(finding: Finding, *, user: User | Principal, now: dt.datetime) -> Finding:
    """Undo the last plan, acceptance or declaration."""
    return _move(finding.pk, EventKind.REOPENED, user, now, CLEARED)


def set_aside(
    finding: Finding, *, why: Mapping[str, object], user: User | Principal, now: dt.datetime
) -> Finding:
    """Close a weakness that does not count here, for the reason of a declaration."""
    return _move(finding.pk, EventKind.SET_ASIDE, user, now, {"closed_at": now}, why)


def take_back(
    finding: Finding, *, why: Mapping[str, object], user: User | Principal, now: dt.datetime
) -> Finding:
    """Open again what was set aside: its reason holds no more."""
    changes: dict[str, object] = {
        "closed_at": None,
        "times_returned": finding.times_returned + 1,
    }
    return _move(finding.pk, EventKind.RETURNED, user, now, changes, why)


CLEARED: dict[str, object] = {
    "taken_by": "",
    "planned_on": None,
    "accepted_until": None,
    "accepted_reason": "",
    "accepted_by": "",
    "declared_at": None,
}
"""The plan of a finding that nobody has planned."""

_NEEDS: dict[EventKind, tuple[Permission, ...]] = {
    EventKind.ACCEPTED: (Permission.FINDING_ACCEPT,),
    EventKind.REOPENED: (Permission.FINDING_PLAN, Permission.FINDING_ACCEPT),
    EventKind.SET_ASIDE: (Permission.FINDING_ACCEPT,),
    EventKind.RETURNED: (Permission.FINDING_ACCEPT,),
}
"""What an event needs, to tell on whose behalf it is done; the others need FINDING_PLAN."""


def _today(finding: Finding, now: dt.datetime) -> dt.date:
    """Return the date on the wall of the establishment: in Cayenne it is still yesterday."""
    return local_day(now, ZoneInfo(finding.node.time_zone))


def _move(
    finding_id: int,
    event: EventKind,
    user: User | Principal,
    now: dt.datetime,
    changes: dict[str, object],
    why: Mapping[str, object] | None = None,
) -> Finding:
    with transaction.atomic():
        finding = Finding.objects.select_for_update().get(pk=finding_id)
        before = State(finding.state)
        finding.state = next_state(event, before)
        for field, value in changes.items():
            setattr(finding, field, value)
        finding.save(update_fields=["state", *changes])
        detail = {
            "from": before,
            "to": finding.state,
            **{field: str(value) for field, value in changes.items() if value},
            **(why or {}),
        }
        Event.objects.create(finding=finding, at=now, kind=event, actor=user.actor, detail=detail)
        needs = _NEEDS.get(event, (Permission.FINDING_PLAN,))
        record(
            Act(f"finding.{event}", "finding", str(finding.pk), finding.node_id, detail),
            actor=user.actor,
            now=now,
            on_behalf_of=on_behalf_of(user, needs, finding.node_id, on=timezone.localdate(now)),
        )
    return finding
