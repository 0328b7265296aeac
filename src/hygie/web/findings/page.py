"""What the page of one finding shows, forms included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone

from hygie.domain.findings import queries
from hygie.domain.findings.lifecycle import OPEN_STATES, allowed
from hygie.domain.findings.models import EventKind, State
from hygie.domain.people.access import may
from hygie.domain.people.roles import Permission
from hygie.domain.surveillance.queries import sighting
from hygie.domain.veille.models import Cve
from hygie.domain.veille.statements import statement_behind, waiting_about
from hygie.engines.clocks.civil import local_day
from hygie.web.findings.forms import AcceptForm, PlanForm
from hygie.web.findings.presenting import explain

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Set as AbstractSet

    from hygie.domain.findings.models import Finding
    from hygie.domain.people.models import User
    from hygie.web.asking import PersonRequest


@dataclass(frozen=True, slots=True)
class Moves:
    """What this reader may do to this finding now."""

    take: bool
    plan: bool
    accept: bool
    declare: bool
    reopen: bool

    @property
    def any(self) -> bool:
        """Whether there is anything to do."""
        return self.take or self.plan or self.accept or self.declare or self.reopen


def detail_page(
    request: PersonRequest,
    finding: Finding,
    *,
    plan_form: PlanForm | None = None,
    accept_form: AcceptForm | None = None,
) -> dict[str, object]:
    """Return the page of one finding; a refused form comes back with its errors."""
    now = timezone.now()
    seen = (
        sighting(request.user, finding.node_id, finding.subject, finding.probe)
        if finding.probe
        else None
    )
    return {
        "finding": finding,
        "explanation": explain(finding),
        "sighting": seen,
        "evidence": bytes(seen.evidence).decode("utf-8", "replace") if seen else "",
        "cve": Cve.objects.filter(pk=finding.cve_id).first() if finding.cve_id else None,
        "history": queries.history(finding),
        "excuse": statement_behind(finding) if finding.state == State.SET_ASIDE else None,
        "waiting": waiting_about(finding) if finding.cve_id else None,
        "moves": moves_of(request.user, finding),
        "plan_form": plan_form or PlanForm(initial={"on": _proposed(finding, now)}),
        "accept_form": accept_form or AcceptForm(),
        "is_late": finding.due_at is not None
        and finding.due_at < now
        and finding.state in OPEN_STATES,
        "now": now,
    }


def moves_of(user: User, finding: Finding) -> Moves:
    """Return what ``user`` may do to the finding, by right and by its state."""
    wanted = (Permission.FINDING_PLAN, Permission.FINDING_ACCEPT)
    held = {permission for permission in wanted if may(user, permission, finding.node_id)}
    return moves_of_role(held, finding)


def moves_of_role(held: AbstractSet[Permission], finding: Finding) -> Moves:
    """Return what the permissions held at its place allow, by the state of the finding."""
    plans = Permission.FINDING_PLAN in held
    accepts = Permission.FINDING_ACCEPT in held
    open_moves = allowed(State(finding.state))
    undoes = plans or (accepts and finding.state == State.ACCEPTED)
    return Moves(
        take=plans and EventKind.TAKEN in open_moves,
        plan=plans and EventKind.PLANNED in open_moves,
        accept=accepts and EventKind.ACCEPTED in open_moves,
        declare=plans and EventKind.DECLARED in open_moves,
        reopen=undoes and EventKind.REOPENED in open_moves,
    )


def _proposed(finding: Finding, now: dt.datetime) -> dt.date:
    """Propose the day already planned, else the deadline, never a day that is past."""
    zone = ZoneInfo(finding.node.time_zone)
    today = local_day(now, zone)
    day = finding.planned_on or (local_day(finding.due_at, zone) if finding.due_at else today)
    return max(day, today)
