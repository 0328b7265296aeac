"""The questions of the regimes as the form shows them, grouped as people think of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from hygie.domain.findings.telling import language
from hygie.domain.incidents.content import answers_of
from hygie.domain.incidents.duties import day_of
from hygie.engines.clocks.asking import FactKind
from hygie.engines.clocks.regimes import facts_as_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict
    from django.utils.functional import _StrPromise

    from hygie.domain.incidents.models import Incident
    from hygie.engines.clocks.asking import Fact
    from hygie.vocabulary.facts import Json

PREFIX: Final = "fact_"
YES, NO = "yes", "no"

_GROUPS: Final = (
    (
        _("Soins, données, systèmes"),
        ("health_data_affected", "care_organisation_affected", "may_spread", "loss_suspected"),
    ),
    (
        _("Données personnelles"),
        (
            "personal_data_breach",
            "risk_to_persons",
            "high_risk_to_persons",
            "processes_for_others",
        ),
    ),
    (
        _("Opérateur de services essentiels, NIS 2"),
        (
            "is_ose",
            "sie_affected",
            "essential_service_impact",
            "nis2_entity",
            "nis2_important_incident",
            "is_oiv",
            "siiv_affected",
        ),
    ),
    (
        _("Patient, dispositif médical, hébergement, assurance"),
        (
            "serious_adverse_event",
            "device_involved",
            "device_serious_risk",
            "is_hds_host",
            "hosted_data_affected",
            "cyber_insured",
            "structure_kind",
        ),
    ),
)
# Other fields of the form already say these.
_SAID_ELSEWHERE: Final = frozenset({"malicious", "operation_disrupted", "care_safety_affected"})


@dataclass(frozen=True, slots=True)
class Question:
    """One question; ``value`` is that of the option chosen, empty while unknown."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str


@dataclass(frozen=True, slots=True)
class Group:
    """Questions under one heading; ``answered`` of them have an answer."""

    title: str | _StrPromise
    questions: tuple[Question, ...]
    answered: int


def groups_for(incident: Incident) -> list[Group]:
    """Return every question of the day of the incident, whatever no group names last."""
    facts = facts_as_of(day_of(incident))
    answers = answers_of(incident)
    grouped = {name for _title, names in _GROUPS for name in names} | _SAID_ELSEWHERE
    rest = tuple(name for name in facts if name not in grouped)
    groups = [*_GROUPS, (_("Autres questions"), rest)] if rest else list(_GROUPS)
    return [
        _group(title, [facts[name] for name in names if name in facts], answers)
        for title, names in groups
    ]


def answers_from(posted: QueryDict, facts: Mapping[str, Fact]) -> dict[str, object]:
    """Return the answers of a posted form; empty is unknown, what is not asked is left out."""
    answers: dict[str, object] = {}
    for name, fact in facts.items():
        value = posted.get(PREFIX + name)
        if value is None:
            continue
        if fact.kind is FactKind.YES_NO:
            answers[name] = {YES: True, NO: False}.get(value)
        else:
            answers[name] = value or None
    return answers


def _group(title: str | _StrPromise, facts: list[Fact], answers: Mapping[str, Json]) -> Group:
    questions = tuple(_question(fact, answers.get(fact.id)) for fact in facts)
    return Group(title, questions, sum(1 for one in questions if one.value))


def _question(fact: Fact, answer: Json) -> Question:
    if fact.kind is FactKind.YES_NO:
        options: tuple[tuple[str, str], ...] = ((YES, str(_("Oui"))), (NO, str(_("Non"))))
        value = "" if not isinstance(answer, bool) else (YES if answer else NO)
    else:
        options = tuple((key, words.in_language(language())) for key, words in fact.holds.items())
        value = str(answer or "")
    return Question(PREFIX + fact.id, fact.question.in_language(language()), options, value)
