"""Make accounts, grant and end roles, tell people; every write leaves its trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from hygie.domain.journal.actions import Act, record
from hygie.domain.people.models import Grant, Notice, User
from hygie.domain.people.rowsecurity.scope import SYSTEM, speaking
from hygie.domain.people.sessions import end_sign_ins

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from hygie.domain.territory.models import Node
    from hygie.vocabulary.enums import Role


def create_account(
    email: str,
    name: str,
    *,
    actor: str,
    now: dt.datetime,
    password: str | None = None,
    is_demo: bool = False,
    is_service: bool = False,
) -> User:
    """Return the account of an address, made if it does not exist.

    A service account has no password: it only holds API tokens.
    """
    known = User.objects.filter(email=email.lower()).first()
    if known is not None:
        return known
    with transaction.atomic():
        user = User.objects.create_user(
            email, password, name=name, is_demo=is_demo, is_service=is_service
        )
        detail = {"demo": is_demo, "service": is_service}
        record(Act("account.created", "user", str(user.pk), None, detail), actor=actor, now=now)
    return user


@speaking(SYSTEM)  # who may what is written by the platform
def grant(user: User, role: Role, node: Node, *, actor: str, now: dt.datetime) -> Grant:
    """Give ``user`` a role on a node from today; given twice, it is the same grant."""
    with transaction.atomic():
        given, new = Grant.objects.get_or_create(
            user=user,
            role=role,
            node=node,
            valid_from=timezone.localdate(now),
            defaults={"granted_by": actor},
        )
        if new:
            detail = {"user": user.email, "role": role}
            record(
                Act("role.granted", "grant", str(given.pk), node.pk, detail), actor=actor, now=now
            )
    return given


@speaking(SYSTEM)  # who may what is written by the platform
def end_grant(given: Grant, *, actor: str, now: dt.datetime) -> Grant:
    """End a role today."""
    with transaction.atomic():
        given.valid_to = max(timezone.localdate(now), given.valid_from)
        given.save(update_fields=["valid_to"])
        detail = {"user": given.user.email, "role": given.role}
        record(
            Act("role.ended", "grant", str(given.pk), given.node_id, detail), actor=actor, now=now
        )
    return given


def close_account(user: User, *, actor: str, now: dt.datetime) -> User:
    """Close an account: its sessions end, its tokens and rights open nothing any more."""
    with transaction.atomic():
        if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
            user.is_active = False
            end_sign_ins(user)
            record(Act("account.closed", "user", str(user.pk)), actor=actor, now=now)
    return user


def reopen_account(user: User, *, actor: str, now: dt.datetime) -> User:
    """Open again an account that was closed; roles still in force come back with it."""
    with transaction.atomic():
        if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
            user.is_active = True
            record(Act("account.reopened", "user", str(user.pk)), actor=actor, now=now)
    return user


@speaking(SYSTEM)  # to others than who asks
def tell(users: Iterable[User], *, key: str, text: str, link: str = "", now: dt.datetime) -> int:
    """Leave a notice once under ``key``; returns how many people had not been told."""
    before = Notice.objects.filter(key=key).count()
    Notice.objects.bulk_create(
        [Notice(user=user, key=key, at=now, text=text[:300], link=link) for user in users],
        ignore_conflicts=True,
    )
    return Notice.objects.filter(key=key).count() - before


@speaking(SYSTEM)
def keep_as_told(user: User, *, key: str, text: str, now: dt.datetime) -> None:
    """Leave a notice already read: what ``key`` names is known, and nobody is disturbed."""
    Notice.objects.get_or_create(
        user=user, key=key, defaults={"at": now, "text": text[:300], "read_at": now}
    )


def mark_read(user: User, *, now: dt.datetime) -> int:
    """Mark every notice of ``user`` as read; returns how many were not."""
    return Notice.objects.filter(user=user, read_at__isnull=True).update(read_at=now)
