from __future__ import annotations

import pytest
from django.utils import translation

from hygie.domain.findings.models import Event, EventKind
from hygie.web.findings.history import words_of_event


@pytest.mark.parametrize(
    ("kind", "detail", "words"),
    [
        (EventKind.PLANNED, {"planned_on": "2026-03-04"}, "pour le 4 mars 2026"),
        (EventKind.PLANNED, {"planned_on": "bientôt"}, "pour le bientôt"),
        (
            EventKind.ACCEPTED,
            {"accepted_until": "2026-03-04", "accepted_reason": "remplacé"},
            "jusqu’au 4 mars 2026 – remplacé",
        ),
        (EventKind.EXPIRED, {"until": "2026-03-04"}, "acceptée jusqu’au 4 mars 2026"),
        (EventKind.SEEN, {}, ""),
    ],
)
def test_an_event_says_what_it_changed(kind: str, detail: dict[str, str], words: str) -> None:
    assert words_of_event(Event(kind=kind, detail=detail)) == words


def test_a_first_decision_has_no_before() -> None:
    with translation.override("fr"):
        first = words_of_event(Event(kind=EventKind.DECIDED, detail={"from": "", "to": "act"}))
        changed = words_of_event(
            Event(kind=EventKind.DECIDED, detail={"from": "track", "to": "act"})
        )

    assert first
    assert changed.endswith(f" → {first}")
    assert changed != f" → {first}"
