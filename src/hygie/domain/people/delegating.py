"""Delegations: somebody of the group acts for a member who accepted it, dated and revocable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hygie.domain.journal.actions import Act, record
from hygie.domain.people.models import DelegatedPermission, Delegation
from hygie.domain.people.roles import DELEGABLE, Permission, roles_with
from hygie.domain.people.rowsecurity.scope import SYSTEM, speaking
from hygie.domain.people.scope import grants_held
from hygie.domain.territory.models import Closure, Kind, Node
from hygie.vocabulary.enums import Role
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

    from hygie.domain.people.models import User

DELEGATION_MAX_DAYS: Final = 366
REASON_MIN_CHARACTERS: Final = 15

_MEMBERS: Final = (Kind.EJ, Kind.ET)


class DelegationError(UsageError):
    """A delegation does not hold as it was asked."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is delegated.

    Attributes:
        permissions: among ``roles.DELEGABLE``.
        reason: why, for the auditor who reads it.
        valid_from: first day.
        valid_to: first day without it, a year later at most.
        role_node: None when the proposer alone acts; else the node whose RSSI, whoever
            they are that day, act. The proposer is one of them.
    """

    permissions: frozenset[Permission]
    reason: str
    valid_from: dt.date
    valid_to: dt.date
    role_node: Node | None = None


@speaking(SYSTEM)  # who may what is written by the platform
def propose(member: Node, terms: Terms, *, by: User, now: dt.datetime) -> Delegation:
    """Ask to act for ``member``; nothing opens before its direction or RSSI accepts.

    Raises:
        DelegationError: if the dates, the reason or the permissions do not hold, or ``by`` is
            no RSSI of the member's group.
    """
    today = timezone.localdate(now)
    _check_terms(terms, today)
    if member not in members_of_group(by, on=today):
        raise DelegationError(_("aucun membre de votre groupement ne porte ce numéro"))
    if terms.role_node is not None and not _is_rssi(by, terms.role_node, today):
        raise DelegationError(_("vous n’êtes pas RSSI de ce lieu"))
    with transaction.atomic():
        made = Delegation.objects.create(
            node=member,
            to_user=None if terms.role_node else by,
            to_role=Role.RSSI if terms.role_node else "",
            to_node=terms.role_node,
            reason=terms.reason.strip()[:500],
            valid_from=terms.valid_from,
            valid_to=terms.valid_to,
            proposed_by=by,
            proposed_at=now,
        )
        DelegatedPermission.objects.bulk_create(
            DelegatedPermission(delegation=made, permission=permission)
            for permission in sorted(terms.permissions)
        )
        _trace("delegation.proposed", made, by.actor, now, permissions=sorted(terms.permissions))
    return made


@speaking(SYSTEM)  # who may what is written by the platform
def accept_delegation(made: Delegation, *, by: User, now: dt.datetime) -> Delegation:
    """Open the delegation.

    Raises:
        DelegationError: if ``by`` may not accept it, or it is no longer waiting.
    """
    with transaction.atomic():
        kept = Delegation.objects.select_for_update().get(pk=made.pk)
        if kept.accepted_at or kept.revoked_at or kept.valid_to <= timezone.localdate(now):
            raise DelegationError(
                _("cette délégation n’attend plus de réponse ; rechargez la page")
            )
        if not may_accept(by, kept, on=timezone.localdate(now)):
            raise DelegationError(_("seuls la direction et le RSSI du membre acceptent"))
        kept.accepted_by, kept.accepted_at = by, now
        kept.save(update_fields=["accepted_by", "accepted_at"])
        _trace("delegation.accepted", kept, by.actor, now)
    return kept


@speaking(SYSTEM)  # who may what is written by the platform
def revoke_delegation(made: Delegation, *, by: User, now: dt.datetime) -> Delegation:
    """Close a delegation, or refuse one that waits, at once.

    Raises:
        DelegationError: if ``by`` is neither of the member nor one of those who act.
    """
    with transaction.atomic():
        kept = Delegation.objects.select_for_update().get(pk=made.pk)
        if not may_revoke(by, kept, on=timezone.localdate(now)):
            raise DelegationError(_("cette délégation ne dépend pas de vous"))
        if kept.revoked_at is None:
            kept.revoked_by, kept.revoked_at = by, now
            kept.save(update_fields=["revoked_by", "revoked_at"])
            _trace("delegation.revoked", kept, by.actor, now)
    return kept


def may_accept(user: User, made: Delegation, *, on: dt.date) -> bool:
    """Tell whether ``user`` speaks for the member: its direction or its RSSI.

    A role on the group does not speak for the member; who would act accepts for nobody.
    """
    if user.pk == made.proposed_by_id or _acts(user, made, on):
        return False
    return _speaks_for(user, made.node_id, on)


def may_revoke(user: User, made: Delegation, *, on: dt.date) -> bool:
    """Tell whether ``user`` speaks for the member, or acts or proposed to act for it."""
    if user.pk == made.proposed_by_id or _acts(user, made, on):
        return True
    return _speaks_for(user, made.node_id, on)


def members_of_group(user: User, *, on: dt.date) -> QuerySet[Node]:
    """Return the establishments of the groups (GHT) whose RSSI, or member's RSSI, ``user`` is."""
    own = grants_held(user, on=on).filter(role__in=roles_with(Permission.DELEGATION_PROPOSE))
    paths = Closure.objects.filter(valid_from__lte=on, valid_to__gt=on)
    groups = paths.filter(descendant_id__in=own.values("node_id"), ancestor__kind=Kind.GHT)
    below = paths.filter(ancestor_id__in=groups.values("ancestor_id"))
    return Node.objects.filter(kind__in=_MEMBERS, pk__in=below.values("descendant_id"))


