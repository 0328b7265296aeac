"""The crisis board: how each service of the hospital runs, and the situation in one text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from hygie.domain.incidents.content import CLOCK_SLACK, IncidentError
from hygie.domain.incidents.handling import note, opened
from hygie.domain.incidents.models import Service
from hygie.referentials.playbooks import care_services

if TYPE_CHECKING:
    import datetime as dt

    from hygie.domain.incidents.kinds import Running
    from hygie.domain.incidents.models import Incident

_WORDS_MAX = 300


@dataclass(frozen=True, slots=True)
class Report:
    """What is said of one service.

    Attributes:
        since: aware, since when it runs so.
        workaround: how care goes on.
        impact: what patients feel of it; never a name.
        expected_at: aware, when it should be back; None while nobody knows.
    """

    running: Running
    since: dt.datetime
    workaround: str = ""
    impact: str = ""
    expected_at: dt.datetime | None = None


def set_service(
    incident: Incident, service: str, report: Report, *, actor: str, now: dt.datetime
) -> Service:
    """Say how a service of the hospital runs; what was said before stays in the history.

    Raises:
        IncidentError: for an unknown service, a time that makes no sense, or an incident that
            is not open.
    """
    if service not in {one.id for one in care_services(now.date())}:
        raise IncidentError(_("service inconnu : %(service)s") % {"service": service[:40]})
    if report.since > now + CLOCK_SLACK:
        raise IncidentError(_("l’heure d’un fait ne peut pas être dans le futur"))
    if report.expected_at is not None and report.expected_at < report.since:
        raise IncidentError(_("le retour attendu précède l’arrêt ; corrigez l’une des heures"))
    with transaction.atomic():
        known = opened(incident)
        row = Service.objects.create(
            incident=known,
            service=service,
            running=report.running,
            since=report.since,
            workaround=report.workaround.strip()[:_WORDS_MAX],
            impact=report.impact.strip()[:_WORDS_MAX],
            expected_at=report.expected_at,
            entered_at=now,
            entered_by=actor,
        )
        detail: dict[str, object] = {"service": service, "running": report.running}
        note(known, "incident.service", detail, actor, now)
    return row
