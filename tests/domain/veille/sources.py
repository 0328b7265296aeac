"""A folder of invented sources, as an operator would give it."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import zstandard
from tests.engines.corpus.records_of import any_of, cpe, line, matches

if TYPE_CHECKING:
    from pathlib import Path

KEV = {
    "dateReleased": "2026-01-29T20:24:37Z",
    "vulnerabilities": [
        {
            "cveID": "CVE-2024-0001",
            "vendorProject": "Acme",
            "product": "Box",
            "dateAdded": "2024-10-18",
            "shortDescription": "A flaw.",
            "knownRansomwareCampaignUse": "Known",
        }
    ],
}
EPSS = (
    "#model_version:v1,score_date:2026-01-30T12:55:00Z\ncve,epss,percentile\n"
    "CVE-2024-0001,0.9,0.99\nCVE-1999-9999,0.1,0.5\n"
)
BOX = line(
    configurations=[any_of(matches(cpe("box"), versionEndExcluding="2.0"))],
    description="A flaw in the box.",
    cvss={"v3": {"vector": "CVSS:3.1/C:H/I:H/A:H", "score": 9.8}},
    as_of="2026-01-15",
)


def write_sources(folder: Path, *, cve: str = BOX) -> Path:
    """Write the three sources, in sub-folders and compressed, beside files of no interest."""
    for name in ("cve", "kev", "epss"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "cve" / "cve.jsonl.zst").write_bytes(zstandard.compress(cve.encode() + b"\n"))
    (folder / "kev" / "known_exploited_vulnerabilities.json").write_text(json.dumps(KEV))
    (folder / "epss" / "epss_scores-2026-01-30.csv.gz").write_bytes(gzip.compress(EPSS.encode()))
    (folder / "cve" / "PROVENANCE.md").write_text("notes")
    return folder


SBOM = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.5",
    "version": 1,
    "components": [
        {
            "type": "application",
            "name": "box",
            "version": "1.4",
            "bom-ref": "box",
            "cpe": "cpe:2.3:a:acme:box:1.4:*:*:*:*:*:*:*",
        },
        {"type": "library", "name": "nobody-knows", "version": "1.0"},
    ],
}


def write_sbom(folder: Path, *, version: str = "1.4") -> Path:
    path = folder / "sbom.cdx.json"
    path.write_text(json.dumps(SBOM).replace("1.4", version))
    return path
