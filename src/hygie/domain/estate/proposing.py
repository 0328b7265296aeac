"""A mandate from its proposal to its signature: who runs the estate asks, the direction signs.

Nothing is probed before the signature: a proposal is no mandate. Each step is in the journal, and
those who must act are told.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hygie.domain.estate.access import may_propose
from hygie.domain.estate.mandates import Line
from hygie.domain.estate.models import MandateProposal
from hygie.domain.estate.permits import MandateError, Terms, checked, sign_mandate
from hygie.domain.journal.actions import Act, record
from hygie.domain.outbox.actions import queue_notices
from hygie.domain.people.access import may
from hygie.domain.people.actions import tell
from hygie.domain.people.models import User
from hygie.domain.people.queries import people_with
from hygie.domain.people.roles import Permission
from hygie.domain.territory.models import Kind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from hygie.domain.estate.models import Mandate
    from hygie.domain.outbox.models import Mail
    from hygie.domain.territory.models import Node

_UNSIGNED: Final = "—"
_FUNCTION_MAX: Final = 80
_ALSO_KEPT: Final = ("contact", "valid_from", "valid_to", "days", "from_hour", "to_hour")


def propose_mandate(
    node: Node, terms: Terms, perimeter: Sequence[Line], *, by: User, now: dt.datetime
) -> MandateProposal:
    """Keep a mandate for the direction to sign; ``terms.signatory`` is not read.

    Raises:
        MandateError: if ``by`` may not ask there, or as ``permits.sign_mandate``.
        PerimeterError: if a line is one that no mandate may cover.
    """
    if node.kind != Kind.ET:
        raise MandateError(_("un mandat porte sur un établissement (ET)"))
    if not may_propose(by, node.pk):
        raise MandateError(_("vous ne pouvez pas demander de mandat pour ce lieu"))
    lines = checked(replace(terms, signatory=_UNSIGNED), perimeter, now=now)
    _check_not_over(terms.valid_to, node, now)
    with transaction.atomic():
        made = MandateProposal.objects.create(
            node=node,
            perimeter=[[str(line.kind), line.value] for line in lines],
            proposed_by=by.actor,
            proposed_at=now,
            **{name: getattr(terms, name) for name in _ALSO_KEPT},
        )
        _trace("mandate.proposed", made, by, now)
    return made


def sign_proposal(made: MandateProposal, *, function: str, by: User, now: dt.datetime) -> Mandate:
    """Sign what was proposed, as it was proposed; from its first day on, probes leave.

    Args:
        made: what is signed.
        function: in whose capacity ``by`` signs, such as "Directrice générale".
        by: holds the right to sign there by a role of their own: it is never delegated.
        now: when.

    Raises:
        MandateError: if ``by`` may not sign, or there is nothing left to sign.
    """
    words = " ".join(function.split())
    if not 1 <= len(words) <= _FUNCTION_MAX:
        wanted = _("votre fonction : de 1 à {n} caractères, en toutes lettres")
        raise MandateError(wanted.format(n=_FUNCTION_MAX))
    if not may(by, Permission.MANDATE_SIGN, made.node_id):
        raise MandateError(_("seule la direction signe un mandat"))
    with transaction.atomic():
        kept = _waiting(made)
        _check_not_over(kept.valid_to, kept.node, now)
        terms = Terms(
            signatory=f"{by.get_full_name()[:70]}, {words}",
            signed_on=_today(kept.node, now),
            **{name: getattr(kept, name) for name in _ALSO_KEPT},
        )
        mandate = sign_mandate(kept.node, terms, lines_of(kept), actor=by.actor, now=now)
        kept.mandate = mandate
        kept.save(update_fields=["mandate"])
    return mandate


def close_proposal(made: MandateProposal, *, by: User, now: dt.datetime) -> MandateProposal:
    """Refuse to sign, or take back, what was proposed.

    Raises:
        MandateError: if ``by`` may do neither, or it waits no more.
    """
    if not may_propose(by, made.node_id):
        raise MandateError(_("vous ne pouvez pas retirer cette proposition"))
    with transaction.atomic():
        kept = _waiting(made)
        kept.closed_at, kept.closed_by = now, by.actor
        kept.save(update_fields=["closed_at", "closed_by"])
        _trace("mandate.declined", kept, by, now)
    return kept


def lines_of(made: MandateProposal) -> list[Line]:
    """Return the perimeter proposed."""
    return [Line(kind, value) for kind, value in made.perimeter]


def tell_signatories(made: MandateProposal, *, now: dt.datetime) -> list[Mail]:
    """Tell those who may sign that something waits; returns the e-mails queued."""
    people = people_with(Permission.MANDATE_SIGN, [made.node_id], on=_today(made.node, now))
    text = _("Un mandat de sondage attend votre signature : {place}.")
    return _tell(people.exclude(email=made.proposed_by), made, "proposed", text, now)


def tell_proposer(made: MandateProposal, *, now: dt.datetime) -> list[Mail]:
    """Tell who proposed that the direction signed, or not; returns the e-mails queued."""
    signed = made.mandate_id is not None
    text = (
        _("Le mandat que vous proposiez est signé : {place}.")
        if signed
        else _("Le mandat que vous proposiez n’est pas signé : {place}.")
    )
    people = User.objects.filter(email=made.proposed_by).exclude(email=made.closed_by)
    return _tell(people, made, "signed" if signed else "declined", text, now)


def _tell(
    people: Iterable[User], made: MandateProposal, step: str, text: str, now: dt.datetime
) -> list[Mail]:
    key = f"mandate-{step}-{made.pk}"
    tell(people, key=key, text=text.format(place=made.node.name), now=now)
    return queue_notices(key, now=now)


def _waiting(made: MandateProposal) -> MandateProposal:
    kept = MandateProposal.objects.select_for_update().get(pk=made.pk)
    if kept.mandate_id is not None or kept.closed_at is not None:
        raise MandateError(_("ce mandat n’attend plus de signature ; rechargez la page"))
    return kept


def _check_not_over(valid_to: dt.date, node: Node, now: dt.datetime) -> None:
    if valid_to <= _today(node, now):
        raise MandateError(_("ce mandat serait déjà fini ; choisissez un autre dernier jour"))


def _today(node: Node, now: dt.datetime) -> dt.date:
    return timezone.localdate(now, ZoneInfo(node.time_zone))


def _trace(action: str, made: MandateProposal, by: User, now: dt.datetime) -> None:
    detail = {
        "valid_to": made.valid_to,
        "perimeter": [f"{line.kind}:{line.value}" for line in lines_of(made)],
    }
    record(Act(action, "proposal", str(made.pk), made.node_id, detail), actor=by.actor, now=now)
