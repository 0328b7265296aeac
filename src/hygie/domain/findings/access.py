"""The door to one finding: absent and forbidden give the same answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from hygie.domain.findings.models import Finding, State
from hygie.domain.people.access import may
from hygie.domain.people.roles import Permission

if TYPE_CHECKING:
    from hygie.domain.people.scope import Asker


def finding_for(
    user: Asker, finding_id: int, permission: Permission = Permission.FINDING_READ
) -> Finding:
    """Return the finding, with its place and asset.

    Raises:
        Http404: if it does not exist, or ``user`` may not read it or use ``permission`` there.
    """
    finding = (
        Finding.objects.visible_to(user)
        .filter(pk=finding_id)
        .select_related("node", "asset")
        .first()
    )
    if finding is None:
        raise Http404
    if permission != Permission.FINDING_READ and not may(user, permission, finding.node_id):
        raise Http404
    return finding


def finding_to_reopen(user: Asker, finding_id: int) -> Finding:
    """Return a finding whose last move ``user`` may undo: who plans there, or accepted its risk.

    Raises:
        Http404: if there is none.
    """
    finding = finding_for(user, finding_id)
    plans = may(user, Permission.FINDING_PLAN, finding.node_id)
    accepts = may(user, Permission.FINDING_ACCEPT, finding.node_id)
    if not plans and not (accepts and finding.state == State.ACCEPTED):
        raise Http404
    return finding
