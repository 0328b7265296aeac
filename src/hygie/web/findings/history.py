"""What an event of a finding's history changed, in words."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from hygie.domain.findings.models import DecisionChoice, EventKind
from hygie.domain.veille.models import Justification, VexStatus
from hygie.web.moments import day

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        case EventKind.SET_ASIDE:
            return _set_aside(detail)
        case EventKind.DECIDED:
            return _decision(str(detail.get("from", "")), str(detail.get("to", "")))
        case _:
            return ""


def _set_aside(detail: Mapping[str, object]) -> str:
    if detail.get("joined"):
        return _("même équipement que %(name)s") % {"name": detail["joined"]}
    reasons = {str(key): str(label) for key, label in (*Justification.choices, *VexStatus.choices)}
    why = reasons.get(str(detail.get("justification")), "")
    until = _("jusqu’au %(on)s") % {"on": _date(detail["until"])} if detail.get("until") else ""
    return " – ".join(part for part in (str(detail.get("author", "")), why, until) if part)


def _decision(before: str, after: str) -> str:
    labels = dict(DecisionChoice.choices)
    new = str(labels.get(after, after))
    return f"{labels.get(before, before)} → {new}" if before else new


def _date(text: object) -> str:
    try:
        return day(dt.date.fromisoformat(str(text)))
    except ValueError:
        return str(text or "")
