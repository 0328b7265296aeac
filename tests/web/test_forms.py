from __future__ import annotations

import datetime as dt

import pytest
from django import forms as django_forms

from hygie.web.forms import TEXT_MAX, DayInput, TextFilter


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ({"q": "  aurore "}, "aurore"),
        ({}, ""),
        ({"q": "x" * TEXT_MAX}, "x" * TEXT_MAX),
        ({"q": "x" * (TEXT_MAX + 1)}, ""),
        ({"q": "a\x00b"}, ""),
    ],
    ids=["spaces around", "nothing", "the longest", "too long", "a null byte"],
)
def test_a_text_that_cannot_be_searched_narrows_nothing(typed: dict[str, str], text: str) -> None:
    assert TextFilter(typed).text() == text


def test_a_calendar_is_given_its_day_as_browsers_read_it() -> None:
    field = django_forms.DateField(widget=DayInput())

    shown = field.widget.render("on", dt.date(2026, 11, 27))

    assert 'type="date"' in shown
    assert 'value="2026-11-27"' in shown
