"""Who reads which lines of the journal: those about their places, and the nation's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from hygie.domain.journal.models import Entry
from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import node_ids_for, visible_nodes
from hygie.vocabulary.enums import NodeKind

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hygie.domain.people.scope import Asker


def entries_for(user: Asker) -> QuerySet[Entry]:
    """Return the lines about the places where ``user`` reads the journal, oldest first.

    Lines about no place belong to the platform: only who reads the nation's journal sees them.
    """
    scope = Q(node_id__in=node_ids_for(user, Permission.JOURNAL_READ))
    if visible_nodes(user, Permission.JOURNAL_READ).filter(kind=NodeKind.NATION).exists():
        scope |= Q(node_id__isnull=True)
    return Entry.objects.filter(scope).order_by("sequence")
