"""API tokens: made once, shown once, kept as a hash, recognised in one query.

    secret, token = issue(account, "SIEM", [Permission.FINDING_READ], node,
                          expires_at=..., actor=person.actor, now=now)
    principal = authenticate(secret, now=now)        # at each call of the API
    Finding.objects.visible_to(principal)            # as with a user

The secret has 256 bits of entropy: a plain SHA-256 is enough, a slow hash would only slow calls.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hygie.domain.journal.actions import Act, record
from hygie.domain.people.models import ApiToken
from hygie.domain.people.principal import Principal
from hygie.domain.people.roles import Permission
from hygie.domain.people.rowsecurity.scope import SYSTEM, speaking
from hygie.domain.people.scope import held_permissions
from hygie.vocabulary.errors import HygieError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygie.domain.people.models import User
    from hygie.domain.territory.models import Node

TOKEN_MAX_DAYS: Final = 366
"""A token lives a year at most; whoever uses it renews it."""

_MARK: Final = "hyg"
_SECRET_BYTES: Final = 32
_SECRET_MAX: Final = 200
_USED_EVERY: Final = dt.timedelta(minutes=5)


class TokenError(UsageError):
    """A token cannot be issued as it was asked."""


class TokenRefusedError(HygieError):
    """The secret opens nothing: unknown, expired, revoked, or its account is closed."""


@speaking(SYSTEM)  # who may what is written by the platform
def issue(
    user: User,
    name: str,
    permissions: Iterable[Permission],
    node: Node,
    *,
    expires_at: dt.datetime,
    actor: str,
    now: dt.datetime,
) -> tuple[str, ApiToken]:
    """Return the secret, which is never shown again, and the token made.

    Raises:
        TokenError: if the name is empty, the end is past or over TOKEN_MAX_DAYS away, or the
            account does not hold one of the permissions on ``node`` by its own roles.
    """
    wanted = frozenset(permissions)
    _check(user, name, wanted, node, expires_at=expires_at, now=now)
    prefix = f"{_MARK}_{secrets.token_hex(4)}"
    secret = f"{prefix}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    with transaction.atomic():
        token = ApiToken.objects.create(
            user=user,
            name=name.strip()[:80],
            prefix=prefix,
            secret_hash=hash_of(secret),
            permissions=sorted(wanted),
            node=node,
            issued_by=actor,
            issued_at=now,
            expires_at=expires_at,
        )
        detail = {
            "account": user.email,
            "name": token.name,
            "prefix": prefix,
            "permissions": sorted(wanted),
            "expires_at": expires_at.isoformat(),
        }
        record(Act("token.issued", "token", str(token.pk), node.pk, detail), actor=actor, now=now)
    return secret, token


@speaking(SYSTEM)  # who may what is written by the platform
def authenticate(secret: str, *, now: dt.datetime) -> Principal:
    """Return who calls; ``last_used_at`` moves at most every five minutes.

    Raises:
        TokenRefusedError: whatever the reason, in the same words.
    """
    token = _find(secret)
    if (
        token is None
        or token.revoked_at is not None
        or token.expires_at <= now
        or not token.user.is_active
    ):
        raise TokenRefusedError(_("jeton refusé : demandez-en un nouveau à qui vous l’a remis"))
    if token.last_used_at is None or now - token.last_used_at >= _USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    known = {permission.value for permission in Permission}
    return Principal(
        user=token.user,
        prefix=token.prefix,
        permissions=frozenset(Permission(name) for name in token.permissions if name in known),
        node_id=token.node_id,
    )


@speaking(SYSTEM)  # who may what is written by the platform
def revoke_token(token: ApiToken, *, actor: str, now: dt.datetime) -> ApiToken:
    """Close a token at once; closed twice, it is the same."""
    with transaction.atomic():
        if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now):
            detail = {"account": token.user.email, "name": token.name, "prefix": token.prefix}
            record(
                Act("token.revoked", "token", str(token.pk), token.node_id, detail),
                actor=actor,
                now=now,
            )
            token.revoked_at = now
    return token


def hash_of(secret: str) -> str:
    """Return what is kept of a high-entropy secret: its SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _find(secret: str) -> ApiToken | None:
    if not secret.startswith(f"{_MARK}_") or len(secret) > _SECRET_MAX or not secret.isascii():
        return None
    found = ApiToken.objects.filter(secret_hash=hash_of(secret))
    return found.select_related("user").first()


def _check(
    user: User,
    name: str,
    wanted: frozenset[Permission],
    node: Node,
    *,
    expires_at: dt.datetime,
    now: dt.datetime,
) -> None:
    if not name.strip():
        raise TokenError(_("donnez un nom au jeton, par exemple celui du logiciel qui l’emploie"))
    if not now < expires_at <= now + dt.timedelta(days=TOKEN_MAX_DAYS):
        raise TokenError(_("un jeton finit dans l’année qui vient ; choisissez une autre fin"))
    if not wanted:
        raise TokenError(_("choisissez au moins un droit"))
    missing = wanted - held_permissions(user, node.pk, on=timezone.localdate(now))
    if missing:
        raise TokenError(
            _("ce compte n’a pas ces droits sur {place} : {rights}").format(
                place=node.name, rights=", ".join(sorted(missing))
            )
        )
