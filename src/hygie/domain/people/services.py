"""Service accounts: a program holds a role of its manager, never signs in, and bears tokens.

    account = open_service("Collecte SIEM", Role.RSSI, node, by=manager, now=now)
    secret, token = issue_for(account, "Serveur 1", [Permission.FINDING_READ], node,
                              expires_at=..., by=manager, now=now)

A manager gives a program a role that they hold themselves, at their place or below, and a token
never more than they may do there themselves: nobody climbs by the way of a program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from hygie.domain.people import actions, tokens
from hygie.domain.people.access import administers
from hygie.domain.people.models import ApiToken, Grant, User
from hygie.domain.people.roles import GRANTED, LEVELS, Permission
from hygie.domain.people.scope import grants_held, held_permissions, node_ids_for
from hygie.domain.territory.models import Closure
from hygie.vocabulary.enums import NodeKind, Role
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from hygie.domain.territory.models import Node

FOR_PEOPLE_ONLY: Final = frozenset(
    {
        Permission.MANDATE_SIGN,
        Permission.PEOPLE_READ,
        Permission.PEOPLE_INVITE,
        Permission.PEOPLE_GRANT,
        Permission.DELEGATION_PROPOSE,
        Permission.DELEGATION_ACCEPT,
        Permission.TOKEN_ISSUE,
    }
)
"""What no program is given: a signature, and any right over people or over other programs."""

_DOMAIN: Final = "service.invalid"
_NAME_MAX: Final = 60


class ServiceError(UsageError):
    """A service account cannot be made as it was asked."""


def services_of(manager: User) -> QuerySet[User]:
    """Return the services that hold a role, or bear a token, where ``manager`` issues tokens."""
    nodes = node_ids_for(manager, Permission.TOKEN_ISSUE)
    held = Grant.objects.filter(user=OuterRef("pk"), node_id__in=nodes)
    bears = ApiToken.objects.filter(user=OuterRef("pk"), node_id__in=nodes)
    return User.objects.filter(Exists(held) | Exists(bears), is_service=True)


def service_for(manager: User, service_id: int) -> User:
    """Return a service of ``manager``.

    Raises:
        Http404: if there is none.
    """
    found = services_of(manager).filter(pk=service_id).first()
    if found is None:
        raise Http404
    return found


def offered_roles(manager: User, node: Node, *, on: dt.date) -> tuple[Role, ...]:
    """Return the roles that ``manager`` may give a program on ``node``: their own there."""
    above = Closure.objects.filter(descendant=node, valid_from__lte=on, valid_to__gt=on)
    held = set(
        grants_held(manager, on=on)
        .filter(node_id__in=above.values("ancestor_id"))
        .values_list("role", flat=True)
    )
    return tuple(
        role
        for role in Role
        if role in held
        and Permission.TOKEN_ISSUE in GRANTED[role]
        and NodeKind(node.kind) in LEVELS[role]
    )


def open_service(name: str, role: Role, node: Node, *, by: User, now: dt.datetime) -> User:
    """Return the account made for a program, with its role.

    Its address names its place, so that two hospitals may each have their ``siem``.

    Raises:
        ServiceError: if ``by`` may not give this role there, or the name does not serve.
    """
    if role not in offered_roles(by, node, on=timezone.localdate(now)):
        text = _("vous ne tenez pas cette fonction à ce niveau : {place}")
        raise ServiceError(text.format(place=node.name))
    address = address_of(name, node)
    if User.objects.filter(email=address).exists():
        raise ServiceError(_("un service porte déjà ce nom en ce lieu ; choisissez-en un autre"))
    with transaction.atomic():
        made = actions.create_account(
            address, " ".join(name.split()), actor=by.actor, now=now, is_service=True
        )
        actions.grant(made, role, node, actor=by.actor, now=now)
    return made


def address_of(name: str, node: Node) -> str:
    """Return the address under which the journal names a service of a place.

    Raises:
        ServiceError: if the name has no letter or digit, or is too long.
    """
    short = slugify(name)
    try:
        validate_slug(short)
    except ValidationError as error:
        raise ServiceError(
            _("donnez un nom de lettres et de chiffres, par exemple SIEM")
        ) from error
    if len(name) > _NAME_MAX:
        raise ServiceError(_("donnez un nom de {n} caractères au plus").format(n=_NAME_MAX))
    return f"{short}.{slugify(node.code)}@{_DOMAIN}"


def permissions_for(service: User, node: Node, *, by: User, on: dt.date) -> frozenset[Permission]:
    """Return what a token of ``service`` may open on ``node``, made by ``by``."""
    both = held_permissions(service, node.pk, on=on) & held_permissions(by, node.pk, on=on)
    return both - FOR_PEOPLE_ONLY


def places_of(service: User, *, by: User, on: dt.date) -> list[Grant]:
    """Return the roles in force of ``service`` where ``by`` issues tokens."""
    held = grants_held(service, on=on).filter(node_id__in=node_ids_for(by, Permission.TOKEN_ISSUE))
    return list(held.select_related("node").order_by("node__kind", "node__name", "pk"))


def issue_for(
    service: User,
    name: str,
    permissions: Iterable[Permission],
    node: Node,
    *,
    expires_at: dt.datetime,
    by: User,
    now: dt.datetime,
) -> tuple[str, ApiToken]:
    """Return the secret of a token of ``service``, never shown again, and the token.

    Raises:
        TokenError: if it asks for more than ``permissions_for``, or as ``tokens.issue``.
    """
    wanted = frozenset(permissions)
    allowed = permissions_for(service, node, by=by, on=timezone.localdate(now))
    if wanted - allowed:
        raise tokens.TokenError(
            _("ce service n’a pas ces droits en ce lieu, ou vous ne les avez pas")
        )
    return tokens.issue(service, name, wanted, node, expires_at=expires_at, actor=by.actor, now=now)


def may_close(by: User, service: User, *, on: dt.date) -> bool:
    """Tell whether ``by`` closes a service: they might have opened it, or administer accounts."""
    roles = list(grants_held(service, on=on).select_related("node"))
    own = all(Role(one.role) in offered_roles(by, one.node, on=on) for one in roles)
    return service.is_active and (own or administers(by, service))


def close_service(service: User, *, by: User, now: dt.datetime) -> None:
    """Close a service for good: its account, its roles and its tokens, each in the journal.

    Raises:
        ServiceError: if it is closed, or of a role that ``by`` does not hold.
    """
    today = timezone.localdate(now)
    if not may_close(by, service, on=today):
        raise ServiceError(_("ce service est fermé, ou tient une fonction qui n’est pas la vôtre"))
    with transaction.atomic():
        for token in ApiToken.objects.filter(user=service, revoked_at__isnull=True):
            tokens.revoke_token(token, actor=by.actor, now=now)
        for given in grants_held(service, on=today):
            actions.end_grant(given, actor=by.actor, now=now)
        actions.close_account(service, actor=by.actor, now=now)
