"""The words that several parts of Hygie share; values are stable and stored."""

from __future__ import annotations

from enum import StrEnum


class NodeKind(StrEnum):
    """Levels of the territory, widest first."""

    NATION = "nation"
    ARS = "ars"
    GHT = "ght"
    EJ = "ej"
    ET = "et"


class Role(StrEnum):
    """What a person comes for; DESIGN.md, "The people"."""

    RSSI = "rssi"
    DIRECTOR = "director"
    ARS_OFFICER = "ars"
    CERT_ANALYST = "cert"
    ANSSI_AUDITOR = "anssi"
    MINISTRY = "ministry"
    TRAINER = "trainer"
    ADMIN = "admin"


class Criticality(StrEnum):
    """What care loses when the asset fails, worst first."""

    VITAL = "vital"
    IMPORTANT = "important"
    SUPPORT = "support"


class Severity(StrEnum):
    """How bad a fact is by itself, before any context, worst first."""

    CRITICAL = "critical"
    MAJOR = "major"
    MODERATE = "moderate"
    MINOR = "minor"
    INFO = "info"


class Decision(StrEnum):
    """What the published policy says to do about a finding, most urgent first."""

    ACT = "act"
    ATTEND = "attend"
    TRACK = "track"


class VerdictStatus(StrEnum):
    """Whether a vulnerability touches a component; unknown is never "not affected"."""

    AFFECTED = "affected"
    NOT_AFFECTED = "not_affected"
    UNKNOWN = "unknown"


class Exploitation(StrEnum):
    """SSVC "Exploitation": what is known of attackers using the flaw."""

    ACTIVE = "active"
    POC = "poc"
    NONE = "none"


class Exposure(StrEnum):
    """SSVC "Exposure": who can reach the component."""

    OPEN = "open"
    CONTROLLED = "controlled"
    SMALL = "small"
    UNKNOWN = "unknown"


class TechnicalImpact(StrEnum):
    """SSVC "Technical Impact" of an exploited flaw."""

    TOTAL = "total"
    PARTIAL = "partial"
