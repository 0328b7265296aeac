"""The door to one mandate: absent and forbidden give the same answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from hygie.domain.estate.models import Mandate, MandateProposal
from hygie.domain.people.access import may
from hygie.domain.people.roles import Permission

if TYPE_CHECKING:
    from hygie.domain.people.scope import Asker


def mandate_for(user: Asker, mandate_id: int, *, to_write: bool = False) -> Mandate:
    """Return the mandate, with its place and perimeter.

    Raises:
        Http404: if it does not exist, or ``user`` may not read it, or may not revoke it when
            ``to_write`` is set.
    """
    mandate = (
        Mandate.objects.visible_to(user)
        .filter(pk=mandate_id)
        .select_related("node")
        .prefetch_related("perimeter")
        .first()
    )
    if mandate is None or (to_write and not may_revoke(user, mandate)):
        raise Http404
    return mandate


def may_revoke(user: Asker, mandate: Mandate) -> bool:
    """Tell whether ``user`` may stop the probing: who signs, and who runs the estate."""
    return may_propose(user, mandate.node_id)


def may_propose(user: Asker, node_id: int) -> bool:
    """Tell whether ``user`` may ask for a mandate there: who signs, and who runs the estate."""
    return may(user, Permission.MANDATE_SIGN, node_id) or may(
        user, Permission.ESTATE_WRITE, node_id
    )


def proposal_for(user: Asker, proposal_id: int) -> MandateProposal:
    """Return the mandate that waits for a signature, or waited, with its place.

    Raises:
        Http404: if it does not exist or ``user`` may not read it.
    """
    found = (
        MandateProposal.objects.visible_to(user)
        .filter(pk=proposal_id)
        .select_related("node")
        .first()
    )
    if found is None:
        raise Http404
    return found
