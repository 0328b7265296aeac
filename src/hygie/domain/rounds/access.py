"""The door to one round: absent and forbidden give the same answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from hygie.domain.rounds import queries

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from hygie.domain.people.models import User
    from hygie.domain.rounds.models import Round


def round_for(user: User | AnonymousUser, round_id: int) -> Round:
    """Return the round.

    Raises:
        Http404: if it does not exist or touched no place that ``user`` may read.
    """
    found = queries.rounds(user).filter(pk=round_id).first()
    if found is None:
        raise Http404
    return found
