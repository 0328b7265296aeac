"""What surrounds the findings of the invented nation: people, an estate, a journal, failures."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from bench.pages.writing import insert_select
from hygie.domain.estate.models import Asset
from hygie.domain.journal.models import Entry
from hygie.domain.people.models import Grant, User
from hygie.domain.rounds.models import Item
from hygie.vocabulary.enums import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygie.domain.territory.models import Node

ACCOUNTS, LINES, ASSETS, FAILED, SPREAD = 12_000, 300_000, 3_000, 2_000, 9_000

_COUNT: Final = """WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {last})
FROM n"""


def surround(places: Mapping[str, Node], *, now: dt.datetime) -> None:
    """Write accounts, lines of the journal, an estate at one place, and failed items."""
    _people(places["site"].pk)
    values = {"now": now}
    site = places["site"].pk
    spread = f"CASE WHEN i % 50 = 0 THEN {site} ELSE {site} + i % {SPREAD} END"
    insert_select(
        Entry,
        {
            "sequence": "i + 1",
            "at": "%(now)s",
            "actor": "'système'",
            "action": "'finding.seen'",
            "subject_type": "'finding'",
            "subject_id": "'' || i",
            "node_id": spread.replace("%", "%%"),
            "detail": "'{}'",
            "previous_hash": "'banc-' || i",
            "hash": "'banc-' || (i + 1)",
        },
        _COUNT.format(last=LINES - 1),
        values,
    )
    insert_select(
        Asset,
        {
            "node_id": str(site),
            "kind": "'server'",
            "name": "'Serveur ' || i",
            "added_at": "%(now)s",
        },
        _COUNT.format(last=ASSETS - 1),
        values,
    )
    last = Item.objects.order_by("-round_id").values_list("round_id", flat=True)[0]
    failed = Item.objects.filter(round_id=last).order_by("pk").values("pk")[:FAILED]
    Item.objects.filter(pk__in=failed).update(state="failed", note="délai dépassé")


def _people(first_site: int) -> None:
    users = User.objects.bulk_create(
        [
            User(email=f"personne-{n}@exemple.example", name=f"Personne {n}")
            for n in range(ACCOUNTS)
        ],
        batch_size=1000,
    )
    Grant.objects.bulk_create(
        [
            Grant(
                user=user,
                role=Role.RSSI,
                node_id=first_site + rank % SPREAD,
                valid_from=dt.date(2020, 1, 1),
            )
            for rank, user in enumerate(users)
        ],
        batch_size=1000,
    )
