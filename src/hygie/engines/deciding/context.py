"""What a decision stands on: the values of its criteria, and the facts behind each value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from hygie.engines.deciding.impact import impact_from_vector
from hygie.vocabulary.enums import Exploitation, TechnicalImpact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygie.engines.deciding.decision import DecisionPolicy
    from hygie.vocabulary.enums import Criticality, Exposure, Severity
    from hygie.vocabulary.facts import CveFacts

_PROOFS: Final[Mapping[str, frozenset[str]]] = {
    Exploitation.ACTIVE: frozenset({"fact.kev", "fact.kev_ransomware", "fact.stated_active"}),
    Exploitation.POC: frozenset({"fact.stated_poc"}),
}

Branch: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, to be told in either language by ``render_reason``; plain JSON values.

    Attributes:
        code: key of its sentence in the policy's texts.
        params: values for the placeholders of the sentence.
    """

    code: str
    params: Mapping[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Context:
    """What is known when deciding.

    Attributes:
        table: ``vulnerability`` or ``weakness``.
        branch: (criterion, value) pairs in the order of the table.
        grounds: criterion → facts that gave its value.
    """

    table: str
    branch: Branch
    grounds: Mapping[str, tuple[Reason, ...]]

    def told(self, criterion: str, value: str) -> Reason:
        """Return the sentence of one criterion; a mere prediction is never told as a fact."""
        predicted = criterion == "exploitation" and self._is_only_predicted(value)
        return Reason(f"{criterion}.{value}_predicted" if predicted else f"{criterion}.{value}")

    def _is_only_predicted(self, exploitation: str) -> bool:
        facts = {reason.code for reason in self.grounds.get("exploitation", ())}
        proofs = _PROOFS.get(exploitation)
        return bool(facts) and proofs is not None and facts.isdisjoint(proofs)


def context_from_cve(
    facts: CveFacts, *, exposed: Exposure, criticality: Criticality, policy: DecisionPolicy
) -> Context:
    """Return the context of a known vulnerability on one asset.

    Args:
        facts: what the corpus knows of the CVE.
        exposed: who can reach the component, as surveillance saw it; UNKNOWN when nobody looked.
        criticality: what care loses when the asset fails.
        policy: gives the EPSS thresholds.
    """
    exploitation, known = _exploitation(facts, policy)
    impact, seen = _impact(facts)
    branch = (
        ("exploitation", exploitation),
        ("exposure", exposed),
        ("technical_impact", impact),
        ("criticality", criticality),
    )
    grounds = {"exploitation": known, "technical_impact": seen}
    return Context("vulnerability", _plain(branch), grounds)


def context_from_weakness(
    severity: Severity, *, exposed: Exposure, criticality: Criticality
) -> Context:
    """Return the context of a weakness that a grading rule found on one asset."""
    branch = (("severity", severity), ("exposure", exposed), ("criticality", criticality))
    return Context("weakness", _plain(branch), {})


def _plain(branch: tuple[tuple[str, str], ...]) -> Branch:
    return tuple((criterion, str(value)) for criterion, value in branch)


def _exploitation(
    facts: CveFacts, policy: DecisionPolicy
) -> tuple[Exploitation, tuple[Reason, ...]]:
    """Return the worst that any source says: a listing, a statement, or a prediction."""
    claims: list[tuple[Exploitation, Reason]] = []
    if facts.kev_added_on is not None:
        code = "fact.kev_ransomware" if facts.ransomware else "fact.kev"
        reason = Reason(code, {"added_on": facts.kev_added_on.isoformat()})
        claims.append((Exploitation.ACTIVE, reason))
    elif facts.exploitation is not Exploitation.NONE:
        code = f"fact.stated_{facts.exploitation.value}"
        claims.append((facts.exploitation, Reason(code)))
    epss = facts.epss_probability
    if epss is not None and epss >= policy.epss_poc:
        likely = epss >= policy.epss_active
        code = "fact.epss_active" if likely else "fact.epss_poc"
        level = Exploitation.ACTIVE if likely else Exploitation.POC
        claims.append((level, Reason(code, {"probability": epss})))
    if not claims:
        return Exploitation.NONE, (Reason("fact.no_exploitation"),)
    order = tuple(Exploitation)
    worst = min((level for level, _ in claims), key=order.index)
    return worst, tuple(reason for _, reason in claims)


def _impact(facts: CveFacts) -> tuple[TechnicalImpact, tuple[Reason, ...]]:
    """Return the stated impact, else the vector's, else the worst, and say which."""
    if facts.technical_impact is not None:
        return facts.technical_impact, ()
    impact = impact_from_vector(facts.cvss_vector)
    if impact is None:
        return TechnicalImpact.TOTAL, (Reason("fact.impact_assumed"),)
    return impact, (Reason("fact.impact_from_cvss", {"vector": facts.cvss_vector}),)
