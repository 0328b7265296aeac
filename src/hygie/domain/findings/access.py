"""The door to one finding: absent and forbidden give the same answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from hygie.domain.findings.models import Finding
from hygie.domain.people.access import may
from hygie.domain.people.roles import Permission

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from hygie.domain.people.models import User


def finding_for(
    user: User | AnonymousUser, finding_id: int, permission: Permission = Permission.FINDING_READ
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
