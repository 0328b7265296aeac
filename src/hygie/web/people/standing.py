"""A delegation with its state in words and what the reader may do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from hygie.domain.people.delegating import may_accept, may_revoke
from hygie.domain.people.roles import Permission
from hygie.domain.people.wording import PERMISSIONS

if TYPE_CHECKING:
    import datetime as dt

    from django.utils.functional import _StrPromise

    from hygie.domain.people.models import Delegation, User

_WORDS: Final = {
    "revoked": _("révoquée"),
    "refused": _("refusée"),
    "over": _("terminée"),
    "waiting": _("attend l’accord du membre"),
    "future": _("accordée, à venir"),
    "open": _("en cours"),
}


@dataclass(frozen=True, slots=True)
class DelegationState:
    """A delegation as its list shows it."""

    delegation: Delegation
    state: str
    words: str | _StrPromise
    rights: tuple[str, ...]
    may_accept: bool
    may_revoke: bool


def standing_of(made: Delegation, user: User, *, on: dt.date) -> DelegationState:
    """Return a delegation with its state on a day."""
    state = _state(made, on)
    live = state in ("waiting", "future", "open")
    return DelegationState(
        delegation=made,
        state=state,
        words=_WORDS[state],
        rights=tuple(
            str(PERMISSIONS[Permission(given.permission)]) for given in made.permissions.all()
        ),
        may_accept=state == "waiting" and may_accept(user, made, on=on),
        may_revoke=live and may_revoke(user, made, on=on),
    )


def _state(made: Delegation, on: dt.date) -> str:
    if made.revoked_at:
        return "revoked" if made.accepted_at else "refused"
    if made.valid_to <= on:
        return "over"
    if not made.accepted_at:
        return "waiting"
    return "future" if made.valid_from > on else "open"
