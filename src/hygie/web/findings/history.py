"""What an event of a finding's history changed, in words."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from hygie.domain.findings.models import DecisionChoice, EventKind
from hygie.web.moments import day

if TYPE_CHECKING:
    from hygie.domain.findings.models import Event


def words_of_event(event: Event) -> str:
    """Return one sentence, empty when the kind of the event says it all."""
    detail = event.detail
    match event.kind:
        case EventKind.PLANNED:
            return _("pour le %(on)s") % {"on": _date(detail.get("planned_on"))}
        case EventKind.ACCEPTED:
            until = _("jusqu’au %(on)s") % {"on": _date(detail.get("accepted_until"))}
            return f"{until} – {detail.get('accepted_reason', '')}"
        case EventKind.EXPIRED:
            return _("acceptée jusqu’au %(on)s") % {"on": _date(detail.get("until"))}
        case EventKind.DECIDED:
            return _decision(str(detail.get("from", "")), str(detail.get("to", "")))
        case _:
            return ""


def _decision(before: str, after: str) -> str:
    labels = dict(DecisionChoice.choices)
    new = str(labels.get(after, after))
    return f"{labels.get(before, before)} → {new}" if before else new


def _date(text: object) -> str:
    try:
        return day(dt.date.fromisoformat(str(text)))
    except ValueError:
        return str(text or "")
