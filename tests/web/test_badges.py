"""A badge is the one of its template, in the reader's language."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from hygie.web.badges import decision_badge, grade_badge


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_badge_is_the_one_of_its_template(language: str) -> None:
    with translation.override(language):
        for decision in ("act", "attend", "track", ""):
            told = render_to_string("hygie/_decision.html", {"decision": decision})
            assert decision_badge(decision) == told
        for letter in ("A", "F", ""):
            assert grade_badge(letter) == render_to_string("hygie/_grade.html", {"letter": letter})


def test_each_language_has_its_words() -> None:
    with translation.override("fr"):
        french = decision_badge("act")
    with translation.override("en"):
        english = decision_badge("act")

    assert "Agir" in french
    assert "Agir" not in english
