"""The journal's lines in the reader's scope, with their action in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from hygie.domain.journal.models import Entry
from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import node_ids_for, visible_nodes
from hygie.vocabulary.enums import NodeKind
from hygie.web.journal.words import ACTIONS, KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from hygie.domain.people.models import User
    from hygie.domain.territory.models import Node


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line as the page shows it."""

    entry: Entry
    words: str | _StrPromise
    place: str
    detail: tuple[tuple[str | _StrPromise, str], ...]


def entries(user: User | AnonymousUser, *, text: str = "") -> QuerySet[Entry]:
    """Return the lines about the reader's places, newest first.

    Lines about no place belong to the platform: only who reads the nation's journal sees them.
    """
    scope = Q(node_id__in=node_ids_for(user, Permission.JOURNAL_READ))
    if visible_nodes(user, Permission.JOURNAL_READ).filter(kind=NodeKind.NATION).exists():
        scope |= Q(node_id__isnull=True)
    rows = Entry.objects.filter(scope)
    if text:
        rows = rows.filter(
            Q(actor__icontains=text) | Q(action__icontains=text) | Q(subject_id=text)
        )
    return rows.order_by("-sequence")


def lines(user: User | AnonymousUser, rows: Iterable[Entry]) -> list[JournalLine]:
    """Return the lines of a page in words, with the names of their places in one query."""
    known = list(rows)
    ids = {entry.node_id for entry in known if entry.node_id is not None}
    nodes: dict[int, Node] = visible_nodes(user, Permission.TERRITORY_READ).in_bulk(list(ids))
    return [
        JournalLine(
            entry,
            ACTIONS.get(entry.action, entry.action),
            nodes[entry.node_id].name if entry.node_id in nodes else "",
            _detail(entry.detail),
        )
        for entry in known
    ]


def _detail(text: str) -> tuple[tuple[str | _StrPromise, str], ...]:
    found = json.loads(text)
    return tuple(
        (KEYS.get(key, key), _text(value))
        for key, value in found.items()
        if value not in ("", None, [])
    )


def _text(value: object) -> str:
    return ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)
