"""What one page says of a web service: redirect, protections, what it tells of itself.

Value: scheme ("http" or "https"), status, location (or null), redirects_to_tls (null on https),
hsts_max_age (seconds, null when absent or on http), content_security_policy,
x_content_type_options, referrer_policy (booleans: header present), insecure_cookies (names of
cookies without Secure or without HttpOnly), server, powered_by, title (text or null),
directory_listing, portal (see ``portals``, or null), security_txt (null on http).

One GET of ``/``, redirects reported and not followed, and on https one GET of
``/.well-known/security.txt`` (RFC 9116). Evidence: the response's head, then its body.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.engines.probing.errors import ProtocolError
from hygie.engines.probing.http_reader import (
    BODY_MAX_BYTES,
    HEAD_MAX_BYTES,
    Response,
    read_response,
)
from hygie.engines.probing.portals import recognise
from hygie.engines.probing.tls_channel import TlsChannel
from hygie.vocabulary.facts import EVIDENCE_MAX_BYTES, Json, Observation

if TYPE_CHECKING:
    import datetime as dt

    from hygie.engines.probing.connection import Stream
    from hygie.engines.probing.network import Network

TLS_PORTS: Final = frozenset({443, 2381, 4443, 4911, 5001, 5986, 8006, 8443, 9443, 10443})
_ACCEPT: Final = "text/html, text/plain;q=0.9, */*;q=0.5"
_BODY_TIMEOUT_S: Final = 2.0
_SECURITY_TXT: Final = "/.well-known/security.txt"
_SECURITY_TXT_TIMEOUT_S: Final = 2.0
_LISTING: Final = re.compile(
    r"<(?:title|h1)>\s*(?:index of /|directory listing for|listing of)|\[to parent directory\]",
    re.IGNORECASE,
)
_MAX_AGE: Final = re.compile(r"max-age\s*=\s*\"?([0-9]{1,12})", re.IGNORECASE)


async def observe(
    host: str, port: int, network: Network, *, now: dt.datetime, address: str | None = None
) -> Observation:
    """Read the first page of ``host:port``, inside TLS when the port is one of TLS_PORTS.

    Raises:
        ProtocolError: if what answers is not HTTP.
        OSError, TimeoutError, ForbiddenError: if it cannot be reached.
    """
    scheme = "https" if port in TLS_PORTS else "http"
    data = (await fetch("/", scheme, (host, port), network, address=address)).data
    response = read_response(data)
    value = response_facts(response, scheme)
    if scheme == "https":
        value["security_txt"] = await _has_security_txt((host, port), network, address)
    found = recognise(response)
    value["portal"] = found.portal if found else None
    return Observation(
        subject=f"{host}:{port}",
        probe="http",
        value=value,
        evidence=data[:EVIDENCE_MAX_BYTES],
        at=now,
        confidence=1.0 if found is None or found.portal is None else 0.9,
        product=found.product if found else None,
        version=found.version if found else None,
    )


def encode_get(path: str, host: str, user_agent: str, accept: str = _ACCEPT) -> bytes:
    """Return a GET that says who asks and wants the connection closed after the answer."""
    name = f"[{host}]" if ":" in host else host
    lines = (
        f"GET {path} HTTP/1.1",
        f"Host: {name}",
        f"User-Agent: {user_agent}",
        f"Accept: {accept}",
        "Accept-Encoding: identity",
        "Connection: close",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


@dataclass(frozen=True, slots=True)
class Page:
    """What one GET brought: the bytes of the response, and the certificates over TLS (DER)."""

    data: bytes
    chain: tuple[bytes, ...] = ()


async def fetch(
    path: str,
    scheme: str,
    place: tuple[str, int],
    network: Network,
    *,
    address: str | None = None,
    accept: str = _ACCEPT,
    head_only: bool = False,
) -> Page:
    """Ask for one page; with ``head_only`` nothing of its body is read nor kept.

    Raises:
        ProtocolError: if what answers is not HTTP.
        OSError, TimeoutError, ForbiddenError: if it cannot be reached.
    """
    host, port = place
    async with await network.open(host, port, address=address) as connection:
        stream: Stream = connection
        chain: tuple[bytes, ...] = ()
        if scheme == "https":
            stream = channel = TlsChannel(connection, host)
            await channel.handshake()
            chain = channel.certificates()
        await stream.write(encode_get(path, host, network.user_agent, accept))
        if head_only:
            return Page(await stream.read_until(b"\n\r\n", limit=HEAD_MAX_BYTES), chain)
        return Page(await _read_page(stream), chain)


async def _read_page(stream: Stream) -> bytes:
    """Return the head and as much of the body as is worth reading.

    A peer that stops half-way through the body, or never ends it, has told its head already.
    """
    head = await stream.read_until(b"\n\r\n", limit=HEAD_MAX_BYTES)
    held, wanted = bytearray(head), len(head) + _length(head)
    try:
        async with asyncio.timeout(_BODY_TIMEOUT_S):
            while len(held) < wanted and (data := await stream.read(wanted - len(held))):
                held += data
    except (TimeoutError, ConnectionError, ProtocolError):
        pass  # the part received is a fact; nothing is concluded from what is missing
    return bytes(held)


def _length(head: bytes) -> int:
    declared = re.search(rb"(?im)^content-length:[ \t]*([0-9]{1,12})", head)
    return min(BODY_MAX_BYTES, int(declared[1])) if declared else BODY_MAX_BYTES


async def _has_security_txt(
    place: tuple[str, int], network: Network, address: str | None
) -> bool | None:
    try:
        async with asyncio.timeout(_SECURITY_TXT_TIMEOUT_S):
            page = await fetch(_SECURITY_TXT, "https", place, network, address=address)
        response = read_response(page.data)
    except (TimeoutError, OSError, ProtocolError):
        return None
    return response.status == 200 and bool(re.search(r"(?im)^contact:", response.body))  # noqa: PLR2004


def response_facts(response: Response, scheme: str) -> dict[str, Json]:
    """Return the facts of one response; ``security_txt`` and ``portal`` are added apart."""
    location = response.header("location")
    secure = scheme == "https"
    return {
        "scheme": scheme,
        "status": response.status,
        "location": location[:500] if location else None,
        "redirects_to_tls": None if secure else _leads_to_tls(response),
        "hsts_max_age": _hsts_max_age(response) if secure else None,
        "content_security_policy": bool(response.header("content-security-policy")),
        "x_content_type_options": response.header("x-content-type-options") is not None,
        "referrer_policy": response.header("referrer-policy") is not None,
        "insecure_cookies": [*_insecure_cookies(response)],
        "server": _text(response.header("server")),
        "powered_by": _text(response.header("x-powered-by")),
        "title": response.title,
        "directory_listing": bool(_LISTING.search(response.body)),
        "portal": None,
        "security_txt": None,
    }


def _text(value: str | None) -> str | None:
    return value[:200] if value else None


def _leads_to_tls(response: Response) -> bool:
    location = response.header("location") or ""
    return 300 <= response.status < 400 and location.lower().startswith("https://")  # noqa: PLR2004


def _hsts_max_age(response: Response) -> int | None:
    found = _MAX_AGE.search(response.header("strict-transport-security") or "")
    return int(found[1]) if found else None


def _insecure_cookies(response: Response) -> list[str]:
    names: list[str] = []
    for cookie in response.values("set-cookie")[:50]:
        name, *attributes = cookie.split(";")
        kept = {attribute.strip().lower() for attribute in attributes}
        if not {"secure", "httponly"} <= kept:
            names.append(name.split("=")[0].strip()[:80])
    return names
