"""Write the journal: the only way in, always inside the caller's transaction."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from hygie.domain.journal.chain import Line, canonical, line_hash
from hygie.domain.journal.models import Entry, Head

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

SYSTEM = "système"
"""The actor of what nobody asked for: rounds, clocks, first installation."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done.

    Attributes:
        action: ``object.verb``, such as ``finding.taken``.
        subject_type: kind of the object, such as ``finding``.
        subject_id: its identifier, as text.
        node_id: establishment or other node concerned, when there is one.
        detail: what changed; plain values, no secret, no health data.
    """

    action: str
    subject_type: str
    subject_id: str
    node_id: int | None = None
    detail: Mapping[str, object] = field(default_factory=dict)


def record(act: Act, *, actor: str, now: dt.datetime, on_behalf_of: str = "") -> Entry:
    """Append one line; it stands or falls with the caller's transaction."""
    return record_many([act], actor=actor, now=now, on_behalf_of=on_behalf_of)[0]


def record_many(
    acts: Iterable[Act], *, actor: str, now: dt.datetime, on_behalf_of: str = ""
) -> list[Entry]:
    """Append lines in order; writers wait for one another at the head row."""
    with transaction.atomic():
        head = Head.objects.select_for_update().get(pk=1)
        entries = []
        for act in acts:
            line = Line(
                sequence=head.sequence + 1,
                at=now,
                actor=actor,
                on_behalf_of=on_behalf_of,
                action=act.action,
                subject_type=act.subject_type,
                subject_id=act.subject_id,
                node_id=act.node_id,
                detail=canonical(act.detail),
                previous_hash=head.hash,
            )
            head.sequence, head.hash = line.sequence, line_hash(line)
            entries.append(Entry(**asdict(line), hash=head.hash))
        Entry.objects.bulk_create(entries, batch_size=500)
        head.save(update_fields=["sequence", "hash"])
    return entries
