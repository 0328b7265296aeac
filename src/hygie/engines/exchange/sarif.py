"""Write matching results as SARIF 2.1.0, which code hosts and editors display.

One rule a CVE, one result a component and CVE. ``kind`` says what was found (``fail``
affected, ``review`` unknown, ``pass`` not affected) and ``level`` how bad: the specification
wants ``none`` for every kind but ``fail``. An affected component has level ``error`` when the
flaw is exploited or scores 7 or more, else ``warning``; ``note`` is left for flaws under 4.
A component has no file: its place is a logical location of kind ``module``.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, 3.27.9 (kind),
3.27.10 (level), 3.33 (logical location), 3.49 (reporting descriptor).
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from hygie.engines.exchange.vex import component_refs, is_exploited
from hygie.vocabulary.enums import VerdictStatus

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from hygie.vocabulary.facts import Component, CveFacts, MatchRow

SCHEMA_URI: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

_KINDS: Final = {
    VerdictStatus.AFFECTED: "fail",
    VerdictStatus.UNKNOWN: "review",
    VerdictStatus.NOT_AFFECTED: "pass",
}
_ERROR_SCORE: Final = 7.0
_WARNING_SCORE: Final = 4.0


def write_sarif(rows: Sequence[MatchRow], *, now: dt.datetime, tool_version: str) -> bytes:
    """Return the SARIF log of these rows, UTF-8, the same bytes for the same arguments.

    Args:
        rows: one per component and CVE, in the order wanted.
        now: aware time of writing.
        tool_version: version of Hygie, as ``0.1.0``.
    """
    refs = component_refs(row.component for row in rows)
    facts: dict[str, CveFacts | None] = {}
    for row in rows:
        facts[row.verdict.cve_id] = facts.get(row.verdict.cve_id) or row.facts
    rules = {cve_id: index for index, cve_id in enumerate(facts)}
    run = {
        "tool": {
            "driver": {
                "name": "Hygie",
                "semanticVersion": tool_version,
                "rules": [_rule(cve_id, known) for cve_id, known in facts.items()],
            }
        },
        "invocations": [
            {
                "executionSuccessful": True,
                "endTimeUtc": now.isoformat(timespec="seconds").replace("+00:00", "Z"),
            }
        ],
        "language": "fr",
        "columnKind": "unicodeCodePoints",
        "results": [_result(row, refs[row.component], rules[row.verdict.cve_id]) for row in rows],
    }
    log = {"$schema": SCHEMA_URI, "version": "2.1.0", "runs": [run]}
    return (json.dumps(log, ensure_ascii=False, indent=2) + "\n").encode()


def _rule(cve_id: str, facts: CveFacts | None) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": cve_id,
        "helpUri": f"https://www.cve.org/CVERecord?id={cve_id}",
    }
    if facts is None:
        return rule
    if facts.description:
        rule["fullDescription"] = {"text": facts.description}
    rule["defaultConfiguration"] = {"level": _affected_level(facts)}
    properties: dict[str, Any] = {"tags": ["security", "vulnerability"]}
    if facts.cvss_score is not None:
        properties["security-severity"] = f"{facts.cvss_score:.1f}"
    if is_exploited(facts):
        properties["tags"].append("exploited")
    rule["properties"] = properties
    return rule


def _result(row: MatchRow, ref: str, rule_index: int) -> dict[str, Any]:
    status = row.verdict.status
    affected = status is VerdictStatus.AFFECTED
    result: dict[str, Any] = {
        "ruleId": row.verdict.cve_id,
        "ruleIndex": rule_index,
        "kind": _KINDS[status],
        "level": _affected_level(row.facts) if affected else "none",
        "message": {"text": _message(row)},
        "locations": [{"logicalLocations": [_location(row.component, ref)]}],
        "partialFingerprints": {"hygieMatch/v1": _fingerprint(ref, row.verdict.cve_id)},
        "properties": {
            "status": status.value,
            "confidence": row.verdict.confidence,
            "source": row.verdict.source,
        },
    }
    if row.verdict.fixed_in:
        result["properties"]["fixedIn"] = row.verdict.fixed_in
    return result


def _affected_level(facts: CveFacts | None) -> str:
    score = facts.cvss_score if facts else None
    if is_exploited(facts) or (score is not None and score >= _ERROR_SCORE):
        return "error"
    return "note" if score is not None and score < _WARNING_SCORE else "warning"


def _message(row: MatchRow) -> str:
    component = f"{row.component.name} {row.component.version}".strip()
    return f"{component} : {row.verdict.reason or row.verdict.cve_id}"


def _location(component: Component, ref: str) -> dict[str, Any]:
    return {
        "name": component.name,
        "fullyQualifiedName": component.purl or component.cpe or ref,
        "kind": "module",
    }


def _fingerprint(ref: str, cve_id: str) -> str:
    return hashlib.sha256(f"{ref}\n{cve_id}".encode()).hexdigest()
