"""Sign and revoke mandates: without one, nothing is ever probed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from hygie.domain.estate.models import Mandate, PerimeterLine
from hygie.domain.journal.actions import Act, record
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from hygie.domain.estate.mandates import Line
    from hygie.domain.territory.models import Node


class MandateError(UsageError):
    """A mandate that allows nothing, or that somebody already revoked."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is signed; hours are local to the establishment, [from_hour, to_hour)."""

    signatory: str
    contact: str
    signed_on: dt.date
    valid_from: dt.date
    valid_to: dt.date
    days: str = "1234567"
    from_hour: int = 0
    to_hour: int = 24
    document_sha256: str = ""


def sign_mandate(
    node: Node, terms: Terms, perimeter: Sequence[Line], *, actor: str, now: dt.datetime
) -> Mandate:
    """Record a signed mandate with its perimeter.

    Raises:
        MandateError: if the perimeter is empty or the dates allow no day.
    """
    if not perimeter:
        raise MandateError("le périmètre est vide ; ajoutez au moins un domaine ou une adresse")
    if terms.valid_to <= terms.valid_from:
        raise MandateError("la fin du mandat précède son début ; corrigez les dates")
    with transaction.atomic():
        mandate = Mandate.objects.create(
            node=node, **{field: getattr(terms, field) for field in Terms.__dataclass_fields__}
        )
        PerimeterLine.objects.bulk_create(
            [
                PerimeterLine(mandate=mandate, kind=line.kind, value=line.value.lower())
                for line in perimeter
            ]
        )
        detail = {
            "signatory": terms.signatory,
            "valid_to": terms.valid_to,
            "perimeter": [f"{line.kind}:{line.value}" for line in perimeter],
        }
        record(
            Act("mandate.signed", "mandate", str(mandate.pk), node.pk, detail),
            actor=actor,
            now=now,
        )
    return mandate


def revoke_mandate(mandate: Mandate, *, actor: str, now: dt.datetime) -> Mandate:
    """End a mandate at once; the next packet is already refused.

    Raises:
        MandateError: if it is revoked already.
    """
    with transaction.atomic():
        locked = Mandate.objects.select_for_update().get(pk=mandate.pk)
        if locked.revoked_at is not None:
            raise MandateError("ce mandat est déjà révoqué")
        locked.revoked_at, locked.revoked_by = now, actor
        locked.save(update_fields=["revoked_at", "revoked_by"])
        record(
            Act("mandate.revoked", "mandate", str(locked.pk), locked.node_id),
            actor=actor,
            now=now,
        )
    return locked
