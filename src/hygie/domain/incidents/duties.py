"""Which duties an incident calls for, and where each one's clock stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.conf import settings

from hygie.domain.incidents.content import answers_of
from hygie.domain.incidents.models import Duty, Filing
from hygie.engines.clocks.explaining import explain
from hygie.engines.clocks.holidays import holidays_of
from hygie.engines.clocks.regimes import Concern, duties_for
from hygie.engines.clocks.state import State as ClockState
from hygie.engines.clocks.state import state_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hygie.domain.incidents.models import Incident
    from hygie.engines.clocks.regimes import Duty as Called
    from hygie.engines.clocks.state import Standing
    from hygie.referentials.section import Words

# Event that starts a clock -> the duty whose first filing is that event.
_FILED: Final = {
    "nis2_notified_at": ("regime.nis2", "notification"),
    "eigs_declared_at": ("regime.eigs", "part-1"),
}
_WAITING: Final = frozenset({ClockState.LATE, ClockState.IMMEDIATE, ClockState.RUNNING})


@dataclass(frozen=True, slots=True)
class DutyStanding:
    """A duty as the screen shows it.

    Attributes:
        called: what the regime asks for, and why.
        duty: its row; None for a draft, which owes nothing yet.
        filings: what was sent, oldest first.
        standing: where its clock is.
        steps: how the due time was found.
    """

    called: Called
    duty: Duty | None
    filings: tuple[Filing, ...]
    standing: Standing
    steps: tuple[Words, ...]

    @property
    def is_waiting(self) -> bool:
        """Whether something must be sent."""
        owed = self.called.in_force and self.called.concern is Concern.OWED
        return owed and not self.filings and self.standing.state in _WAITING

    @property
    def is_late(self) -> bool:
        """Whether its time is over and nothing was sent."""
        return self.is_waiting and self.standing.state is ClockState.LATE


def called_for(incident: Incident) -> list[Called]:
    """Return what the answers call for on the day of the incident."""
    switched: Mapping[str, dt.date | None] = settings.HYGIE_REGIMES_IN_FORCE
    return duties_for(answers_of(incident), on=day_of(incident), in_force=switched)


def day_of(incident: Incident) -> dt.date:
    """Return the local day whose law applies: that of becoming aware."""
    at = incident.aware_at or incident.started_at
    return at.astimezone(ZoneInfo(incident.node.time_zone)).date()


def settle_duties(incident: Incident, *, now: dt.datetime) -> None:
    """Write the duties that the answers call for; those no longer called for are dated, kept."""
    known = {(one.regime, one.step, one.recipient): one for one in incident.duties.all()}
    called = called_for(incident)
    wanted = {(one.regime.id, one.step.id, one.regime.recipient.id): one for one in called}
    for key, one in wanted.items():
        row = known.get(key) or Duty(
            incident=incident, regime=key[0], step=key[1], recipient=key[2], added_at=now
        )
        row.regime_version = one.regime.version
        row.concern, row.in_force, row.dropped_at = one.concern, one.in_force, None
        row.save()
    for key, row in known.items():
        if key not in wanted and row.dropped_at is None:
            row.dropped_at = now
            row.save(update_fields=["dropped_at"])


def standings(incident: Incident, *, now: dt.datetime) -> list[DutyStanding]:
    """Return every duty with its clock: what waits first, the earliest end first."""
    rows = {} if incident.pk is None else {(d.regime, d.step): d for d in incident.duties.all()}
    filings = list(incident.filings.select_related("version")) if incident.pk else []
    anchors = _anchors(incident, rows, filings)
    found = [
        _standing(incident, one, rows.get((one.regime.id, one.step.id)), filings, anchors, now)
        for one in called_for(incident)
    ]
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(found, key=lambda one: (not one.is_waiting, one.standing.due.at or far))


def _standing(
    incident: Incident,
    called: Called,
    duty: Duty | None,
    filings: Iterable[Filing],
    anchors: Mapping[str, dt.datetime | dt.date | None],
    now: dt.datetime,
) -> DutyStanding:
    sent = tuple(one for one in filings if duty is not None and one.duty_id == duty.pk)
    node = incident.node
    standing = state_at(
        called.step.clock,
        anchors,
        now=now,
        zone=ZoneInfo(node.time_zone),
        holidays=holidays_of(node.department, commune=node.commune_insee),
        done_at=sent[0].filed_at if sent else None,
    )
    return DutyStanding(called, duty, sent, standing, explain(standing.due))


def _anchors(
    incident: Incident, rows: Mapping[tuple[str, str], Duty], filings: Iterable[Filing]
) -> dict[str, dt.datetime | dt.date | None]:
    """Return the events that have happened."""
    first: dict[int, dt.datetime] = {}
    for one in filings:
        first.setdefault(one.duty_id, one.filed_at)
    anchors: dict[str, dt.datetime | dt.date | None] = {"aware_at": incident.aware_at}
    for anchor, key in _FILED.items():
        row = rows.get(key)
        anchors[anchor] = first.get(row.pk) if row else None
    if answers_of(incident).get("high_risk_to_persons") is True:
        anchors["high_risk_known_at"] = _since(incident, "high_risk_to_persons")
    return anchors


def _since(incident: Incident, answer: str) -> dt.datetime:
    """Return when an answer was first given as yes: the declaration, or a later version."""
    if incident.pk:
        for version in incident.versions.all():
            if version.content.get("answers", {}).get(answer) is True:
                return version.at
    return incident.saved_at
