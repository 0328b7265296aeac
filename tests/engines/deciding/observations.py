"""Observations for the tests of this folder, and the packaged policies they are judged by."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from hygie.engines.deciding.exposure import exposure_policy
from hygie.vocabulary.facts import NotObserved, Observation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygie.vocabulary.facts import Json, Outcome

NOW = dt.datetime(2026, 1, 15, 9, tzinfo=dt.UTC)
"""The time at which the examples of the policy are written to be judged."""

POLICY = exposure_policy(on=dt.date(2026, 11, 25))


def observed(probe: str, value: Mapping[str, Json], subject: str = "ch-val.example") -> Observation:
    return Observation(subject, probe, value, b"", NOW)


def silent(probe: str, subject: str = "ch-val.example") -> NotObserved:
    return NotObserved(subject, probe, "timeout", "pas de réponse", NOW)


_EXAMPLES = [
    (rule.probe, value)
    for rule in POLICY.rules
    for value in (*rule.weak_examples, *rule.sound_examples)
]
_SUBJECTS = st.sampled_from(["a.example", "b.example", "c.example"])


def outcomes() -> st.SearchStrategy[Outcome]:
    """Anything a round may bring: the policy's own examples, and silence."""
    seen = st.builds(
        lambda example, subject: observed(example[0], example[1], subject),
        st.sampled_from(_EXAMPLES),
        _SUBJECTS,
    )
    probes = sorted({rule.probe for rule in POLICY.rules})
    return seen | st.builds(silent, st.sampled_from(probes), _SUBJECTS)
