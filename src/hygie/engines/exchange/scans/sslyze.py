"""Read sslyze's JSON (``--json_out``), versions 5 and 6.

sslyze reports facts; the few judged here are those on which the ANSSI's TLS guide leaves no doubt.
A scan command that was not run, or failed, proves nothing.

Source: https://nabla-c0d3.github.io/sslyze/documentation/json-output.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.engines.exchange.scans.cells import (
    bounded,
    host_from,
    line_of,
    objects_in,
    port_from,
    time_from,
    wrong,
)
from hygie.engines.exchange.scans.report import Issue, Scan, subject_of
from hygie.engines.exchange.structured import parse_json_bounded
from hygie.vocabulary.enums import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hygie.vocabulary.facts import Json

TOOL: Final = "sslyze"

_Question = tuple[str, str, "object", Severity, str, tuple[str, ...]]

QUESTIONS: Final[tuple[_Question, ...]] = (
    ("ssl_2_0_cipher_suites", "accepted_cipher_suites", None,
     Severity.CRITICAL, "SSL 2.0 accepté", ()),
    ("ssl_3_0_cipher_suites", "accepted_cipher_suites", None, Severity.MAJOR, "SSL 3.0 accepté",
     ("CVE-2014-3566",)),
    ("tls_1_0_cipher_suites", "accepted_cipher_suites", None,
     Severity.MODERATE, "TLS 1.0 accepté", ()),
    ("tls_1_1_cipher_suites", "accepted_cipher_suites", None,
     Severity.MODERATE, "TLS 1.1 accepté", ()),
    ("heartbleed", "is_vulnerable_to_heartbleed", True, Severity.CRITICAL, "Heartbleed",
     ("CVE-2014-0160",)),
    ("openssl_ccs_injection", "is_vulnerable_to_ccs_injection", True, Severity.MAJOR,
     "Injection CCS d’OpenSSL", ("CVE-2014-0224",)),
    ("robot", "robot_result", "VULNERABLE", Severity.MAJOR, "ROBOT", ("CVE-2017-13099",)),
    ("tls_compression", "supports_compression", True, Severity.MODERATE, "Compression TLS (CRIME)",
     ("CVE-2012-4929",)),
    ("session_renegotiation", "supports_secure_renegotiation", False, Severity.MODERATE,
     "Renégociation non sécurisée", ("CVE-2009-3555",)),
)  # fmt: skip
"""Scan command, value read, what is bad (None: a list that is not empty), severity, title, CVEs."""

CERTIFICATE: Final = "certificate_info"


def parse_sslyze(document: bytes, *, source: str) -> Scan:
    """Return what one run of sslyze saw.

    Raises:
        InputError: if the document is not its JSON.
    """
    value = parse_json_bounded(document, source=source)
    if not isinstance(value, dict) or "server_scan_results" not in value:
        raise wrong("sslyze (--json_out)", source=source)
    hosts: dict[str, frozenset[int]] = {}
    names: dict[str, tuple[str, ...]] = {}
    issues: list[Issue] = []
    concluded: set[tuple[str, str]] = set()
    for server in bounded(objects_in(value["server_scan_results"]), source=source):
        place, results = server.get("server_location"), server.get("scan_result")
        if not isinstance(place, dict) or not isinstance(results, dict):
            continue  # not reached
        host, port = host_from(place.get("hostname")), port_from(place.get("port"))
        if not host or port is None:
            continue
        hosts[host] = hosts.get(host, frozenset()) | {port}
        names[host] = tuple(filter(None, (host_from(place.get("ip_address")),)))
        subject = subject_of(host, port)
        for key, issue in _judge(results, subject):
            concluded.add((subject, key))
            issues += [issue] if issue else []
    return Scan(
        tool=TOOL,
        version=line_of(value.get("sslyze_version"), 60),
        taken_at=time_from(value.get("date_scans_completed")),
        hosts=hosts,
        issues=tuple(issues),
        names=names,
        concluded=frozenset(concluded),
    )


def _judge(results: Mapping[str, Json], subject: str) -> Iterator[tuple[str, Issue | None]]:
    """Yield each question that got an answer, with the weakness it shows."""
    for command, name, bad, severity, title, cves in QUESTIONS:
        answer = _answer(results, command)
        if answer is None or name not in answer:
            continue
        found = answer[name]
        weak = bool(found) if bad is None else _is(found, bad)
        facts = {"value": _words(found)}
        yield (
            command,
            Issue(command, subject, title, severity, cves=cves, facts=facts) if weak else None,
        )
    yield from _trust(results, subject)


def _trust(results: Mapping[str, Json], subject: str) -> Iterator[tuple[str, Issue | None]]:
    answer = _answer(results, CERTIFICATE)
    if answer is None:
        return
    chains = objects_in(answer.get("certificate_deployments"))
    validated = [
        each for chain in chains for each in objects_in(chain.get("path_validation_results"))
    ]
    trusted = any(each.get("was_validation_successful") is True for each in validated)
    why = next((line_of(each.get("validation_error"), 200) for each in validated), "")
    issue = Issue(
        CERTIFICATE, subject, "Certificat non reconnu", Severity.MAJOR, facts={"reason": why}
    )
    yield CERTIFICATE, None if trusted or not validated else issue


def _answer(results: Mapping[str, Json], command: str) -> Mapping[str, Json] | None:
    attempt = results.get(command)
    if not isinstance(attempt, dict) or attempt.get("status") != "COMPLETED":
        return None
    result = attempt.get("result")
    return result if isinstance(result, dict) else None


def _is(found: Json, bad: object) -> bool:
    return (
        found.startswith(bad) if isinstance(bad, str) and isinstance(found, str) else found is bad
    )


def _words(found: Json) -> str:
    suites = [each.get("cipher_suite") for each in objects_in(found)]
    listed = [line_of(suite.get("name"), 60) for suite in suites if isinstance(suite, dict)]
    return ", ".join(listed)[:300] if listed else line_of(found) or str(bool(found))
