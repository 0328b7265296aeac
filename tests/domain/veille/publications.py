"""Invented bulletins and advisories of the stream."""

from __future__ import annotations

import json


def bulletin(
    reference: str = "CERTFR-2099-AVI-0001",
    *cves: str,
    title: str = "Vulnérabilité dans Essai",
    closed_at: str | None = None,
    revisions: tuple[str, ...] = ("2099-01-02",),
    text: str = "Essai versions antérieures à 2.1",
    vendor: str = "Acme",
) -> bytes:
    return json.dumps(
        {
            "reference": reference,
            "title": title,
            "summary": "Une vulnérabilité a été découverte dans Essai.",
            "content": "",
            "affected_systems": [
                {"description": text, "product": {"name": "Essai", "vendor": {"name": vendor}}}
            ],
            "risks": [{"description": "Exécution de code arbitraire à distance"}],
            "cves": [{"name": cve, "url": ""} for cve in cves],
            "links": [],
            "vendor_advisories": [],
            "revisions": [{"revision_date": day, "description": "Version"} for day in revisions],
            "closed_at": closed_at,
        }
    ).encode()


def kev(*cves: str) -> bytes:
    return json.dumps(
        {
            "title": "CISA Catalog",
            "catalogVersion": "2099.01.02",
            "dateReleased": "2099-01-02T00:00:00.0000Z",
            "count": len(cves),
            "vulnerabilities": [
                {
                    "cveID": cve,
                    "vendorProject": "Acme",
                    "product": "Essai",
                    "vulnerabilityName": "Essai",
                    "dateAdded": "2099-01-02",
                    "shortDescription": "x",
                    "requiredAction": "x",
                    "dueDate": "2099-01-20",
                    "knownRansomwareCampaignUse": "Unknown",
                    "notes": "",
                }
                for cve in cves
            ],
        }
    ).encode()
