"""Does a domain's DNS say, signed, which certificates its mail servers use (DANE)?

Value: servers (list of: server, records (TLSA as text), usable (at least one that SMTP may use),
secure (the DNSSEC chain of the server's zone holds; null when not known), matches (the
certificate shown after STARTTLS is one of those; null when it could not be seen)), published (a
mail server at least has a usable record), complete (every mail server has one; null without mail
servers), mismatch (servers whose certificate is another: mail to them is refused), unsigned
(servers whose records nobody may trust, the zone not being signed), unchecked (servers with
records that could not be compared, or whose zone's signature is not known).

Five mail servers at most; each is reached only within the mandate. Evidence: the TLSA records.
Sources: RFC 6698, RFC 7672 sections 2 and 3.1, RFC 7671.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hygie.engines.probing.dnssec_chain import check_chain
from hygie.engines.probing.errors import ForbiddenError, ProbeError, ProtocolError, UnresolvedError
from hygie.engines.probing.tls_ask import Door
from hygie.engines.probing.tls_channel import TlsChannel
from hygie.vocabulary.facts import EVIDENCE_MAX_BYTES, Json, Observation

if TYPE_CHECKING:
    import datetime as dt

    from hygie.engines.probing.reach import Network

_SERVERS_MAX: Final = 5
_RECORDS_MAX: Final = 16
_HANDSHAKE_TIMEOUT_S: Final = 4.0
_SMTP_PORT: Final = 25
_TRUST_ANCHOR, _END_ENTITY = 2, 3  # the usages SMTP may use, RFC 7672 section 3.1
_FULL, _SHA256, _SHA512 = 0, 1, 2


@dataclass(frozen=True, slots=True)
class TlsaRecord:
    """One record: usage, selector (0 certificate, 1 public key), matching type and its data."""

    usage: int
    selector: int
    matching: int
    data: bytes

    @property
    def is_usable(self) -> bool:
        """Tell whether SMTP may use it."""
        lengths = {_SHA256: 32, _SHA512: 64}
        return (
            self.usage in (_TRUST_ANCHOR, _END_ENTITY)
            and self.selector in (0, 1)
            and (self.matching == _FULL or lengths.get(self.matching) == len(self.data))
        )


async def observe(domain: str, network: Network, *, now: dt.datetime) -> Observation:
    """Read the TLSA records of the mail servers of ``domain``, and compare their certificates.

    Raises:
        UnresolvedError: if the domain's servers do not answer.
        ForbiddenError: if the guard refuses.
    """
    answer = await network.query(domain, "MX")
    if answer.failed:
        raise UnresolvedError(f"les serveurs de noms de {domain} ne répondent pas")
    pairs = sorted((int(number), name) for number, name in map(str.split, answer.records))
    names = [name for _, name in pairs if name != "."][:_SERVERS_MAX]
    servers = await asyncio.gather(*(_server(name, network, now) for name in names))
    texts = [f"{server['server']} {record}" for server in servers for record in _records(server)]
    return Observation(
        subject=domain,
        probe="dane",
        value={
            "servers": [*servers],
            "published": any(server["usable"] for server in servers),
            "complete": all(server["usable"] for server in servers) if servers else None,
            "mismatch": [s["server"] for s in servers if s["matches"] is False and s["secure"]],
            "unsigned": [s["server"] for s in servers if s["usable"] and s["secure"] is False],
            "unchecked": [
                s["server"]
                for s in servers
                if s["usable"] and (s["secure"] is None or s["matches"] is None)
            ],
        },
        evidence="\n".join(texts).encode()[:EVIDENCE_MAX_BYTES],
        at=now,
    )


def _records(server: dict[str, Json]) -> list[Json]:
    records = server["records"]
    return records if isinstance(records, list) else []


async def _server(name: str, network: Network, now: dt.datetime) -> dict[str, Json]:
    texts = (await _tlsa(name, network))[:_RECORDS_MAX]
    usable = [record for text in texts if (record := parse_tlsa(text)) and record.is_usable]
    secure: bool | None = None
    matches: bool | None = None
    if usable:
        secure = await _is_secure(name, network, now)
        chain = await _certificates(name, network)
        matches = any(is_named(record, chain) for record in usable) if chain else None
    return {
        "server": name,
        "records": [text[:300] for text in texts],
        "usable": bool(usable),
        "secure": secure,
        "matches": matches,
    }


async def _tlsa(name: str, network: Network) -> tuple[str, ...]:
    try:
        return (await network.query(f"_{_SMTP_PORT}._tcp.{name}", "TLSA")).records
    except ForbiddenError:
        raise
    except (ProbeError, OSError):
        return ()


async def _is_secure(name: str, network: Network, now: dt.datetime) -> bool | None:
    """Tell whether the nearest zone above the server's name is signed down to it."""
    labels = name.split(".")
    for start in range(len(labels) - 1):
        zone = ".".join(labels[start:])
        try:
            is_zone = (await network.query(zone, "NS")).exists
        except (ProbeError, OSError):
            return None
        if is_zone:
            status = (await check_chain(zone, network, network.trust_anchors, now=now)).status
            return None if status == "unknown" else status == "secure"
    return None


async def _certificates(name: str, network: Network) -> tuple[bytes, ...]:
    door = Door(name, _SMTP_PORT, network, starttls=True)
    try:
        async with door.open() as connection, asyncio.timeout(_HANDSHAKE_TIMEOUT_S):
            channel = TlsChannel(connection, name)
            await channel.handshake()
            return channel.certificates()
    except (ProbeError, OSError):
        return ()  # outside the mandate, closed or mute: the comparison is not made


def parse_tlsa(text: str) -> TlsaRecord | None:
    """Read ``3 1 1 abcd…``; None when it is not such a record."""
    try:
        usage, selector, matching, *data = text.split()
        return TlsaRecord(int(usage), int(selector), int(matching), bytes.fromhex("".join(data)))
    except ValueError:
        return None


def is_named(record: TlsaRecord, chain: tuple[bytes, ...]) -> bool:
    """Tell whether the record names a certificate of the chain (DER, the service's own first).

    Only the comparison is made: for a trust anchor (usage 2), whether the chain above holds is
    told by the certificate's own facts.
    """
    candidates = chain[1:] if record.usage == _TRUST_ANCHOR else chain[:1]
    for der in candidates:
        content = _selected(record.selector, der)
        if content is not None and hmac.compare_digest(
            _digested(record.matching, content), record.data
        ):
            return True
    return False


def _selected(selector: int, der: bytes) -> bytes | None:
    if selector == 0:
        return der
    try:
        public = x509.load_der_x509_certificate(der).public_key()
        return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (ValueError, UnsupportedAlgorithm, ProtocolError):
        return None


def _digested(matching: int, content: bytes) -> bytes:
    if matching == _SHA256:
        return hashlib.sha256(content).digest()
    return hashlib.sha512(content).digest() if matching == _SHA512 else content
