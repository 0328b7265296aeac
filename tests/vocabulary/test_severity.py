from __future__ import annotations

import pytest

from hygie.vocabulary.enums import Severity
from hygie.vocabulary.severity import severity_of_score


@pytest.mark.parametrize(
    ("score", "word"),
    [
        (10.0, Severity.CRITICAL),
        (9.0, Severity.CRITICAL),
        (8.9, Severity.MAJOR),
        (7.0, Severity.MAJOR),
        (6.9, Severity.MODERATE),
        (4.0, Severity.MODERATE),
        (3.9, Severity.MINOR),
        (0.1, Severity.MINOR),
        (0.0, Severity.INFO),
    ],
)
def test_a_score_is_the_word_of_its_step_bounds_included(score: float, word: Severity) -> None:
    assert severity_of_score(score) == word


def test_an_unknown_score_is_never_mild() -> None:
    assert severity_of_score(None) == Severity.MAJOR
