"""The request of somebody who signed in, as the views receive it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

from hygie.domain.people.queries import grants_in_force
from hygie.domain.people.roles import GRANTED
from hygie.vocabulary.enums import Role

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from hygie.domain.people.models import Grant, User
    from hygie.domain.people.roles import Permission


class PersonRequest(HttpRequest):
    """What ``login_required`` lets through: ``user`` is an account, ``htmx`` is there."""

    user: User
    htmx: HtmxDetails


def grants_of(request: HttpRequest) -> list[Grant]:
    """Return the roles in force of the person who asks, read once a request."""
    kept: list[Grant] | None = getattr(request, "_grants", None)
    if kept is None:
        kept = list(grants_in_force(request.user)) if request.user.is_authenticated else []
        request._grants = kept  # type: ignore[attr-defined]  # noqa: SLF001 - kept for this request
    return kept


def permissions_of(request: HttpRequest) -> frozenset[Permission]:
    """Return what the person may do somewhere, to choose which menus to show."""
    held: frozenset[Permission] = frozenset()
    return held.union(*(GRANTED[Role(grant.role)] for grant in grants_of(request)))
