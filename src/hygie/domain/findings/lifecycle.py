"""The life of a finding: who may move it from where to where. Pure.

    open ─► taken ─► planned ─► declared ─► verified ─► (seen again) open
      └────────┴────────┴─► accepted ─► (term over, reopened) open
      any of them ─► set aside (not affected because…) ─► (that no longer holds) open
A round alone verifies; a person alone takes, plans, accepts, declares and reopens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from hygie.domain.findings.models import EventKind, State
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

OPEN_STATES: Final = (State.OPEN, State.TAKEN, State.PLANNED, State.DECLARED_FIXED)
"""Weaknesses still there as far as anybody knows, and not accepted."""

LIVE_STATES: Final = (*OPEN_STATES, State.ACCEPTED)
"""Weaknesses still there."""

TRANSITIONS: Final[Mapping[EventKind, tuple[tuple[State, ...], State]]] = {
    EventKind.TAKEN: ((State.OPEN,), State.TAKEN),
    EventKind.PLANNED: ((State.OPEN, State.TAKEN, State.PLANNED), State.PLANNED),
    EventKind.ACCEPTED: ((State.OPEN, State.TAKEN, State.PLANNED), State.ACCEPTED),
    EventKind.DECLARED: ((State.OPEN, State.TAKEN, State.PLANNED), State.DECLARED_FIXED),
    EventKind.REOPENED: (
        (State.TAKEN, State.PLANNED, State.ACCEPTED, State.DECLARED_FIXED),
        State.OPEN,
    ),
    EventKind.EXPIRED: ((State.ACCEPTED,), State.OPEN),
    EventKind.RETURNED: ((State.VERIFIED, State.SET_ASIDE), State.OPEN),
    EventKind.VERIFIED: (LIVE_STATES, State.VERIFIED),
    EventKind.SET_ASIDE: (LIVE_STATES, State.SET_ASIDE),
}


class LifecycleError(UsageError):
    """The finding is not where this action starts."""


def next_state(event: EventKind, state: State) -> State:
    """Return the state after ``event``.

    Raises:
        LifecycleError: if ``event`` does not start from ``state``.
    """
    sources, target = TRANSITIONS[event]
    if state not in sources:
        raise LifecycleError(
            _(
                "impossible : ce constat est « {state} » ; rechargez la page pour voir ce qui a "
                "changé"
            ).format(state=state.label)
        )
    return target


def allowed(state: State) -> frozenset[EventKind]:
    """Return the events that may start from ``state``."""
    return frozenset(event for event, (sources, _) in TRANSITIONS.items() if state in sources)
