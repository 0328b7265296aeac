"""Does a FHIR server present itself to anybody, and does it say how access is controlled?

Value: answers (a CapabilityStatement or Conformance came back), path (where, or null),
fhir_version, software, software_version (or null), security (codes of the security services it
declares: ``SMART-on-FHIR``, ``OAuth``…), declares_security (it states any; null when it does not
answer), refused (it asks who we are before anything: the good answer).

One GET of the capability statement, which describes the server and names no patient, at two
usual places; reading stops at the first that answers. No resource is ever asked for. A refused
connection, or a peer that is not HTTP, gives answers false. Evidence: the beginning of the page.
Source: https://hl7.org/fhir/http.html#capabilities.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hygie.engines.probing.errors import ProtocolError
from hygie.engines.probing.http import TLS_PORTS, fetch
from hygie.engines.probing.http_reader import read_response
from hygie.vocabulary.facts import EVIDENCE_MAX_BYTES, Json, Observation

if TYPE_CHECKING:
    import datetime as dt

    from hygie.engines.probing.http_reader import Response
    from hygie.engines.probing.reach import Network

PATHS: Final = ("/fhir/metadata?_summary=true", "/metadata?_summary=true")
ACCEPT: Final = "application/fhir+json, application/json+fhir;q=0.9, application/json;q=0.5"
_TEXT_MAX: Final = 100
_SERVICES_MAX: Final = 20
_REFUSALS: Final = (401, 403)
_PRODUCTS: Final = {
    "hapi fhir server": "hapifhir/hapi_fhir",
    "ibm fhir server": "ibm/fhir_server",
    "linuxforhealth fhir server": "linuxforhealth/fhir_server",
    "firely server": "firely/firely_server",
}


@dataclass(frozen=True, slots=True)
class Capability:
    """What a capability statement says; None or empty where it says nothing."""

    fhir_version: str | None
    software: str | None
    software_version: str | None
    security: tuple[str, ...]


async def observe(
    host: str, port: int, network: Network, *, now: dt.datetime, address: str | None = None
) -> Observation:
    """Ask ``host:port`` what it is.

    Raises:
        OSError, TimeoutError, ForbiddenError: if it cannot be reached or says nothing.
    """
    scheme = "https" if port in TLS_PORTS else "http"
    found: Capability | None = None
    path, data, refused = None, b"", False
    for candidate in PATHS:
        try:
            page = await fetch(
                candidate, scheme, (host, port), network, address=address, accept=ACCEPT
            )
            data = page.data
            response = read_response(data)
        except (ProtocolError, ConnectionError):
            break  # no HTTP here, or nothing any more
        if (found := read_capability(response)) is not None:
            path = candidate.partition("?")[0]
            break
        refused = refused or response.status in _REFUSALS
    return Observation(
        subject=f"{host}:{port}",
        probe="fhir",
        value=_value(found, path, refused=refused and found is None),
        evidence=data[:EVIDENCE_MAX_BYTES] if found else b"",
        at=now,
        product=_product(found),
        version=found.software_version if found else None,
    )


def _value(found: Capability | None, path: str | None, *, refused: bool) -> dict[str, Json]:
    return {
        "answers": found is not None,
        "path": path,
        "fhir_version": found.fhir_version if found else None,
        "software": found.software if found else None,
        "software_version": found.software_version if found else None,
        "security": [*found.security] if found else [],
        "declares_security": bool(found.security) if found else None,
        "refused": refused,
    }


def _product(found: Capability | None) -> str | None:
    return _PRODUCTS.get((found.software or "").lower()) if found else None


def read_capability(response: Response) -> Capability | None:
    """Read a capability statement; None when the page is not one."""
    if response.status != 200:  # noqa: PLR2004 - OK
        return None
    try:
        document = json.loads(response.body)
    except (ValueError, RecursionError):
        return None
    kinds = ("CapabilityStatement", "Conformance")
    if not isinstance(document, dict) or document.get("resourceType") not in kinds:
        return None
    software = document.get("software")
    named = software if isinstance(software, dict) else {}
    return Capability(
        _text(document.get("fhirVersion")),
        _text(named.get("name")),
        _text(named.get("version")),
        _security(document),
    )


def _security(document: dict[str, Any]) -> tuple[str, ...]:
    codes = [
        _text(coding.get("code")) or _text(service.get("text"))
        for rest in _objects(document.get("rest"))
        for service in _objects(_object(rest.get("security")).get("service"))
        for coding in (_objects(service.get("coding")) or [{}])
    ]
    return tuple(dict.fromkeys(code for code in codes if code))[:_SERVICES_MAX]


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> list[dict[str, Any]]:
    items = value if isinstance(value, list) else []
    return [item for item in items[:_SERVICES_MAX] if isinstance(item, dict)]


def _text(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    return "".join(c for c in value if c.isprintable()).strip()[:_TEXT_MAX] or None
