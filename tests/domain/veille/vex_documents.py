"""Small invented VEX documents of the three formats."""

from __future__ import annotations

import json

FLAW = "CVE-2099-0001"


def openvex(
    *products: str, status: str = "not_affected", reference: str = "https://acme.example/vex/1"
) -> bytes:
    return json.dumps(
        {
            "@context": "https://openvex.dev/ns/v0.2.0",
            "@id": reference,
            "author": "Acme Santé",
            "timestamp": "2026-02-01T08:00:00Z",
            "version": 1,
            "statements": [
                {
                    "vulnerability": {"name": FLAW},
                    "products": [{"@id": product} for product in products],
                    "status": status,
                    "justification": "vulnerable_code_not_present",
                    "impact_statement": "Le module n’est pas livré.",
                }
            ],
        }
    ).encode()


def cyclonedx(purl: str) -> bytes:
    return json.dumps(
        {
            "bomFormat": "CycloneDX",
            "specVersion": "1.5",
            "serialNumber": "urn:uuid:00000000-0000-4000-8000-000000000001",
            "version": 1,
            "metadata": {"timestamp": "2026-02-01T08:00:00Z"},
            "components": [
                {"type": "library", "bom-ref": "a", "name": "x", "version": "2.1", "purl": purl}
            ],
            "vulnerabilities": [
                {
                    "id": FLAW,
                    "analysis": {"state": "not_affected", "detail": "Non livré."},
                    "affects": [{"ref": "a"}],
                }
            ],
        }
    ).encode()


def csaf(cpe: str) -> bytes:
    return json.dumps(
        {
            "document": {
                "category": "csaf_vex",
                "csaf_version": "2.0",
                "title": "Essai",
                "publisher": {
                    "category": "vendor",
                    "name": "Acme Santé",
                    "namespace": "https://acme.example",
                },
                "tracking": {
                    "id": "ACME-2026-1",
                    "status": "final",
                    "version": "1",
                    "initial_release_date": "2026-02-01T08:00:00Z",
                    "current_release_date": "2026-02-01T08:00:00Z",
                    "revision_history": [
                        {"number": "1", "date": "2026-02-01T08:00:00Z", "summary": "x"}
                    ],
                },
            },
            "product_tree": {
                "full_product_names": [
                    {
                        "product_id": "P1",
                        "name": "Acme PACS 2.1",
                        "product_identification_helper": {"cpe": cpe},
                    }
                ]
            },
            "vulnerabilities": [
                {
                    "cve": FLAW,
                    "product_status": {"known_not_affected": ["P1"]},
                    "flags": [{"label": "vulnerable_code_not_present", "product_ids": ["P1"]}],
                    "threats": [
                        {"category": "impact", "details": "Non livré.", "product_ids": ["P1"]}
                    ],
                }
            ],
        }
    ).encode()
