"""Why a question got no answer, in the words of the vocabulary. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygie.engines.probing.errors import ProbeError
from hygie.vocabulary.facts import NotObserved

if TYPE_CHECKING:
    import datetime as dt


def not_observed(
    subject: str, probe: str, error: ProbeError | OSError, now: dt.datetime
) -> NotObserved:
    """Say why a question got no answer, in the words of the vocabulary."""
    reason, detail = _reason(error)
    return NotObserved(subject=subject, probe=probe, reason=reason, detail=detail, at=now)


def _reason(error: ProbeError | OSError) -> tuple[str, str]:
    match error:
        case ProbeError():
            return error.reason, str(error)
        case TimeoutError():
            return "timeout", "pas de réponse dans le temps donné"
        case ConnectionRefusedError():
            return "refused", "connexion refusée"
        case ConnectionError():
            return "protocol", "le service a coupé la connexion"
        case _:
            return "unreachable", "machine injoignable"
