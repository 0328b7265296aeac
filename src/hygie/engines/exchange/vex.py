"""Write matching results as a CycloneDX VEX document (JSON, version 1.5).

1.5 is read by every tool that reads 1.6, and holds all that is said here.

How our verdicts become ``analysis.state``: the specification defines ``exploitable`` ("the
vulnerability may be directly or indirectly exploitable") as the end of an analysis,
``in_triage`` as "being investigated", ``not_affected`` as "the component or service is not
affected". A version inside a vulnerable range is the start of an analysis, not its end, so:

- affected and known to be exploited by attackers: ``exploitable``, with response ``update``;
- affected otherwise: ``in_triage`` (``affects[].versions[].status`` still says affected);
- unknown: ``in_triage``, status unknown;
- not affected: ``not_affected``, status unaffected. ``justification`` is left out: its
  values speak of code removed or guarded, none of a version outside the range; our reason
  stands in ``detail``.

Sources: https://cyclonedx.org/docs/1.5/json/#vulnerabilities_items_analysis,
https://cyclonedx.org/capabilities/vex/.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import TYPE_CHECKING, Any, Final

from hygie.vocabulary.enums import Exploitation, VerdictStatus

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from hygie.vocabulary.facts import Component, CveFacts, MatchRow

SPEC_VERSION: Final = "1.5"

_COMPONENT_TYPES: Final = frozenset(
    {"application", "framework", "library", "container", "platform", "operating-system", "device"}
    | {"device-driver", "firmware", "file", "machine-learning-model", "data"}
)
_VERSION_STATUS: Final = {
    VerdictStatus.AFFECTED: "affected",
    VerdictStatus.NOT_AFFECTED: "unaffected",
    VerdictStatus.UNKNOWN: "unknown",
}
_RATING_METHODS: Final = {
    "CVSS:3.0/": "CVSSv3",
    "CVSS:3.1/": "CVSSv31",
    "CVSS:4.0/": "CVSSv4",
    "AV:": "CVSSv2",
}
_SEVERITIES: Final = (
    (9.0, "critical"),
    (7.0, "high"),
    (4.0, "medium"),
    (0.1, "low"),
    (0.0, "none"),
)


def write_cyclonedx_vex(rows: Sequence[MatchRow], *, now: dt.datetime) -> bytes:
    """Return the VEX document of these rows, UTF-8, the same bytes for the same arguments.

    One vulnerability object stands for each CVE and state: a CVE that touches one component
    and not another appears twice. The components are in the document, so that every
    ``affects[].ref`` resolves.

    Args:
        rows: one per component and CVE, in the order wanted.
        now: aware time of writing.
    """
    refs = component_refs(row.component for row in rows)
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": SPEC_VERSION,
        "version": 1,
        "metadata": {
            "timestamp": now.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "tools": {"components": [{"type": "application", "name": "Hygie"}]},
        },
        "components": [_component(component, ref) for component, ref in refs.items()],
        "vulnerabilities": [_vulnerability(group, refs) for group in _grouped(rows)],
    }
    content = hashlib.sha256(_encoded(document)).hexdigest()
    serial = {"serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, content)}"}
    return _encoded({"bomFormat": "CycloneDX", "specVersion": SPEC_VERSION} | serial | document)


def component_refs(components: Iterable[Component]) -> dict[Component, str]:
    """Return one reference for each distinct component: its own, its purl, or its name.

    Two components that would share a reference get ``#2``, ``#3``… in order.
    """
    refs: dict[Component, str] = {}
    used: dict[str, int] = {}
    for component in components:
        if component in refs:
            continue
        wanted = component.ref or component.purl or f"{component.name}@{component.version}"
        ref, number = wanted, used.get(wanted, 0)
        while ref in used:
            number += 1
            ref = f"{wanted}#{number + 1}"
        used[wanted] = number
        used[ref] = 0
        refs[component] = ref
    return refs


def severity_of(score: float) -> str:
    """Return the CVSS qualitative rating of a base score (0-10).

    Source: CVSS v3.1 specification, section 5; the bounds are the same in 4.0.
    """
    return next(word for least, word in _SEVERITIES if score >= least)


def analysis_state(row: MatchRow) -> str:
    """Return the CycloneDX state of a verdict; the head of this module explains it."""
    if row.verdict.status is VerdictStatus.NOT_AFFECTED:
        return "not_affected"
    if row.verdict.status is VerdictStatus.AFFECTED and is_exploited(row.facts):
        return "exploitable"
    return "in_triage"


def is_exploited(facts: CveFacts | None) -> bool:
    """Tell whether attackers are known to use the flaw."""
    return facts is not None and (
        facts.exploitation is Exploitation.ACTIVE or facts.kev_added_on is not None
    )


def _grouped(rows: Sequence[MatchRow]) -> list[list[MatchRow]]:
    groups: dict[tuple[str, str], list[MatchRow]] = {}
    for row in rows:
        groups.setdefault((row.verdict.cve_id, analysis_state(row)), []).append(row)
    return list(groups.values())


def _component(component: Component, ref: str) -> dict[str, Any]:
    kind = component.kind if component.kind in _COMPONENT_TYPES else "library"
    fields = {
        "type": kind,
        "bom-ref": ref,
        "publisher": component.vendor,
        "name": component.name,
        "version": component.version,
        "cpe": component.cpe,
        "purl": component.purl,
    }
    return {key: value for key, value in fields.items() if value}


def _vulnerability(group: list[MatchRow], refs: dict[Component, str]) -> dict[str, Any]:
    first = group[0]
    cve_id, state = first.verdict.cve_id, analysis_state(first)
    facts = first.facts
    fixed = sorted({row.verdict.fixed_in for row in group if row.verdict.fixed_in})
    reasons = dict.fromkeys(row.verdict.reason for row in group if row.verdict.reason)
    analysis: dict[str, Any] = {"state": state}
    if state == "exploitable" and fixed:
        analysis["response"] = ["update"]
    if reasons:
        analysis["detail"] = "\n".join(reasons)
    vulnerability: dict[str, Any] = {
        "bom-ref": f"{cve_id}#{state}",
        "id": cve_id,
        "source": {"name": "CVE", "url": f"https://www.cve.org/CVERecord?id={cve_id}"},
    }
    if facts:
        vulnerability |= _described(facts)
    if fixed and state != "not_affected":
        vulnerability["recommendation"] = f"Mettre à jour : {', '.join(fixed)}"
    return vulnerability | {
        "analysis": analysis,
        "affects": [_affected(row, refs) for row in _distinct(group, refs)],
    }


def _distinct(group: list[MatchRow], refs: dict[Component, str]) -> list[MatchRow]:
    """Return one row a component: ``affects`` may not name one twice."""
    return list({refs[row.component]: row for row in reversed(group)}.values())[::-1]


def _affected(row: MatchRow, refs: dict[Component, str]) -> dict[str, Any]:
    affected: dict[str, Any] = {"ref": refs[row.component]}
    if row.component.version:
        status = _VERSION_STATUS[row.verdict.status]
        affected["versions"] = [{"version": row.component.version, "status": status}]
    return affected


def _described(facts: CveFacts) -> dict[str, Any]:
    described: dict[str, Any] = {}
    if facts.cvss_score is not None:
        described["ratings"] = [_rating(facts.cvss_score, facts.cvss_vector)]
    if facts.description:
        described["description"] = facts.description
    if facts.published_on:
        described["published"] = f"{facts.published_on.isoformat()}T00:00:00Z"
    properties = {
        "hygie:exploitation": facts.exploitation.value,
        "hygie:epss_probability": facts.epss_probability,
        "hygie:kev_added_on": facts.kev_added_on,
    }
    described["properties"] = [
        {"name": name, "value": str(value)}
        for name, value in properties.items()
        if value is not None
    ]
    return described


def _rating(score: float, vector: str) -> dict[str, Any]:
    methods = (name for prefix, name in _RATING_METHODS.items() if vector.startswith(prefix))
    rating = {"score": score, "severity": severity_of(score), "method": next(methods, "other")}
    return rating | ({"vector": vector} if vector else {})


def _encoded(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
