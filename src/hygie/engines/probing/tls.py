"""Which TLS versions a service accepts, what it prefers, and its certificate.

Value: accepted, rejected, undetermined (lists of "SSLv3", "TLSv1.0" … "TLSv1.3"); cipher (IANA
name chosen at the highest version, or null); forward_secrecy (of that cipher, or null);
certificate (see ``certificate.read_certificate``, null when none could be read):
subject, issuer, not_before, not_after (ISO 8601), names, key_type, key_bits, signature_hash,
self_signed, name_matches, trusted, trust_reason, must_staple, transparency_proofs.

One ClientHello per version (``tls_hello``) and one full handshake; where our OpenSSL shares no
suite with the service, its chain is read in clear. Evidence: the server's reply at the highest
version accepted.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from hygie.engines.probing.certificate import read_certificate
from hygie.engines.probing.errors import ForbiddenError, ProtocolError
from hygie.engines.probing.suites import has_forward_secrecy, suite_name
from hygie.engines.probing.tls_ask import Answer, Door, ask
from hygie.engines.probing.tls_channel import TlsChannel
from hygie.engines.probing.tls_flight import Flight, read_flight
from hygie.engines.probing.tls_hello import (
    Alert,
    HelloReply,
    ServerHello,
    TlsVersion,
    read_hello_reply,
    usual_offer,
)
from hygie.vocabulary.facts import EVIDENCE_MAX_BYTES, Json, Observation

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from hygie.engines.probing.network import Network

_HANDSHAKE_TIMEOUT_S: Final = 3.0
_NEWEST_FIRST: Final = tuple(sorted(TlsVersion, reverse=True))
_CLOSED: Final = "closed"
_SILENCES: Final = 2


async def observe(
    host: str, port: int, network: Network, *, now: dt.datetime, address: str | None = None
) -> Observation:
    """Ask ``host:port`` about each version, then for its certificate.

    Raises:
        ProtocolError: if it answers, but never in TLS.
        OSError, TimeoutError, ForbiddenError: if it cannot be reached or says nothing.
    """
    value, evidence = await tls_facts(Door(host, port, network, address), now=now)
    return Observation(
        subject=f"{host}:{port}",
        probe="tls",
        value=value,
        evidence=evidence[:EVIDENCE_MAX_BYTES],
        at=now,
    )


async def tls_facts(door: Door, *, now: dt.datetime) -> tuple[dict[str, Json], bytes]:
    """Return the facts of the service behind ``door`` and the bytes that prove them.

    Raises:
        ProtocolError, OSError, TimeoutError, ForbiddenError: as ``observe`` does.
    """
    answers: dict[TlsVersion, Answer[HelloReply]] = {}
    for version in _NEWEST_FIRST:
        answers[version] = await ask(door, usual_offer(version), _read_reply)
        _give_up_if_mute(list(answers.values()))
    replies = {
        version: _CLOSED if answer.closed else answer.reply for version, answer in answers.items()
    }
    if not any(isinstance(reply, ServerHello | Alert) for reply in replies.values()):
        raise ProtocolError("le service ne répond pas en TLS")
    chain = await _certificates(door) or await _chain_in_clear(door, replies)
    evidence = next((a.data for a in answers.values() if isinstance(a.reply, ServerHello)), b"")
    certificate = _certificate(chain, door, now)
    return versions_facts(replies) | {"certificate": certificate}, evidence


def _read_reply(data: bytes, *, ended: bool) -> HelloReply | None:  # noqa: ARG001 - a Reader
    return read_hello_reply(data)


def _give_up_if_mute(answers: list[Answer[HelloReply]]) -> None:
    """Stop when no connection can be made, when two hellos met silence, or when told to."""
    failure = answers[-1].failure
    if isinstance(failure, ForbiddenError) or (len(answers) == 1 and isinstance(failure, OSError)):
        raise failure
    mute = [a.reply is None and not a.closed and not a.failure for a in answers]
    if len(answers) == _SILENCES and all(mute):
        raise TimeoutError


def versions_facts(replies: Mapping[TlsVersion, HelloReply | str | None]) -> dict[str, Json]:
    """Sort the versions by what the server did of each.

    A ServerHello of a lower version, an alert, and a connection closed while another version
    got a reply, all mean rejected. Silence and garbage leave the version undetermined.
    """
    accepted: list[Json] = []
    rejected: list[Json] = []
    undetermined: list[Json] = []
    suite: int | None = None
    for version in sorted(replies):
        match replies[version]:
            case ServerHello(chosen, code) if chosen == version:
                accepted.append(version.label)
                suite = code
            case ServerHello() | Alert() | "closed":
                rejected.append(version.label)
            case _:
                undetermined.append(version.label)
    return {
        "accepted": accepted,
        "rejected": rejected,
        "undetermined": undetermined,
        "cipher": None if suite is None else suite_name(suite),
        "forward_secrecy": None if suite is None else has_forward_secrecy(suite),
    }


async def _certificates(door: Door) -> tuple[bytes, ...]:
    """Return the chain of one full handshake, empty when it cannot be finished."""
    try:
        async with door.open() as connection, asyncio.timeout(_HANDSHAKE_TIMEOUT_S):
            channel = TlsChannel(connection, door.host)
            await channel.handshake()
            return channel.certificates()
    except (TimeoutError, OSError, ProtocolError):
        return ()


async def _chain_in_clear(
    door: Door, replies: Mapping[TlsVersion, HelloReply | str | None]
) -> tuple[bytes, ...]:
    """Return the chain that versions below TLS 1.3 show before encrypting: no suite is too old."""
    for version in _NEWEST_FIRST[1:]:
        reply = replies[version]
        if isinstance(reply, ServerHello) and reply.version == version:
            answer = await ask(door, usual_offer(version), read_flight)
            return answer.reply.chain if isinstance(answer.reply, Flight) else ()
    return ()


def _certificate(chain: tuple[bytes, ...], door: Door, now: dt.datetime) -> dict[str, Json] | None:
    if not chain:
        return None
    try:
        return read_certificate(chain, door.host, now=now, extra_roots=door.network.extra_roots)
    except ProtocolError:
        return None
