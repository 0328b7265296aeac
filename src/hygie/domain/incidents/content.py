"""What is said of an incident: the fields, what is missing, what makes no sense."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from hygie.domain.incidents.kinds import MALICIOUS_KINDS, Danger, Kind, Nature, Operation, Origin
from hygie.engines.clocks.asking import FactKind
from hygie.engines.clocks.regimes import facts_as_of
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygie.domain.incidents.models import Incident
    from hygie.vocabulary.facts import Json

FIELDS: Final = (
    "is_exercise",
    "nature",
    "kind",
    "origin",
    "operation",
    "danger",
    "occurred_at",
    "aware_at",
    "summary",
    "perimeter",
    "measures",
    "support_wanted",
    "answers",
)
"""Columns of Incident that a declarant fills, in the order of the form."""

_CHOICES: Final = {
    "nature": Nature,
    "kind": Kind,
    "origin": Origin,
    "operation": Operation,
    "danger": Danger,
}
CLOCK_SLACK: Final = dt.timedelta(minutes=5)
"""A declarant's clock may be ahead of ours by this much."""


class IncidentError(UsageError):
    """What is asked of this incident makes no sense, or something is missing."""


def checked(changes: Mapping[str, object], *, now: dt.datetime) -> dict[str, object]:
    """Return the changes, refused whole if one of them makes no sense.

    Raises:
        IncidentError: for an unknown field, a choice that does not exist, a time to come, or
            an answer that its question does not know.
    """
    for field, value in changes.items():
        if field not in FIELDS:
            raise IncidentError(_("champ inconnu : %(field)s") % {"field": field})
        if field in _CHOICES and value not in {"", *_CHOICES[field].values}:
            raise IncidentError(_("choix inconnu : %(value)s") % {"value": str(value)[:40]})
        if isinstance(value, dt.datetime) and value > now + CLOCK_SLACK:
            raise IncidentError(_("une heure de l’incident est dans le futur ; corrigez-la"))
    kept = dict(changes)
    answers = kept.get("answers")
    if isinstance(answers, dict):
        kept["answers"] = checked_answers(answers, on=now.date())
    return kept


def checked_answers(answers: Mapping[str, object], *, on: dt.date) -> dict[str, Json]:
    """Return the answers that say something; None, "unknown", is left out.

    Raises:
        IncidentError: for a question or an option that does not exist.
    """
    questions = facts_as_of(on)
    kept: dict[str, Json] = {}
    for name, answer in answers.items():
        question = questions.get(name)
        if question is None:
            raise IncidentError(_("question inconnue : %(name)s") % {"name": str(name)[:40]})
        if answer is None or answer == "":
            continue
        if question.kind is FactKind.YES_NO and isinstance(answer, bool):
            kept[name] = answer
        elif question.kind is FactKind.CHOICE and answer in question.holds:
            kept[name] = str(answer)
        else:
            raise IncidentError(_("réponse inconnue à : %(name)s") % {"name": name})
    return kept


def missing(incident: Incident) -> list[str]:
    """Return what must still be said before declaring, as words of the form."""
    wanted = [
        (incident.kind, _("ce qui s’est passé")),
        (incident.aware_at, _("quand vous l’avez su")),
        (incident.summary.strip(), _("un résumé")),
    ]
    return [words for value, words in wanted if not value]


def disordered(incident: Incident) -> bool:
    """Tell whether it would have been known before it happened."""
    both = incident.occurred_at and incident.aware_at
    return bool(both and incident.occurred_at > incident.aware_at)  # type: ignore[operator]


def answers_of(incident: Incident) -> dict[str, Json]:
    """Return the answers, with those that other fields give: nobody is asked twice."""
    said: dict[str, Json] = {}
    if incident.origin == Origin.MALICIOUS or incident.kind in MALICIOUS_KINDS:
        said["malicious"] = True
    elif incident.origin == Origin.ACCIDENTAL:
        said["malicious"] = False
    if incident.operation in (Operation.DEGRADED, Operation.STOPPED):
        said["operation_disrupted"] = True
    elif incident.operation == Operation.NONE:
        said["operation_disrupted"] = False
    if incident.danger in (Danger.POTENTIAL, Danger.PROVEN):
        said["care_safety_affected"] = True
    elif incident.danger == Danger.NONE:
        said["care_safety_affected"] = False
    return said | dict(incident.answers)


def snapshot(incident: Incident) -> dict[str, Json]:
    """Return everything said, as JSON, for a version and for what is sent."""
    values: dict[str, Json] = {}
    for field in FIELDS:
        value = getattr(incident, field)
        values[field] = value.isoformat() if isinstance(value, dt.datetime) else value
    return values | {"answers": answers_of(incident)}
