"""The lines of a list of findings, in words: found once here, not fifty times by a template."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from hygie.domain.findings.lifecycle import OPEN_STATES
from hygie.domain.findings.models import SeverityChoice, State
from hygie.domain.findings.telling import title_of
from hygie.web.badges import decision_badge
from hygie.web.moments import day, deadline

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from hygie.domain.findings.models import Finding


@dataclass(frozen=True, slots=True)
class Line:
    """One finding as a list shows it; ``badge`` is HTML, all else is text."""

    finding: Finding
    url: str
    title: str
    badge: str
    severity: str
    due: str
    late: bool
    state: str
    planned: str
    place: str
    place_url: str


def lines(findings: Iterable[Finding], *, now: dt.datetime) -> list[Line]:
    """Return the lines of a page, in the reader's language."""
    severity, state, place_url = cache(_severity), cache(_state), cache(_place_url)
    return [
        Line(
            finding=finding,
            url=reverse("finding", args=[finding.pk]),
            title=title_of(finding),
            badge=decision_badge(finding.decision),
            severity=severity(finding.severity),
            due=_due(finding, now),
            late=_is_late(finding, now),
            state=state(finding.state),
            planned=_planned(finding),
            place=finding.node.name,
            place_url=place_url(finding.node_id),
        )
        for finding in findings
    ]


def _is_late(finding: Finding, now: dt.datetime) -> bool:
    return finding.due_at is not None and finding.due_at < now and finding.state in OPEN_STATES


def _due(finding: Finding, now: dt.datetime) -> str:
    if finding.due_at is None:
        return ""
    at = {"at": deadline(finding.due_at, finding.node.time_zone)}
    return (_("en retard depuis %(at)s") if _is_late(finding, now) else _("avant %(at)s")) % at


def _planned(finding: Finding) -> str:
    if finding.state != State.PLANNED or finding.planned_on is None:
        return ""
    return _("le %(on)s") % {"on": day(finding.planned_on)}


def _severity(value: str) -> str:
    return _("gravité %(severity)s") % {"severity": SeverityChoice(value).label}


def _state(value: str) -> str:
    return str(State(value).label)


def _place_url(node_id: int) -> str:
    return reverse("node", args=[node_id])
