"""Builders of small CSAF documents, of an invented maker."""

from __future__ import annotations

from typing import Any


def branch(
    category: str, name: str, *inner: dict[str, Any], product: str = "", **helper: object
) -> dict[str, Any]:
    made: dict[str, Any] = {"category": category, "name": name}
    if product:
        made["product"] = {"name": f"Full {name}", "product_id": product}
        if helper:
            made["product"]["product_identification_helper"] = helper
    if inner:
        made["branches"] = list(inner)
    return made


def csaf(
    *branches: dict[str, Any], status: dict[str, Any] | None = None, **vulnerability: object
) -> dict[str, Any]:
    return {
        "document": {
            "category": "csaf_security_advisory",
            "csaf_version": "2.0",
            "title": "Acme pumps",
            "publisher": {"category": "vendor", "name": "Acme", "namespace": "https://example.org"},
            "tracking": {
                "id": "ACME-2099-1",
                "initial_release_date": "2099-01-01T00:00:00Z",
                "current_release_date": "2099-02-01T00:00:00Z",
                "status": "final",
                "version": "1",
            },
        },
        "product_tree": {"branches": list(branches)},
        "vulnerabilities": [
            {"cve": "CVE-2099-0005", "product_status": status or {}, **vulnerability}
        ],
    }


PUMP = branch(
    "vendor",
    "Acme (AC)",
    branch(
        "product_name",
        "Pump",
        branch("product_version_range", "< 2.1", product="P-OLD"),
        branch("product_version", "2.1", product="P-NEW"),
    ),
    branch("product_name", "Monitor", branch("product_version_range", "< 5.0", product="M-OLD")),
)
