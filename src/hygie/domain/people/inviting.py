"""Invitations: a manager offers a role within their scope, by a link that serves once.

``roles.INVITES`` says who offers what. The link holds a secret of which only the SHA-256 is kept.
"""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hygie.domain.journal.actions import Act, record
from hygie.domain.people.actions import create_account, grant
from hygie.domain.people.models import Grant, Invitation, RoleChoice, User
from hygie.domain.people.roles import INVITES, LEVELS
from hygie.domain.people.rowsecurity.scope import SYSTEM, speaking
from hygie.domain.people.scope import grants_held
from hygie.domain.people.tokens import hash_of
from hygie.domain.territory.models import Closure, Kind
from hygie.vocabulary.enums import NodeKind, Role
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from hygie.domain.territory.models import Node

INVITATION_DAYS: Final = 7
"""Days during which the link of an invitation opens."""

_SECRET_BYTES: Final = 32
_SECRET_MAX: Final = 100


class InvitationError(UsageError):
    """An invitation cannot be made or accepted."""


def invitable_roles(user: User, node: Node, *, on: dt.date) -> tuple[Role, ...]:
    """Return the roles that ``user`` may offer, or end, on ``node``; in the order of roles."""
    held = list(grants_held(user, on=on).values_list("role", "node_id"))
    paths = Closure.objects.filter(
        ancestor_id__in={node_id for _, node_id in held},
        descendant=node,
        valid_from__lte=on,
        valid_to__gt=on,
    )
    depths = dict(paths.values_list("ancestor_id", "depth"))
    offered = {
        role
        for inviter, node_id in held
        if node_id in depths
        for role, least in INVITES.get(Role(inviter), {}).items()
        if depths[node_id] >= least and NodeKind(node.kind) in LEVELS[role]
    }
    return tuple(role for role in Role if role in offered)


def may_end(user: User, given: Grant, *, on: dt.date) -> bool:
    """Tell whether ``user`` may end a role held by somebody else."""
    return given.user_id != user.pk and Role(given.role) in invitable_roles(user, given.node, on=on)


def invite(
    email: str, role: Role, node: Node, *, inviter: User, now: dt.datetime
) -> tuple[str, Invitation]:
    """Return the secret of the link, never shown again, and the invitation.

    Raises:
        InvitationError: if ``inviter`` may not offer this role there, or invites themselves.
    """
    if role not in invitable_roles(inviter, node, on=timezone.localdate(now)):
        raise InvitationError(
            _(
                "vous ne pouvez pas proposer cette fonction sur {place} ; "
                "demandez à votre direction ou à votre ARS"
            ).format(place=node.name)
        )
    if email.strip().lower() == inviter.email:
        raise InvitationError(_("on ne s’invite pas soi-même ; demandez à quelqu’un d’autre"))
    return offer(email, role, node, actor=inviter.actor, now=now)


@speaking(SYSTEM)  # who may what is written by the platform
def offer(
    email: str, role: Role, node: Node, *, actor: str, now: dt.datetime
) -> tuple[str, Invitation]:
    """Make an invitation without asking whether its author may: ``invite`` asks.

    Raises:
        InvitationError: if this role is not held on places of this kind.
    """
    if NodeKind(node.kind) not in LEVELS[role]:
        label = RoleChoice(role).label
        text = _("« {role} » ne se tient pas à ce niveau : {level}")
        raise InvitationError(text.format(role=label, level=Kind(node.kind).label))
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    with transaction.atomic():
        made = Invitation.objects.create(
            email=email.strip().lower(),
            role=role,
            node=node,
            token_hash=hash_of(secret),
            invited_by=actor,
            invited_at=now,
            expires_at=now + dt.timedelta(days=INVITATION_DAYS),
        )
        _trace("invitation.sent", made, actor, now)
    return secret, made


@speaking(SYSTEM)  # who may what is written by the platform
def withdraw(made: Invitation, *, actor: str, now: dt.datetime) -> Invitation:
    """Close an invitation that nobody accepted; closed twice, it is the same."""
    with transaction.atomic():
        waiting = Invitation.objects.filter(
            pk=made.pk, accepted_at__isnull=True, withdrawn_at__isnull=True
        )
        if waiting.update(withdrawn_at=now):
            made.withdrawn_at = now
            _trace("invitation.withdrawn", made, actor, now)
    return made


def open_invitation(secret: str, *, now: dt.datetime) -> Invitation:
    """Return the invitation of a link.

    Raises:
        InvitationError: whatever the reason why it does not open, in the same words.
    """
    found = None
    if secret.isascii() and len(secret) <= _SECRET_MAX:
        found = (
            Invitation.objects.filter(
                token_hash=hash_of(secret),
                accepted_at__isnull=True,
                withdrawn_at__isnull=True,
                expires_at__gt=now,
            )
            .select_related("node")
            .first()
        )
    if found is None or not _still_offered(found, timezone.localdate(now)):
        raise InvitationError(_("cette invitation n’ouvre plus rien ; demandez-en une nouvelle"))
    return found


def account_of(made: Invitation) -> User | None:
    """Return the account that already has the invited address."""
    return User.objects.filter(email=made.email).first()


@speaking(SYSTEM)  # who may what is written by the platform
def accept(
    secret: str,
    *,
    now: dt.datetime,
    person: User | None = None,
    name: str = "",
    password: str | None = None,
) -> User:
    """Take the role; the account is made when the address has none.

    Args:
        secret: from the link.
        now: when.
        person: who is signed in. An address that has an account takes the role as that
            account alone: a link never changes a password.
        name: of the new account.
        password: of the new account, already validated.

    Raises:
        InvitationError: if the link opens nothing, or opens for an account that did not sign in.
    """
    with transaction.atomic():
        made = open_invitation(secret, now=now)
        known = account_of(made)
        if known is not None and (person is None or person.pk != known.pk or not known.is_active):
            raise InvitationError(_("connectez-vous d’abord avec le compte de cette adresse"))
        if known is None and not password:
            raise InvitationError(_("choisissez un mot de passe"))
        # Two clicks at once: only one moves the row.
        if not Invitation.objects.filter(pk=made.pk, accepted_at__isnull=True).update(
            accepted_at=now
        ):
            raise InvitationError(
                _("cette invitation n’ouvre plus rien ; demandez-en une nouvelle")
            )
        user = known or create_account(
            made.email, name.strip()[:120], actor=made.email, now=now, password=password
        )
        Invitation.objects.filter(pk=made.pk).update(accepted_by=user)
        _trace("invitation.accepted", made, user.actor, now)
        grant(user, Role(made.role), made.node, actor=made.invited_by, now=now)
    return user


def _still_offered(made: Invitation, on: dt.date) -> bool:
    """Tell whether who invited could still do it: a role lost takes its invitations with it."""
    inviter = User.objects.filter(email=made.invited_by).first()
    if inviter is None:  # the command line
        return True
    return Role(made.role) in invitable_roles(inviter, made.node, on=on)


def _trace(action: str, made: Invitation, actor: str, now: dt.datetime) -> None:
    detail = {"user": made.email, "role": made.role}
    record(Act(action, "invitation", str(made.pk), made.node_id, detail), actor=actor, now=now)
