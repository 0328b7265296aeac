"""The decision policy: two tables, the deadlines they point to, and every sentence they need.

Data: ``referentials/policies/decision.yaml``. ``vulnerability`` decides a CVE on four criteria,
in the manner of SSVC; ``weakness`` decides what a grading rule found on three. Each table is a
nested mapping, so that each combination has exactly one outcome.
Source of the manner: https://certcc.github.io/SSVC/ ; the values are Hygie's own.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Final

from hygie.referentials.reading import as_of, load_folder, version_of
from hygie.referentials.section import Section, Words, words_from
from hygie.vocabulary.enums import (
    Criticality,
    Decision,
    Exploitation,
    Exposure,
    Severity,
    TechnicalImpact,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from hygie.referentials.reading import Document

POLICY_ID: Final = "hygie.decision"

CRITERIA: Final[Mapping[str, tuple[str, ...]]] = {
    "exploitation": tuple(Exploitation),
    # What nobody has looked at is feared more than what was seen to be filtered.
    "exposure": (Exposure.OPEN, Exposure.UNKNOWN, Exposure.CONTROLLED, Exposure.SMALL),
    "technical_impact": tuple(TechnicalImpact),
    "severity": tuple(Severity),
    "criticality": tuple(Criticality),
}
"""Values of each criterion, worst first."""

TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "vulnerability": ("exploitation", "exposure", "technical_impact", "criticality"),
    "weakness": ("severity", "exposure", "criticality"),
}
"""Criteria of each table, in the order in which it asks them."""

_UNITS: Final = ("hours", "days")


@dataclass(frozen=True, slots=True)
class OutcomeRung:
    """One possible answer: what to do and by when.

    Attributes:
        id: such as ``act-48h``.
        rank: 0 is the most urgent.
        decision: act, attend or track.
        amount, unit: ``hours`` elapse day and night; ``days`` end at the close of a working day.
        label: such as « AGIR sous 48 heures ».
    """

    id: str
    rank: int
    decision: Decision
    amount: int
    unit: str
    label: Words


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """When a deadline in days may fall.

    Attributes:
        closes_at_hour: local hour at which a working day ends.
        working_days: ISO numbers, 1 is Monday.
        notice_hours: least time that a deadline in days leaves.
    """

    closes_at_hour: int
    working_days: frozenset[int]
    notice_hours: int


@dataclass(frozen=True, slots=True)
class DecisionPolicy:
    """The whole decision policy, one version.

    Attributes:
        id, version: identify it; a decision stores both.
        notice: « Politique de Hygie, non réglementaire. »
        outcomes: most urgent first.
        tables: table → values of its criteria, in order → outcome.
        epss_active, epss_poc: EPSS probability (0-1) from which a flaw is treated as
            exploited, or as having a public exploit.
        working_time: see WorkingTime.
        texts: reason code → sentence with ``{placeholders}``.
        zones: IANA zone → how a deadline names it; the home zone is absent, it needs no name.
        home_zone: zone whose hours go without saying.
    """

    id: str
    version: str
    notice: Words
    outcomes: tuple[OutcomeRung, ...]
    tables: Mapping[str, Mapping[tuple[str, ...], OutcomeRung]]
    epss_active: float
    epss_poc: float
    working_time: WorkingTime
    texts: Mapping[str, Words]
    zones: Mapping[str, Words]
    home_zone: str

    def outcome(self, outcome_id: str) -> OutcomeRung:
        """Return an outcome by its id; KeyError if this version has none."""
        for rung in self.outcomes:
            if rung.id == outcome_id:
                return rung
        raise KeyError(outcome_id)


def decision_policy(*, on: dt.date) -> DecisionPolicy:
    """Return the packaged policy in force on a day."""
    return decision_policy_version(as_of(load_folder("policies"), POLICY_ID, on=on).version)


@cache
def decision_policy_version(version: str) -> DecisionPolicy:
    """Return one packaged version, to replay or to explain an old decision."""
    return read_decision_policy(version_of(load_folder("policies"), POLICY_ID, version))


def read_decision_policy(document: Document) -> DecisionPolicy:
    """Return the policy a document states.

    Raises:
        ReferentialError: naming file and place: a combination without outcome, an unknown
            value, a text without its English, hours longer than the notice of days.
    """
    body = document.content
    body.only("notice", "outcomes", "epss", "working_time", "tables", "texts", "zones", "home_zone")
    outcomes = tuple(_outcome(item, at) for at, item in enumerate(body.sections("outcomes")))
    working_time = _working_time(body.section("working_time"), outcomes)
    tables, epss = body.section("tables"), body.section("epss")
    tables.only(*TABLES)
    return DecisionPolicy(
        id=document.id,
        version=document.version,
        notice=body.words("notice"),
        outcomes=outcomes,
        tables={name: _table(tables.section(name), name, outcomes) for name in TABLES},
        epss_active=epss.number("active", low=0, high=1),
        epss_poc=epss.number("poc", low=0, high=1),
        working_time=working_time,
        texts=_texts(body.section("texts")),
        zones=_flat_words(body.section("zones")),
        home_zone=body.text("home_zone"),
    )


def _outcome(section: Section, rank: int) -> OutcomeRung:
    section.only("id", "decision", "amount", "unit", "label")
    unit = section.text("unit")
    if unit not in _UNITS:
        raise section.error("unit", "« hours » ou « days » attendu")
    return OutcomeRung(
        id=section.text("id"),
        rank=rank,
        decision=section.choice("decision", Decision),
        amount=section.integer("amount", low=1, high=3650),
        unit=unit,
        label=section.words("label"),
    )


def _working_time(section: Section, outcomes: tuple[OutcomeRung, ...]) -> WorkingTime:
    section.only("closes_at_hour", "working_days", "notice_hours")
    days = section.json("working_days")
    if not isinstance(days, list) or not days or not set(days) <= set(range(1, 8)):
        raise section.error("working_days", "jours de 1 (lundi) à 7 attendus")
    notice = section.integer("notice_hours", low=1, high=24 * 14)
    if any(rung.unit == "hours" and rung.amount > notice for rung in outcomes):
        raise section.error("notice_hours", "un délai en heures dépasse ce préavis des jours")
    closing = section.integer("closes_at_hour", low=1, high=23)
    return WorkingTime(closing, frozenset(day for day in days if isinstance(day, int)), notice)


def _table(
    section: Section, name: str, outcomes: tuple[OutcomeRung, ...]
) -> Mapping[tuple[str, ...], OutcomeRung]:
    rungs = {rung.id: rung for rung in outcomes}
    criteria = TABLES[name]
    found = {}
    for values in product(*(CRITERIA[criterion] for criterion in criteria)):
        here = section
        for depth, value in enumerate(values[:-1]):
            here.only(*CRITERIA[criteria[depth]])
            here = here.section(value)
        here.only(*CRITERIA[criteria[-1]])
        outcome_id = here.text(values[-1])
        if outcome_id not in rungs:
            raise here.error(values[-1], f"« {outcome_id} » n’est pas dans « outcomes »")
        found[tuple(str(value) for value in values)] = rungs[outcome_id]
    return found


def _texts(section: Section) -> Mapping[str, Words]:
    found = _flat_words(section)
    for code, words in found.items():
        for text in (words.fr, words.en):
            try:
                names = {name for _, name, _, _ in string.Formatter().parse(text) if name}
            except ValueError as error:
                raise section.error(code, "accolades mal fermées") from error
            if not all(name.isidentifier() for name in names):
                raise section.error(code, "seuls des noms simples vont entre accolades")
    return found


def _flat_words(section: Section) -> Mapping[str, Words]:
    return {name: words_from(section.section(name)) for name in section.content}
