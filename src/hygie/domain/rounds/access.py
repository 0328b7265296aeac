"""The door to one round: absent and forbidden give the same answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import node_ids_for
from hygie.domain.rounds import queries
from hygie.domain.rounds.models import Item, Round

if TYPE_CHECKING:
    from hygie.domain.people.scope import Asker


def round_for(user: Asker, round_id: int) -> Round:
    """Return the round.

    Raises:
        Http404: if it does not exist or touched no place that ``user`` may read.
    """
    found = queries.rounds(user).filter(pk=round_id).first()
    if found is None:
        raise Http404
    return found


def round_to_run(user: Asker, round_id: int) -> Round:
    """Return the round, to stop it or take it up again.

    Raises:
        Http404: if it does not exist or ``user`` may not run rounds over its whole place.
    """
    nodes = node_ids_for(user, Permission.ROUND_RUN)
    found = Round.objects.filter(pk=round_id, node_id__in=nodes).select_related("node").first()
    if found is None:
        raise Http404
    return found


def item_to_run(user: Asker, item_id: int) -> Item:
    """Return an item of a round that ``user`` may run.

    Raises:
        Http404: if it does not exist or its round is not theirs to run.
    """
    nodes = node_ids_for(user, Permission.ROUND_RUN)
    found = Item.objects.filter(pk=item_id, round__node_id__in=nodes)
    item = found.select_related("round", "node").first()
    if item is None:
        raise Http404
    return item
