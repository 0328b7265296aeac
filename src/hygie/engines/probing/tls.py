"""Which TLS versions a service accepts, what it prefers, and its certificate.

Value: accepted, rejected, undetermined (lists of "SSLv3", "TLSv1.0" … "TLSv1.3"); cipher (IANA
name chosen at the highest version, or null); forward_secrecy (of that cipher, or null);
certificate (see ``certificate.read_certificate``, null when no handshake could be finished):
subject, issuer, not_before, not_after (ISO 8601), names, key_type, key_bits, signature_hash,
self_signed, name_matches, trusted.

One ClientHello per version (``tls_hello``) and one full handshake. Evidence: the server's reply
at the highest version accepted.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Final

from hygie.engines.probing.certificate import read_certificate
from hygie.engines.probing.errors import ForbiddenError, ProtocolError
from hygie.engines.probing.suites import has_forward_secrecy, suite_name
from hygie.engines.probing.tls_channel import TlsChannel
from hygie.engines.probing.tls_hello import (
    REPLY_MAX_BYTES,
    Alert,
    HelloReply,
    ServerHello,
    TlsVersion,
    encode_client_hello,
    read_hello_reply,
)
from hygie.vocabulary.facts import EVIDENCE_MAX_BYTES, Json, Observation

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from hygie.engines.probing.connection import Stream
    from hygie.engines.probing.network import Network

_HELLO_TIMEOUT_S: Final = 2.0
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
    answers: dict[TlsVersion, _Answer] = {}
    for version in _NEWEST_FIRST:
        answers[version] = await _ask(version, host, port, network, address)
        _give_up_if_mute(list(answers.values()))
    replies = {version: answer.reply for version, answer in answers.items()}
    if not any(isinstance(reply, ServerHello | Alert) for reply in replies.values()):
        raise ProtocolError("le service ne répond pas en TLS")
    chain = await _certificates(host, port, network, address)
    evidence = next((a.data for a in answers.values() if isinstance(a.reply, ServerHello)), b"")
    return Observation(
        subject=f"{host}:{port}",
        probe="tls",
        value=versions_facts(replies) | {"certificate": _certificate(chain, host, now, network)},
        evidence=evidence[:EVIDENCE_MAX_BYTES],
        at=now,
    )


class _Answer:
    """What one ClientHello brought: a reply, or the reason why there is none."""

    __slots__ = ("data", "failure", "reply")

    def __init__(
        self, reply: HelloReply | str | None, data: bytes = b"", failure: Exception | None = None
    ) -> None:
        self.reply, self.data, self.failure = reply, data, failure


def _give_up_if_mute(answers: list[_Answer]) -> None:
    """Stop when no connection can be made, when two hellos met silence, or when told to."""
    failure = answers[-1].failure
    if isinstance(failure, ForbiddenError) or (len(answers) == 1 and isinstance(failure, OSError)):
        raise failure
    if len(answers) == _SILENCES and all(a.reply is None and not a.failure for a in answers):
        raise TimeoutError


async def _ask(
    version: TlsVersion, host: str, port: int, network: Network, address: str | None
) -> _Answer:
    hello = encode_client_hello(version, host, random=os.urandom(64))
    try:
        async with await network.open(host, port, address=address) as connection:
            try:
                async with asyncio.timeout(_HELLO_TIMEOUT_S):
                    await connection.write(hello)
                    return await _read_reply(connection)
            except ConnectionError:
                return _Answer(_CLOSED)
            except TimeoutError:
                return _Answer(None)
    except (ProtocolError, ForbiddenError, OSError) as error:
        return _Answer(None, failure=error)


async def _read_reply(stream: Stream) -> _Answer:
    data = b""
    while (reply := read_hello_reply(data)) is None:
        more = await stream.read(REPLY_MAX_BYTES)
        if not more:
            return _Answer(_CLOSED, data)
        data += more
    return _Answer(reply, data)


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


async def _certificates(
    host: str, port: int, network: Network, address: str | None
) -> tuple[bytes, ...]:
    """Return the chain of one full handshake, empty when it cannot be finished."""
    try:
        async with (
            await network.open(host, port, address=address) as connection,
            asyncio.timeout(_HANDSHAKE_TIMEOUT_S),
        ):
            channel = TlsChannel(connection, host)
            await channel.handshake()
            return channel.certificates()
    except (TimeoutError, OSError, ProtocolError):
        return ()


def _certificate(
    chain: tuple[bytes, ...], host: str, now: dt.datetime, network: Network
) -> dict[str, Json] | None:
    if not chain:
        return None
    try:
        return read_certificate(chain, host, now=now, extra_roots=network.extra_roots)
    except ProtocolError:
        return None
