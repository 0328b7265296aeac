"""Put a finding in words, from the published policies, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hygie.domain.findings.telling import language, policy_of, rule_of, sentences
from hygie.web.findings.facts import in_words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from hygie.domain.findings.models import Finding
    from hygie.referentials.section import Source

_CRITERIA: Final = {
    "exploitation": gettext_lazy("Exploitation"),
    "exposure": gettext_lazy("Exposition"),
    "technical_impact": gettext_lazy("Impact technique"),
    "severity": gettext_lazy("Gravité"),
    "criticality": gettext_lazy("Criticité pour les soins"),
}
_VALUES: Final = {
    "active": gettext_lazy("en cours"),
    "poc": gettext_lazy("méthode publique"),
    "none": gettext_lazy("aucune connue"),
    "open": gettext_lazy("ouverte sur Internet"),
    "controlled": gettext_lazy("filtrée"),
    "small": gettext_lazy("isolée"),
    "unknown": gettext_lazy("inconnue"),
    "total": gettext_lazy("total"),
    "partial": gettext_lazy("partiel"),
    "vital": gettext_lazy("vitale"),
    "important": gettext_lazy("importante"),
    "support": gettext_lazy("de soutien"),
    "critical": gettext_lazy("critique"),
    "major": gettext_lazy("majeure"),
    "moderate": gettext_lazy("modérée"),
    "minor": gettext_lazy("mineure"),
    "info": gettext_lazy("information"),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything a reader needs to understand and check one finding.

    Attributes:
        title, why: the weakness and what it means for care; ``why`` is empty when unknown.
        steps: what to do, in order.
        reference: text behind the rule, None for a known vulnerability.
        branch: (criterion, value) in words, in the order the policy asked.
        reasons, would_change: sentences.
        policy: name and version of the decision policy, empty before the first decision.
        notice: whose policy this is.
        facts: (name, value) of what was observed.
    """

    title: str
    why: str
    steps: tuple[str, ...]
    reference: Source | None
    branch: tuple[tuple[str | _StrPromise, str | _StrPromise], ...]
    reasons: tuple[str, ...]
    would_change: tuple[str, ...]
    policy: str
    notice: str
    facts: tuple[tuple[str | _StrPromise, str], ...]


def explain(finding: Finding) -> Explanation:
    """Return the finding in words."""
    spoken = language()
    rule = rule_of(finding.rule_id)
    policy = policy_of(finding)
    return Explanation(
        title=rule.title.in_language(spoken) if rule else finding.title,
        why=rule.why.in_language(spoken) if rule else "",
        steps=tuple(step.in_language(spoken) for step in rule.steps) if rule else _update(finding),
        reference=rule.reference if rule else None,
        branch=tuple(
            (_CRITERIA.get(criterion, criterion), _VALUES.get(value, value))
            for criterion, value in finding.branch
        ),
        reasons=tuple(sentences(finding, finding.reasons)),
        would_change=tuple(sentences(finding, finding.would_change)),
        policy=finding.policy_version,
        notice=policy.notice.in_language(spoken),
        facts=tuple(in_words(finding.facts)),
    )


def _update(finding: Finding) -> tuple[str, ...]:
    fixed_in = finding.facts.get("fixed_in")
    first = (
        _("Mettez à jour %(place)s en version %(version)s ou plus récente.")
        % {"place": finding.place or finding.subject, "version": fixed_in}
        if fixed_in
        else _("Demandez à l’éditeur la version corrigée ; d’ici là, isolez l’équipement.")
    )
    return (first, _("Déclarez la correction ici : la ronde suivante la vérifie."))
