"""The SBOMs of the invented applications, as CycloneDX 1.6 JSON documents.

Source: https://cyclonedx.org/docs/1.6/json/
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any, Final

from hygie.lab.documents import read_document
from hygie.vocabulary.purl import parse_purl

if TYPE_CHECKING:
    from hygie.lab.estate import LabAsset

_NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_DNS, "lab-dns.example")
_MADE_AT: Final = "2026-01-05T08:00:00Z"


def render_sbom(asset: LabAsset) -> bytes:
    """Return the SBOM of an asset; the same bytes each time.

    Raises:
        KeyError: if the asset has no SBOM.
    """
    rows = read_document("estate.yaml")["sboms"][asset.sbom]["components"]
    root = {
        "type": "application",
        "bom-ref": f"urn:hygie-lab:{asset.sbom}",
        "supplier": {"name": asset.vendor},
        "name": asset.model,
        "version": asset.version,
    }
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_NAMESPACE, str(asset.sbom))}",
        "version": 1,
        "metadata": {"timestamp": _MADE_AT, "component": root},
        "components": [_component(row) for row in rows],
        "dependencies": [{"ref": root["bom-ref"], "dependsOn": [row["purl"] for row in rows]}],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _component(row: dict[str, str]) -> dict[str, Any]:
    purl = parse_purl(row["purl"])
    return {
        "type": "library",
        "bom-ref": row["purl"],
        **({"group": purl.namespace} if purl.namespace else {}),
        "name": purl.name,
        "version": purl.version,
        **({"cpe": row["cpe"]} if "cpe" in row else {}),
        "purl": row["purl"],
    }
