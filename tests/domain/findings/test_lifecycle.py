from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.domain.findings.lifecycle import (
    LIVE_STATES,
    TRANSITIONS,
    LifecycleError,
    allowed,
    next_state,
)
from hygie.domain.findings.models import EventKind, State


def test_only_a_round_verifies_and_only_live_findings() -> None:
    assert TRANSITIONS[EventKind.VERIFIED] == (LIVE_STATES, State.VERIFIED)


def test_a_verified_finding_can_only_return() -> None:
    assert allowed(State.VERIFIED) == {EventKind.RETURNED}


@pytest.mark.parametrize("state", [s for s in State if s != State.ACCEPTED])
def test_only_an_acceptance_expires(state: State) -> None:
    with pytest.raises(LifecycleError):
        next_state(EventKind.EXPIRED, state)


@given(st.sampled_from(sorted(TRANSITIONS)), st.sampled_from(State))
def test_every_event_moves_or_is_refused_with_a_sentence(event: EventKind, state: State) -> None:
    if event in allowed(state):
        assert next_state(event, state) in State
    else:
        with pytest.raises(LifecycleError, match=str(state.label)):
            next_state(event, state)


@given(st.lists(st.sampled_from(sorted(TRANSITIONS)), max_size=12))
def test_no_path_leaves_the_known_states(events: list[EventKind]) -> None:
    state = State.OPEN
    for event in events:
        if event in allowed(state):
            state = next_state(event, state)

    assert state in State
    assert allowed(state)
