"""Notice in free text what should not be there: persons, numbers that name them.

A hint, not a filter: nothing is refused, nobody reads the text for it. Hygie asks for no person
and no health data; this reminds who types in the night.
"""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_SIGNS: Final = (
    (gettext_noop("une adresse de courriel"), re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,}")),
    (
        gettext_noop("un numéro de téléphone"),
        re.compile(r"(?<!\d)(?:\+33|0)[ .-]?[1-9](?:[ .-]?\d\d){4}(?!\d)"),
    ),
    # NIR: sex, year, month, department, commune, order, key.
    (
        gettext_noop("un numéro de sécurité sociale"),
        re.compile(r"(?<!\d)[1278] ?\d\d ?[0-9]\d ?(?:\d\d|2[AB]) ?\d{3} ?\d{3}(?: ?\d\d)?(?!\d)"),
    ),
    (
        gettext_noop("une civilité suivie d’un nom"),
        re.compile(r"\b(?:M\.|Mme|Mlle|Dr|Pr) [A-ZÀ-Þ]"),
    ),
)


def signs_of_persons(*texts: str) -> list[str]:
    """Return what seems to name somebody, in words; empty when nothing does."""
    whole = "\n".join(texts)
    return [_(words) for words, sign in _SIGNS if sign.search(whole)]