def _check_terms(terms: Terms, today: dt.date) -> None:
    if terms.valid_from < today:
        raise DelegationError(_("la délégation commence aujourd’hui ou plus tard"))
    if not 0 < (terms.valid_to - terms.valid_from).days <= DELEGATION_MAX_DAYS:
        raise DelegationError(_("la délégation dure un an au plus ; choisissez une autre fin"))
    if not terms.permissions or not terms.permissions <= DELEGABLE:
        raise DelegationError(_("choisissez au moins un droit parmi ceux qui se délèguent"))
    if len(terms.reason.strip()) < REASON_MIN_CHARACTERS:
        raise DelegationError(
            _("expliquez en {n} caractères au moins pourquoi vous agiriez pour ce membre").format(
                n=REASON_MIN_CHARACTERS
            )
        )


def _is_rssi(user: User, node: Node, on: dt.date) -> bool:
    return grants_held(user, on=on).filter(role=Role.RSSI, node=node).exists()


def _acts(user: User, made: Delegation, on: dt.date) -> bool:
    if made.to_node is None:
        return made.to_user_id == user.pk
    return grants_held(user, on=on).filter(role=made.to_role, node=made.to_node).exists()


def _speaks_for(user: User, node_id: int, on: dt.date) -> bool:
    """Tell whether ``user`` is direction or RSSI of the member or of its legal entity."""
    above = Closure.objects.filter(
        descendant_id=node_id, ancestor__kind__in=_MEMBERS, valid_from__lte=on, valid_to__gt=on
    )
    answering = grants_held(user, on=on).filter(role__in=roles_with(Permission.DELEGATION_ACCEPT))
    return answering.filter(node_id__in=above.values("ancestor_id")).exists()


def _trace(action: str, made: Delegation, actor: str, now: dt.datetime, **more: object) -> None:
    detail = {
        "to": made.to_user.email if made.to_user else f"{made.to_role} {made.to_node}",
        "valid_from": made.valid_from.isoformat(),
        "valid_to": made.valid_to.isoformat(),
        **more,
    }
    record(Act(action, "delegation", str(made.pk), made.node_id, detail), actor=actor, now=now)
