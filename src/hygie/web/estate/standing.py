"""A mandate with what it allows now, and why not when it does not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from hygie.domain.estate.mandates import is_open, permission_of, standing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrPromise

    from hygie.domain.estate.models import Mandate

_WORDS: Final = {
    "valid": _("en cours"),
    "future": _("à venir"),
    "expired": _("expiré"),
    "revoked": _("révoqué"),
}
_WHY: Final = {
    "future": _("Le mandat n’a pas commencé."),
    "expired": _("Le mandat est expiré : faites-le renouveler par la direction."),
    "revoked": _("Le mandat est révoqué."),
}
_CLOSED: Final = _("Hors des jours et heures prévus : les sondes attendent la prochaine plage.")
DAYS: Final = (
    _("lundi"),
    _("mardi"),
    _("mercredi"),
    _("jeudi"),
    _("vendredi"),
    _("samedi"),
    _("dimanche"),
)


@dataclass(frozen=True, slots=True)
class MandateState:
    """A mandate, its state in words, and why nothing is probed now (empty when it is).

    ``last_day`` is the last day on which it holds: people do not count in half-open spans.
    """

    mandate: Mandate
    state: str
    words: str | _StrPromise
    why_not: str | _StrPromise
    days: str
    last_day: dt.date


def with_standing(mandates: Iterable[Mandate], *, now: dt.datetime) -> list[MandateState]:
    """Return the mandates with their state at ``now``."""
    return [state_of(mandate, now=now) for mandate in mandates]


def state_of(mandate: Mandate, *, now: dt.datetime) -> MandateState:
    """Return one mandate with its state at ``now``."""
    permission = permission_of(mandate)
    found = standing(permission, now)
    closed = _CLOSED if found == "valid" and not is_open(permission, now) else ""
    return MandateState(
        mandate,
        found,
        _WORDS[found],
        _WHY.get(found, closed),
        days_in_words(mandate.days),
        mandate.valid_to - dt.timedelta(days=1),
    )


def days_in_words(days: str) -> str:
    """Return the weekdays of a window ("12345") as people say them."""
    if len(set(days)) == len(DAYS):
        return str(_("tous les jours"))
    return ", ".join(str(DAYS[int(number) - 1]) for number in sorted(set(days)))
