"""Sign and revoke mandates: without one, nothing is ever probed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _

from hygie.domain.estate.models import Mandate, PerimeterLine
from hygie.domain.estate.perimeter import MAX_LINES, checked_line
from hygie.domain.journal.actions import Act, record
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygie.domain.estate.mandates import Line
    from hygie.domain.territory.models import Node

_DAYS: Final = "1234567"
_MIDNIGHT: Final = 24
_MAX_TEXT: Final = 160
_TIME_ZONES: Final = dt.timedelta(days=1)
"""It may be tomorrow already at the place, never later."""


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
        MandateError: if the perimeter is empty, or the terms are incomplete or allow nothing.
        PerimeterError: if a line is one that no mandate may cover (``perimeter``).
    """
    lines = checked(terms, perimeter, now=now)
    with transaction.atomic():
        mandate = Mandate.objects.create(
            node=node, **{field: getattr(terms, field) for field in Terms.__dataclass_fields__}
        )
        PerimeterLine.objects.bulk_create(
            [PerimeterLine(mandate=mandate, kind=line.kind, value=line.value) for line in lines]
        )
        detail = {
            "signatory": terms.signatory,
            "valid_to": terms.valid_to,
            "perimeter": [f"{line.kind}:{line.value}" for line in lines],
        }
        record(
            Act("mandate.signed", "mandate", str(mandate.pk), node.pk, detail),
            actor=actor,
            now=now,
        )
    return mandate


def checked(terms: Terms, perimeter: Sequence[Line], *, now: dt.datetime) -> list[Line]:
    """Return the lines of the perimeter in canonical form, each once.

    Raises:
        MandateError: if the perimeter is empty, or the terms are incomplete or allow nothing.
        PerimeterError: if a line is one that no mandate may cover (``perimeter``).
    """
    _check_terms(terms, now)
    if not 1 <= len(perimeter) <= MAX_LINES:
        raise MandateError(
            _(
                "le périmètre compte {n} lignes ; donnez de 1 à {most} domaines, noms d’hôte "
                "ou réseaux"
            ).format(n=len(perimeter), most=MAX_LINES)
        )
    return list(dict.fromkeys(map(checked_line, perimeter)))


def revoke_mandate(mandate: Mandate, *, actor: str, now: dt.datetime) -> Mandate:
    """End a mandate at once; the next packet is already refused.

    Raises:
        MandateError: if it is revoked already.
    """
    with transaction.atomic():
        locked = Mandate.objects.select_for_update().get(pk=mandate.pk)
        if locked.revoked_at is not None:
            raise MandateError(_("ce mandat est déjà révoqué"))
        locked.revoked_at, locked.revoked_by = now, actor
        locked.save(update_fields=["revoked_at", "revoked_by"])
        record(
            Act("mandate.revoked", "mandate", str(locked.pk), locked.node_id),
            actor=actor,
            now=now,
        )
    return locked


def _check_terms(terms: Terms, now: dt.datetime) -> None:
    for name, text in ((_("signataire"), terms.signatory), (_("contact"), terms.contact)):
        if not text.strip() or len(text) > _MAX_TEXT or not text.isprintable():
            wanted = _("{name} : une ligne de 1 à {n} caractères est attendue")
            raise MandateError(wanted.format(name=name, n=_MAX_TEXT))
    if terms.signed_on > now.date() + _TIME_ZONES:
        raise MandateError(_("le mandat est signé dans le futur ; corrigez la date de signature"))
    if terms.valid_to <= terms.valid_from:
        raise MandateError(_("la fin du mandat précède son début ; corrigez les dates"))
    if not terms.days or len(set(terms.days)) < len(terms.days) or set(terms.days) - set(_DAYS):
        raise MandateError(
            _("jours inconnus : écrivez les numéros, 1 pour lundi, 7 pour dimanche, comme 12345")
        )
    if not 0 <= terms.from_hour < terms.to_hour <= _MIDNIGHT:
        raise MandateError(_("heures inconnues : écrivez début-fin de 0 à 24, comme 8-18"))
