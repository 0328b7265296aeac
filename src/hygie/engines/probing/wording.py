"""Small French words for facts: yes and no, lists, days, certificates. Pure."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

Line = tuple[str, str]
UNKNOWN: Final = "non déterminé"


def yes(value: object, yes: str = "oui", no: str = "non") -> str:
    """Return one of two words, or that nobody knows."""
    return UNKNOWN if value is None else (yes if value else no)


def listed(values: Any, nothing: str = "aucun") -> str:  # noqa: ANN401 - JSON
    """Return values on one line, ``nothing`` when there is none."""
    if values is None:
        return UNKNOWN
    return ", ".join(str(value) for value in values) if values else nothing


def day(moment: str) -> str:
    """Return an ISO moment as a French day."""
    return f"{dt.datetime.fromisoformat(moment):%d/%m/%Y}"


def certificate_lines(certificate: Mapping[str, Any] | None) -> list[Line]:
    """Return what a certificate says."""
    if certificate is None:
        return [("Certificat", UNKNOWN)]
    dates = f"du {day(certificate['not_before'])} au {day(certificate['not_after'])}"
    key = f"{certificate['key_type']} {certificate['key_bits']} bits"
    signature = f"signé en {certificate['signature_hash']}" if certificate["signature_hash"] else ""
    origin = "autosigné" if certificate["self_signed"] else f"émis par {certificate['issuer']}"
    return [
        ("Certificat", f"valable {dates}, {origin}"),
        ("Clé", ", ".join(part for part in (key, signature) if part)),
        ("Nom couvert", yes(certificate["name_matches"])),
        ("Autorité reconnue", _recognised(certificate)),
    ]


def _recognised(certificate: Mapping[str, Any]) -> str:
    reason = certificate.get("trust_reason")
    return f"{yes(certificate['trusted'])} : {reason}" if reason else yes(certificate["trusted"])
