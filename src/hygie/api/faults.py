"""What is wrong with a parameter, said in plain words, one fault a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hygie.api.problems import INVALID, ProblemError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ninja.errors import ValidationError

MAX_FAULTS: Final = 20
"""Faults listed; a caller corrects the first ones before reading the thousandth."""

_DEFAULT: Final = gettext_lazy("valeur refusée")
_WORDS: Final = {
    "missing": gettext_lazy("valeur obligatoire absente"),
    "extra_forbidden": gettext_lazy("champ inconnu"),
    "greater_than_equal": gettext_lazy("{ge} au moins"),
    "less_than_equal": gettext_lazy("{le} au plus"),
    "string_too_short": gettext_lazy("{min_length} caractères au moins"),
    "string_too_long": gettext_lazy("{max_length} caractères au plus"),
    "string_pattern_mismatch": gettext_lazy("texte attendu sous la forme {pattern}"),
    "string_type": gettext_lazy("texte attendu"),
    "string_unicode": gettext_lazy("texte mal codé"),
    "enum": gettext_lazy("valeurs permises : {expected}"),
    "literal_error": gettext_lazy("valeurs permises : {expected}"),
    "whole_number": gettext_lazy("nombre entier attendu"),
    "calendar_day": gettext_lazy("date attendue, AAAA-MM-JJ"),
    "yes_or_no": gettext_lazy("true ou false attendu"),
    "list_type": gettext_lazy("liste attendue"),
    "too_long": gettext_lazy("{max_length} éléments au plus"),
    "too_short": gettext_lazy("{min_length} éléments au moins"),
    "model_attributes_type": gettext_lazy("objet JSON attendu"),
    "model_type": gettext_lazy("objet JSON attendu"),
    "dict_type": gettext_lazy("objet JSON attendu"),
}


def fault(place: str, code: str, message: str) -> dict[str, str]:
    """Return one fault as a problem document lists it."""
    return {"place": place, "code": code, "message": message}


def invalid(place: str, code: str, message: str) -> ProblemError:
    """Return the problem of one parameter."""
    return ProblemError(INVALID, message, errors=[fault(place, code, message)])


def as_problem(error: ValidationError) -> ProblemError:
    """Return the problem of parameters that do not validate."""
    faults = list(_faults(error.errors))
    first = faults[0]
    detail = _("{place} : {message}").format(place=first["place"], message=first["message"])
    return ProblemError(INVALID, detail, errors=faults)


def _faults(errors: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, str]]:
    for error in list(errors)[:MAX_FAULTS]:
        words = str(_WORDS.get(error["type"], _DEFAULT))
        context = {key: str(value) for key, value in error.get("ctx", {}).items()}
        yield fault(_place(error["loc"]), error["type"], words.format_map(_Holes(context)))


class _Holes(dict[str, str]):
    """Leave empty what an error does not say."""

    def __missing__(self, key: str) -> str:
        return "…"


def _place(location: Iterable[object]) -> str:
    """Return where the fault is, without the names our code gives to groups of parameters."""
    source, *rest = [str(part) for part in location]
    inside = [part for part in rest if part not in ("filters", "body", "page")]
    return ".".join([source, *inside])
