"""Sound documents, invented or real where the real ones are there, for the fuzzer to spoil."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import tarfile
from itertools import islice

import zstandard
from tests.engines.corpus.records_of import all_of, any_of, cpe, matches
from tests.realdata import SHARED

_SEED_MAX_BYTES = 60_000
_SEEDS = 40
NOW = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
CDX = b"""{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": [
{"type": "library", "name": "pump", "version": "2.0", "purl": "pkg:npm/pump@2.0", "bom-ref": "a",
"cpe": "cpe:2.3:a:acme:pump:2.0:*:*:*:*:*:*:*"}], "vulnerabilities": [{"id": "CVE-2099-0001",
"analysis": {"state": "not_affected"}, "affects": [{"ref": "a"}]}]}"""
XML = b"""<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1">
<components><component type="library"><name>pump</name><version>2.0</version></component>
</components></bom>"""
SPDX = b"""SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nPackageName: pump\nPackageVersion: 2.0
SPDXID: SPDXRef-a\nExternalRef: PACKAGE-MANAGER purl pkg:npm/pump@2.0\n"""
TABLE = "nom;vendeur;modèle;version;quantité;finess\nPompe;Acme;P1;2.0;3;010000024\n".encode()
EPSS = b"#model_version:v2025,score_date:2099-01-01\ncve,epss,percentile\nCVE-2099-0001,0.1,0.5\n"
NAMES = b"cpe:2.3:a:acme:pump:2.0:sp1:*:*:*:*:*:*\ncpe:/a:acme:pump:2.0%20a:u1\ncpe:2.3:h:a\\:b:c:-"
VERSIONS = (
    b"1.2.3\n7.0.6 build 0366\nR2.3 SP4\n1:2.0~rc1-3ubuntu1\n2.0.post1.dev3+loc"
    b"\n1.0-beta-2-SNAPSHOT\n10.2.0-h1\n12.1-55.297\nv1.2.0-rc.1+b5\n15.0(2a)SE9\n1.0_rc2-r3"
)
RANGES = (
    "vers:npm/>=1.0|<1.4\n< V15.1 Update 8\nAll versions prior to 2.2 if X is installed\n5.x.x\n"
    "FortiWeb 7.0.x toutes versions pour la vulnérabilité CVE-2024-23665\n"
    "Pompe versions antérieures à 7.5.9 et 8.1.5 sans le dernier correctif\n"
    "Windows 10 Version 21H2 pour systèmes 32 bits"
).encode()
TREE = all_of(
    any_of(matches(cpe("box", "1.0"), versionEndExcluding="2.0"), negate=True),
    any_of(matches(cpe("patch", "-", part="h"), vulnerable=False)),
)
SSVC = {"options": [{"Exploitation": "poc"}, {"Technical Impact": "total"}]}
RECORD = json.dumps(
    {
        "dataType": "CVE_RECORD",
        "dataVersion": "5.1",
        "cveMetadata": {"cveId": "CVE-2099-0001", "state": "PUBLISHED"},
        "containers": {
            "cna": {
                "providerMetadata": {"shortName": "acme", "dateUpdated": "2099-01-01T00:00:00"},
                "descriptions": [{"lang": "en", "value": "A flaw"}],
                "affected": [
                    {
                        "vendor": "Acme",
                        "product": "Box",
                        "defaultStatus": "unaffected",
                        "cpes": [cpe("box")],
                        "collectionURL": "https://pypi.org",
                        "packageName": "box",
                        "versions": [
                            {"version": "1", "status": "affected", "lessThan": "2.*",
                             "versionType": "semver",
                             "changes": [{"at": "1.5", "status": "unaffected"}]}
                        ],
                    }
                ],
                "cpeApplicability": [{"operator": "AND", "nodes": [TREE]}],
                "metrics": [{"cvssV3_1": {"baseScore": 9.8, "vectorString": "CVSS:3.1/AV:N"}}],
            },
            "adp": [
                {
                    "providerMetadata": {"shortName": "CISA-ADP"},
                    "metrics": [
                        {"other": {"type": "ssvc", "content": SSVC}},
                        {"other": {"type": "kev", "content": {"dateAdded": "2099-01-01"}}},
                    ],
                }
            ],
        },
    }
).encode()  # fmt: skip
OSV = b"""{"id": "GHSA-1", "modified": "2099-01-01T00:00:00Z", "aliases": ["CVE-2099-0001"],
"severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
"affected": [{"package": {"ecosystem": "PyPI", "name": "box"}, "versions": ["1.0"], "ranges":
[{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}]}]}]}"""
KEV = b"""{"catalogVersion": "2099.01.01", "dateReleased": "2099-01-01T00:00:00Z", "count": 1,
"vulnerabilities": [{"cveID": "CVE-2099-0001", "vendorProject": "Acme", "product": "Box",
"vulnerabilityName": "x", "dateAdded": "2099-01-01", "shortDescription": "x", "requiredAction": "x",
"dueDate": "2099-02-01", "knownRansomwareCampaignUse": "Known", "notes": ""}]}"""
BULLETIN = """{"reference": "CERTFR-2099-AVI-0001", "title": "x", "summary": "x",
"cves": [{"name": "CVE-2099-0001"}], "risks": [{"description": "x"}], "affected_systems":
[{"description": "Pompe versions 2.x antérieures à 2.1", "product": {"name": "N/A", "vendor":
{"name": "Acme"}}}], "revisions": [{"revision_date": "2099-01-01T00:00:00.0", "description": "x"}],
"vendor_advisories": [], "links": [], "closed_at": null}""".encode()


def lines_of(name: str, *, every: int) -> list[bytes]:
    path = SHARED / name
    if not path.exists():
        return []
    with path.open("rb") as file:
        stream = io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(file))
        taken = islice(stream, 0, every * _SEEDS, every)
        return [text for text in taken if len(text) < _SEED_MAX_BYTES]


def files_of(folder: str) -> list[bytes]:
    found = []
    for path in sorted((SHARED / folder).glob("*.json*")) + sorted(
        (SHARED / folder).glob("*.xml*")
    ):
        data = path.read_bytes()
        plain = gzip.decompress(data) if path.suffix == ".gz" else data
        if len(plain) < 4 * _SEED_MAX_BYTES:
            found.append(plain)
    return found[:_SEEDS]


def advisories() -> list[bytes]:
    path = SHARED / "csaf" / "cisa-csaf.tar.zst"
    if not path.exists():
        return []
    found: list[bytes] = []
    with path.open("rb") as file:
        stream = zstandard.ZstdDecompressor().stream_reader(file)
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for at, member in enumerate(archive):
                wanted = member.name.endswith(".json") and member.size < _SEED_MAX_BYTES
                if wanted and at % 29 == 0 and (inner := archive.extractfile(member)):
                    found.append(inner.read())
                if len(found) >= _SEEDS:
                    break
    return found


def finess_files() -> list[bytes]:
    found = [b"finess;etalab;93;2099-01-01\nstructureet;010000024;010000016;X\n", b"{}"]
    found.append(b"finess_et;raison_sociale\n010000024;X\n")
    for path in sorted((SHARED / "finess").glob("*extrait*")):
        data = path.read_bytes()
        found.append(data if len(data) < 4 * _SEED_MAX_BYTES else data[:_SEED_MAX_BYTES])
    return found
