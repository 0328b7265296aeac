"""Write a bulletin as a CSAF 2.0 document.

CSAF 2.0 knows TLP 1.0: CLEAR is written WHITE and AMBER+STRICT is written AMBER, the label of
TLP 2.0 stands in ``distribution.text``. It knows CVSS up to 3.1: a 4.0 vector stands in a note.
Source: https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hygie.engines.exchange.bulletins.csaf_flaws import vulnerabilities
from hygie.engines.exchange.bulletins.csaf_products import ProductTree
from hygie.engines.exchange.bulletins.writing import encoded, stamp
from hygie.vocabulary.enums import Severity
from hygie.vocabulary.tlp import Tlp

if TYPE_CHECKING:
    from hygie.engines.exchange.bulletins.document import Bulletin

_LABELS: Final = {Tlp.CLEAR: "WHITE", Tlp.AMBER_STRICT: "AMBER"}
_SEVERITIES: Final = {
    Severity.CRITICAL: "Critique",
    Severity.MAJOR: "Majeure",
    Severity.MODERATE: "Modérée",
    Severity.MINOR: "Mineure",
    Severity.INFO: "Information",
}


def write_csaf(bulletin: Bulletin) -> bytes:
    """Return the document, UTF-8 JSON, the same bytes for the same bulletin.

    With products and CVE it is a ``csaf_security_advisory``; otherwise a ``csaf_base``, the
    profile that demands neither.
    """
    tree = ProductTree(bulletin.products)
    advisory = bool(bulletin.flaws and bulletin.products) and not bulletin.withdrawn
    document: dict[str, Any] = {"document": _document(bulletin, advisory=advisory)}
    if advisory:
        document["product_tree"] = tree.as_json()
        document["vulnerabilities"] = vulnerabilities(bulletin, tree)
    return encoded(document)


def _document(bulletin: Bulletin, *, advisory: bool) -> dict[str, Any]:
    publisher = bulletin.publisher
    contact = {"contact_details": publisher.contact} if publisher.contact else {}
    return {
        "category": "csaf_security_advisory" if advisory else "csaf_base",
        "csaf_version": "2.0",
        "title": f"{bulletin.title} (retiré)" if bulletin.withdrawn else bulletin.title,
        "lang": "fr",
        "aggregate_severity": {"text": _SEVERITIES[bulletin.severity]},
        "distribution": {
            "text": f"{bulletin.tlp} (TLP 2.0)",
            "tlp": {
                "label": _LABELS.get(bulletin.tlp, bulletin.tlp.removeprefix("TLP:")),
                "url": "https://www.first.org/tlp/",
            },
        },
        "publisher": {
            "category": "coordinator",
            "name": publisher.name,
            "namespace": publisher.namespace,
        }
        | contact,
        "notes": _notes(bulletin),
        "references": [
            {
                "category": "self" if number == 0 else "external",
                "summary": link.title,
                "url": link.url,
            }
            for number, link in enumerate(bulletin.links())
        ],
        "tracking": _tracking(bulletin),
    }


def _notes(bulletin: Bulletin) -> list[dict[str, str]]:
    notes = [{"category": "summary", "title": "Résumé", "text": bulletin.summary}]
    if bulletin.actions:
        notes.append(
            {
                "category": "general",
                "title": "Mesures attendues",
                "text": "\n".join(
                    f"- {action.text}"
                    + (f" (avant le {stamp(action.due_at)})" if action.due_at else "")
                    for action in bulletin.actions
                ),
            }
        )
    return notes


def _tracking(bulletin: Bulletin) -> dict[str, Any]:
    return {
        "id": bulletin.number,
        "status": "final",
        "version": str(bulletin.revisions[-1].number),
        "initial_release_date": stamp(bulletin.published_at),
        "current_release_date": stamp(bulletin.updated_at),
        "generator": {"engine": {"name": "Hygie"}},
        "revision_history": [
            {
                "number": str(revision.number),
                "date": stamp(revision.at),
                "summary": revision.summary,
            }
            for revision in bulletin.revisions
        ],
    }
