"""The door to one incident: absent and forbidden give the same answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from hygie.domain.incidents.kinds import State
from hygie.domain.incidents.models import Incident
from hygie.domain.people.access import may
from hygie.domain.people.roles import Permission

if TYPE_CHECKING:
    import uuid

    from hygie.domain.people.scope import Asker


def incident_for(
    user: Asker, key: uuid.UUID, permission: Permission = Permission.INCIDENT_READ
) -> Incident:
    """Return an incident, drafts for those alone who declare there.

    Raises:
        Http404: if it does not exist, or ``user`` may not read it or use ``permission`` there.
    """
    incident = Incident.objects.visible_to(user).filter(key=key).select_related("node").first()
    if incident is None:
        raise Http404
    needed = {permission, Permission.INCIDENT_READ}
    if incident.state == State.DRAFT:
        needed.add(Permission.INCIDENT_DECLARE)
    if not all(may(user, one, incident.node_id) for one in needed):
        raise Http404
    return incident
