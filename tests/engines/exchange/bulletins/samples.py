"""Bulletins of an invented publisher about invented products."""

from __future__ import annotations

import datetime as dt
from typing import Final

from hygie.engines.exchange.bulletins.document import (
    Action,
    AffectedProduct,
    Bulletin,
    Flaw,
    Publisher,
    Reference,
    Revision,
    VersionRange,
)
from hygie.engines.exchange.bulletins.indicators import Indicator, IndicatorKind
from hygie.vocabulary.enums import Severity
from hygie.vocabulary.tlp import Tlp

NOON: Final = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
PUBLISHER: Final = Publisher(
    "Centre d’essai", "https://hygie.example", "mailto:alerte@hygie.example"
)
INDICATORS: Final = (
    Indicator(IndicatorKind.IPV4, "192.0.2.7", NOON, NOON + dt.timedelta(days=30), "serveur C2"),
    Indicator(IndicatorKind.IPV6, "2001:db8::7", NOON),
    Indicator(IndicatorKind.DOMAIN, "evil.example", NOON),
    Indicator(IndicatorKind.URL, "https://evil.example/it's?a=1", NOON),
    Indicator(IndicatorKind.EMAIL, "facture@evil.example", NOON),
    Indicator(IndicatorKind.MD5, "0" * 32, NOON),
    Indicator(IndicatorKind.SHA1, "1" * 40, NOON),
    Indicator(IndicatorKind.SHA256, "a" * 64, NOON),
    Indicator(IndicatorKind.FILENAME, "facture\\tmp.exe", NOON),
)


def bulletin(**changed: object) -> Bulletin:
    """Return an alert with everything in it, but for what is changed."""
    fields: dict[str, object] = {
        "number": "ESSAI-2026-ALE-001",
        "title": "Faille exploitée dans Passerelle",
        "tlp": Tlp.GREEN,
        "severity": Severity.CRITICAL,
        "publisher": PUBLISHER,
        "summary": "Une faille de Passerelle est exploitée.\nElle ouvre sans mot de passe.",
        "revisions": (
            Revision(1, NOON, "Première version"),
            Revision(2, NOON + dt.timedelta(hours=3), "Versions corrigées ajoutées"),
        ),
        "url": "https://hygie.example/alertes/ESSAI-2026-ALE-001/",
        "products": (
            AffectedProduct(
                "Acme",
                "Passerelle",
                (VersionRange("2.0", "2.4"), VersionRange("1.9", "1.9", end_included=True)),
                ("2.4",),
                "cpe:2.3:a:acme:passerelle:*:*:*:*:*:*:*:*",
            ),
            AffectedProduct("Acme", "Relais"),
        ),
        "flaws": (
            Flaw("CVE-2026-99901", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", exploited=True),
            Flaw(
                "CVE-2026-99902",
                "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
            ),
        ),
        "actions": (
            Action("Passer à la version 2.4.", NOON + dt.timedelta(days=2), is_fix=True),
            Action("Fermer l’accès depuis Internet."),
        ),
        "references": (Reference("https://acme.example/avis/1", "Avis d’Acme"),),
        "indicators": INDICATORS,
    }
    return Bulletin(**(fields | changed))  # type: ignore[arg-type]
