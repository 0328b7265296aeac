"""Badges that a page repeats on each line: rendered once for each value and language."""

from __future__ import annotations

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.translation import get_language


def decision_badge(decision: str) -> str:
    """Return the badge of a decision, as safe HTML."""
    return _rendered("hygie/_decision.html", "decision", decision, get_language() or "")


def grade_badge(letter: str) -> str:
    """Return the badge of a grade, as safe HTML; an empty letter reads "no grade yet"."""
    return _rendered("hygie/_grade.html", "letter", letter, get_language() or "")


@lru_cache(maxsize=128)
def _rendered(template: str, name: str, value: str, language: str) -> str:  # noqa: ARG001 - a key: the words differ
    return render_to_string(template, {name: value})
