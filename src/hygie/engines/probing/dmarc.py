"""Read a DMARC policy, its own or its parent's. Sources: RFC 7489 section 6.3, RFC 9989."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_POLICIES: Final = ("none", "quarantine", "reject")


@dataclass(frozen=True, slots=True)
class DmarcRecord:
    """What the record asks for.

    Attributes:
        policy: ``none``, ``quarantine`` or ``reject``; None when it is not readable.
        subdomain_policy: the same for names below; ``policy`` when not stated.
        has_reports: somebody receives aggregate reports.
    """

    policy: str | None
    subdomain_policy: str | None
    has_reports: bool


def is_dmarc(text: str) -> bool:
    """Tell whether a TXT record is a DMARC record: the version comes first, written so."""
    name, _, value = text.partition(";")[0].partition("=")
    return name.strip().lower() == "v" and value.strip() == "DMARC1"


def parse_dmarc(text: str) -> DmarcRecord:
    """Return the policy; an unreadable ``p`` with an address for reports counts as ``none``."""
    tags = {
        name.strip().lower(): value.strip()
        for name, _, value in (part.partition("=") for part in text[:4_096].split(";"))
    }
    has_reports = "mailto:" in tags.get("rua", "").lower()
    policy = _policy(tags.get("p")) or ("none" if has_reports else None)
    return DmarcRecord(policy, _policy(tags.get("sp")) or policy, has_reports)


def _policy(text: str | None) -> str | None:
    value = (text or "").lower()
    return value if value in _POLICIES else None
