from __future__ import annotations

import pytest

from hygie.web.incidents.forms import ConclusionForm, DeclarationForm, IncidentFilter


def test_no_form_asks_for_a_person() -> None:
    names = set(DeclarationForm.base_fields)

    assert not names & {"name", "person", "phone", "email", "patient", "contact"}


def test_what_cannot_be_read_does_not_narrow() -> None:
    assert IncidentFilter({"state": "castle", "q": "x"}).narrowing() == {
        "text": "x",
        "state": "",
        "kind": "",
    }


@pytest.mark.parametrize(("typed", "cents"), [("", None), ("0.10", 10), ("12", 1200)])
def test_a_cost_is_in_cents(typed: str, cents: int | None) -> None:
    form = ConclusionForm({"cost": typed})

    assert form.is_valid()
    assert form.cents() == cents
