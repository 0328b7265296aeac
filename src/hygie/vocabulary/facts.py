"""Facts that travel between engines, domain and delivery: frozen, without behaviour.

A fact never judges. ``engines.deciding`` judges, from these and a policy file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from hygie.vocabulary.enums import Exploitation, TechnicalImpact, VerdictStatus

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

EVIDENCE_MAX_BYTES = 4096
"""Evidence is cut here: enough to show, too little to hoard."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One question was put to one subject, and this was the answer.

    Attributes:
        subject: what was asked, as a person would write it: a domain name
            (``ch-val.example``), or ``host:port`` for a service.
        probe: the question, such as ``dns``, ``mail``, ``tls``, ``http``, ``tcp``, ``dicom``,
            ``mllp``; the whole list is ``engines.probing.passes.ALL_PROBES``.
        value: the facts read from the answer, plain JSON values; keys are fixed by the probe
            and documented in its module.
        evidence: the bytes (or their beginning) that prove the value, at most
            EVIDENCE_MAX_BYTES.
        at: aware UTC time of the answer.
        confidence: 0 to 1; 1 when the protocol itself states the fact.
        product: ``vendor/product`` read from a banner, lower case, when one was recognised.
        version: its version text, as written.
    """

    subject: str
    probe: str
    value: Mapping[str, Json]
    evidence: bytes
    at: dt.datetime
    confidence: float = 1.0
    product: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class NotObserved:
    """The question got no answer; this says nothing good and nothing bad of the subject.

    Attributes:
        subject: as in Observation.
        probe: as in Observation.
        reason: one of ``timeout``, ``refused``, ``filtered`` (hidden while the machine answers
            elsewhere), ``unreachable``, ``unresolved``, ``protocol``, ``forbidden`` (outside
            the mandate), ``stopped``.
        detail: one French line for the screen.
        at: aware UTC time.
    """

    subject: str
    probe: str
    reason: str
    detail: str
    at: dt.datetime


Outcome: TypeAlias = Observation | NotObserved

ABSENT_REASONS = frozenset({"refused", "filtered"})
"""Reasons that say of a port: strangers find nothing there. What was seen there is gone."""


@dataclass(frozen=True, slots=True)
class Component:
    """A piece of software, firmware or hardware that an inventory declares.

    Attributes:
        name: as the inventory writes it.
        version: as written, empty when the inventory gives none.
        purl: package URL with its version, when given.
        cpe: CPE 2.3 formatted string, when given (2.2 URIs are rewritten).
        vendor: supplier, publisher or group, empty when unknown.
        kind: CycloneDX type: application, library, operating-system, firmware, device,
            container, framework, file...
        ref: identifier of the component inside its document.
    """

    name: str
    version: str = ""
    purl: str | None = None
    cpe: str | None = None
    vendor: str = ""
    kind: str = "library"
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one CVE touches one component, and why.

    Attributes:
        cve_id: ``CVE-YYYY-NNNN``.
        status: affected, not_affected or unknown.
        reason: one French line, such as ``9.1 ≤ 12.1-55.297 < 12.1-55.300 (NVD)``.
        product: the identity under which the match was made (``vendor/product`` or a purl
            without version).
        range: the range that decided, as text; empty for "every version".
        source: where the range comes from: ``nvd``, ``cna``, ``cisa-adp``, ``starter``...
        confidence: 0 to 1; below 1 when the product was recognised through an alias or a name.
        fixed_in: first version known to be fixed, empty when unknown.
    """

    cve_id: str
    status: VerdictStatus
    reason: str
    product: str
    range: str
    source: str
    confidence: float = 1.0
    fixed_in: str = ""


@dataclass(frozen=True, slots=True)
class CveFacts:
    """What the corpus knows of one CVE, whatever it touches.

    Attributes:
        cve_id: ``CVE-YYYY-NNNN``.
        description: English or French text, at most 600 characters.
        cvss_score: 0 to 10, None when no source gives one.
        cvss_vector: the vector the score comes from, empty when none.
        epss_probability: 0 to 1, None when unknown.
        kev_added_on: date CISA listed it as exploited, None when it is not listed.
        ransomware: True when CISA knows ransomware groups use it, None when unknown.
        exploitation: SSVC value stated or derived from KEV.
        technical_impact: SSVC value stated or derived from the CVSS vector, None when unknown.
        published_on: date of first publication, None when unknown.
        sources: where these facts come from, sorted.
    """

    cve_id: str
    description: str
    cvss_score: float | None
    cvss_vector: str
    epss_probability: float | None
    kev_added_on: dt.date | None
    ransomware: bool | None
    exploitation: Exploitation
    technical_impact: TechnicalImpact | None
    published_on: dt.date | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchRow:
    """One line of a matching result: a component, one CVE's verdict on it, and the CVE itself.

    Attributes:
        component: the component as its inventory declares it.
        verdict: what the matching says of it for one CVE, and why.
        facts: what the corpus knows of that CVE, None when it knows nothing more.
    """

    component: Component
    verdict: Verdict
    facts: CveFacts | None = None
