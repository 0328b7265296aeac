"""The journal's lines in the reader's scope, with their action in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import visible_nodes
from hygie.domain.people.traces import entries_for
from hygie.web.journal.words import ACTIONS, KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from hygie.domain.journal.models import Entry
    from hygie.domain.people.scope import Asker
    from hygie.domain.territory.models import Node


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line as the page shows it."""

    entry: Entry
    words: str | _StrPromise
    place: str
    detail: tuple[tuple[str | _StrPromise, str], ...]


def entries(user: Asker, *, text: str = "") -> QuerySet[Entry]:
    """Return the lines that the reader may see, newest first."""
    rows = entries_for(user)
    if text:
        rows = rows.filter(
            Q(actor__icontains=text) | Q(action__icontains=text) | Q(subject_id=text)
        )
    return rows.order_by("-sequence")


def lines(user: Asker, rows: Iterable[Entry]) -> list[JournalLine]:
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
