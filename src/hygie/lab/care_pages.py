"""What care servers of the lab say over the web: a FHIR statement, an empty DICOM search."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from hygie.lab.pages import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _statement(kind: str) -> Page:
    service = [{"coding": [{"code": "SMART-on-FHIR"}]}]
    security = {"security": {"service": service}} if kind == "secured" else {}
    document = {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "software": {"name": "Serveur FHIR inventé", "version": "1.0"},
        "rest": [{"mode": "server", **security}],
    }
    return Page(json.dumps(document), content_type="application/fhir+json")


def _no_study(_kind: str) -> Page:
    return Page("[]", content_type="application/dicom+json")


CARE_PAGES: Final[Mapping[str, Callable[[str], Page]]] = {
    "/fhir/metadata": _statement,
    "/dicom-web/studies": _no_study,
}
"""Each answer by its path; nobody's data is in any of them."""
