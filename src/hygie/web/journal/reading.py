"""The journal's lines in the reader's scope, with their action in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hygie.domain.journal.models import Entry
from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import node_ids_for, visible_nodes
from hygie.vocabulary.enums import NodeKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from hygie.domain.people.models import User
    from hygie.domain.territory.models import Node

_WORDS: Final = {
    "finding.seen": _("Constat : vu pour la première fois"),
    "finding.changed": _("Constat : faits modifiés"),
    "finding.returned": _("Constat : revenu"),
    "finding.verified": _("Constat : correction vérifiée"),
    "finding.decided": _("Constat : décision"),
    "finding.taken": _("Constat : pris en charge"),
    "finding.planned": _("Constat : correction planifiée"),
    "finding.accepted": _("Constat : risque accepté"),
    "finding.expired": _("Constat : acceptation terminée"),
    "finding.declared": _("Constat : déclaré corrigé"),
    "finding.reopened": _("Constat : remis à traiter"),
    "mandate.signed": _("Mandat : signé"),
    "mandate.revoked": _("Mandat : révoqué"),
    "estate.imported": _("Parc : fichier importé"),
    "round.started": _("Ronde : commencée"),
    "round.finished": _("Ronde : terminée"),
}


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line as the page shows it."""

    entry: Entry
    words: str | _StrPromise
    place: str
    detail: tuple[tuple[str, str], ...]


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
            _WORDS.get(entry.action, entry.action),
            nodes[entry.node_id].name if entry.node_id in nodes else "",
            _detail(entry.detail),
        )
        for entry in known
    ]


def _detail(text: str) -> tuple[tuple[str, str], ...]:
    found = json.loads(text)
    return tuple((str(key), str(value)) for key, value in found.items() if value not in ("", None))
