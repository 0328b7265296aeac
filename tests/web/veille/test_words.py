from __future__ import annotations

import pytest

from hygie.domain.veille.concerning import Answer, Concern, Why
from hygie.web.veille.words import ICONS, headline, reason


@pytest.mark.parametrize(
    ("concern", "words"),
    [
        (
            Concern(Answer.CONCERNED, Why.FINDINGS, 3, 1, 2),
            "Vous concerne (3 équipements, 1 exposé)",
        ),
        (Concern(Answer.CONCERNED, Why.FINDINGS, 1, 0, 1), "Vous concerne (1 équipement)"),
        (Concern(Answer.PERHAPS, Why.OPEN_VERDICT, 1), "Peut-être"),
        (Concern(Answer.NOT, Why.NO_PRODUCT), "Ne vous concerne pas"),
        (Concern(Answer.UNKNOWN, Why.NO_ESTATE), "On ne sait pas"),
    ],
)
def test_each_answer_has_its_words(concern: Concern, words: str) -> None:
    assert headline(concern) == words


@pytest.mark.parametrize("why", list(Why))
def test_each_reason_is_a_sentence(why: Why) -> None:
    said = reason(Concern(Answer.PERHAPS, why, 2, 0, 2, "100 % Acme"))

    assert said
    assert "%(" not in said


def test_each_answer_has_its_icon() -> None:
    assert set(ICONS) == set(Answer)
