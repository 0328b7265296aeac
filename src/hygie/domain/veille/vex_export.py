"""Write declarations as VEX documents: OpenVEX 0.2.0 and CSAF 2.0 (profile VEX).

Pure: the same rows and the same time give the same bytes.
Sources: https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md,
https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html (4.5 Profile VEX).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from hygie.domain.veille.models import VexStatement

FORMATS: Final = ("openvex", "csaf")

_CSAF_FLAGS: Final = frozenset(
    {
        "component_not_present",
        "inline_mitigations_already_exist",
        "vulnerable_code_cannot_be_controlled_by_adversary",
        "vulnerable_code_not_in_execute_path",
        "vulnerable_code_not_present",
    }
)
_CSAF_STATUS: Final = {"not_affected": "known_not_affected", "fixed": "fixed"}
_NO_REASON: Final = "Le fabricant ne donne pas d’explication."


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who exports: the name of the place, the address of its document.

    Attributes:
        name: as readers know it.
        namespace: URL under which its documents have their identifiers.
    """

    name: str
    namespace: str


def write_vex(
    statements: Sequence[VexStatement], form: str, *, issuer: Issuer, now: dt.datetime
) -> bytes:
    """Return the document of these declarations in ``form``, one of FORMATS, UTF-8."""
    if form == "csaf":
        return _encoded(_csaf(statements, issuer, now))
    return _encoded(_openvex(statements, issuer, now))


def _openvex(
    statements: Sequence[VexStatement], issuer: Issuer, now: dt.datetime
) -> dict[str, Any]:
    body = [_openvex_statement(one) for one in statements]
    return {
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": f"{issuer.namespace}/vex/{_digest(body)}",
        "author": issuer.name,
        "timestamp": _moment(now),
        "version": 1,
        "tooling": "Hygie",
        "statements": body,
    }


def _openvex_statement(one: VexStatement) -> dict[str, Any]:
    impact = one.impact or _NO_REASON
    told: dict[str, Any] = {
        "vulnerability": {"name": one.cve_id},
        "timestamp": _moment(one.approved_at or one.declared_at),
        "products": [{"@id": name} for name in _purls(one)],
        "status": one.status,
    }
    if one.status == "not_affected":
        told |= {"justification": one.justification} if one.justification else {}
        told["impact_statement"] = impact
    return told


def _csaf(statements: Sequence[VexStatement], issuer: Issuer, now: dt.datetime) -> dict[str, Any]:
    products: dict[str, dict[str, Any]] = {}
    by_cve: dict[str, list[tuple[VexStatement, list[str]]]] = {}
    for one in statements:
        names = []
        for purl in _purls(one):
            known = products.setdefault(purl, _csaf_product(len(products) + 1, one, purl))
            names.append(known["product_id"])
        by_cve.setdefault(one.cve_id, []).append((one, names))
    vulnerabilities = [_csaf_vulnerability(cve, told) for cve, told in by_cve.items()]
    return {
        "document": _csaf_document(issuer, now, _digest(vulnerabilities)),
        "product_tree": {"full_product_names": list(products.values())},
        "vulnerabilities": vulnerabilities,
    }


def _csaf_document(issuer: Issuer, now: dt.datetime, digest: str) -> dict[str, Any]:
    at = _moment(now)
    return {
        "category": "csaf_vex",
        "csaf_version": "2.0",
        "lang": "fr",
        "title": f"Non concerné : {issuer.name}",
        "publisher": {
            "category": "user",
            "name": issuer.name,
            "namespace": issuer.namespace,
        },
        "tracking": {
            "id": f"HYGIE-VEX-{digest[:16]}",
            "status": "final",
            "version": "1",
            "initial_release_date": at,
            "current_release_date": at,
            "revision_history": [{"number": "1", "date": at, "summary": "Première publication."}],
        },
    }


def _csaf_product(number: int, one: VexStatement, purl: str) -> dict[str, Any]:
    return {
        "product_id": f"P{number}",
        "name": f"{one.product} {one.version}".strip(),
        "product_identification_helper": {"purl": purl},
    }


def _csaf_vulnerability(
    cve_id: str, told: Iterable[tuple[VexStatement, list[str]]]
) -> dict[str, Any]:
    status: dict[str, list[str]] = {}
    flags: dict[str, list[str]] = {}
    impacts: dict[str, list[str]] = {}
    for one, names in told:
        _extend(status, _CSAF_STATUS[one.status], names)
        if one.status != "not_affected":
            continue
        if one.justification in _CSAF_FLAGS:
            _extend(flags, one.justification, names)
        _extend(impacts, one.impact or _NO_REASON, names)
    found: dict[str, Any] = {
        "cve": cve_id,
        "notes": [{"category": "summary", "text": f"Déclarations au sujet de {cve_id}."}],
        "product_status": status,
    }
    if flags:
        found["flags"] = [{"label": key, "product_ids": ids} for key, ids in flags.items()]
    if impacts:
        found["threats"] = [
            {"category": "impact", "details": text, "product_ids": ids}
            for text, ids in impacts.items()
        ]
    return found


def _extend(into: dict[str, list[str]], key: str, names: Iterable[str]) -> None:
    kept = into.setdefault(key, [])
    kept += [name for name in names if name not in kept]


def _purls(one: VexStatement) -> list[str]:
    """Return package URLs that name the product, one a version stated exactly."""
    kept: Mapping[str, Any] = one.statement or {}
    identity = str(kept.get("identity", ""))
    base = identity or f"pkg:generic/{quote(one.product, safe='')}"
    if identity and not identity.startswith("pkg:"):
        base = f"pkg:generic/{'/'.join(quote(part, safe='') for part in identity.split('/'))}"
    exact = [span["exact"] for span in kept.get("spans", ()) if span.get("exact")]
    versions = exact or ([one.version] if one.version and not identity else [])
    return [f"{base}@{quote(version, safe='')}" for version in versions] or [base]


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _moment(at: dt.datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _encoded(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
