from __future__ import annotations

import pytest

from hygie.web.forms import TEXT_MAX, TextFilter


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
