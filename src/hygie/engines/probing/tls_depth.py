"""What a TLS service would accept beyond what it prefers: the deep question.

Value: asked_version (version of the questions about suites, null when it speaks TLS 1.3 alone),
sslv2 (or null), families_accepted, families_rejected, families_undetermined (see
``tls_families``), suites (names chosen in the answers), groups_accepted, groups_rejected,
groups_undetermined, post_quantum (a hybrid group is accepted), dhe_bits (or null), curve (chosen
in TLS 1.2, or null), compression, secure_renegotiation, extended_master_secret, ocsp_stapled,
server_order (booleans, null when not known).

Each line is one ClientHello, never finished. The groups of TLS 1.3 are asked about without a key
share: a server that takes one asks for it and signs nothing. Families and groups of older
versions are asked about at ``asked_version`` only. A hang-up is a refusal only if the service
still answers the first question at the end; else it tired of us, and we do not know.
Evidence: the answer to the first question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.engines.probing.errors import ForbiddenError, ProtocolError
from hygie.engines.probing.suites import TLS13_SUITES, suite_name
from hygie.engines.probing.tls_ask import Answer, Door, ask
from hygie.engines.probing.tls_families import (
    FAMILIES,
    OLDER_GROUPS,
    POST_QUANTUM,
    TLS13_GROUPS,
    group_name,
)
from hygie.engines.probing.tls_flight import Flight, Reply, read_flight
from hygie.engines.probing.tls_hello import Offer, TlsVersion, usual_offer
from hygie.engines.probing.tls_sslv2 import encode_sslv2_hello, read_sslv2_reply
from hygie.vocabulary.facts import EVIDENCE_MAX_BYTES, Json, Observation

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from hygie.engines.probing.network import Network

_OLDER: Final = (TlsVersion.TLS12, TlsVersion.TLS11, TlsVersion.TLS10, TlsVersion.SSLV3)
_RENEGOTIATION, _MASTER_SECRET = 0xFF01, 23
_SILENCES_MAX: Final = 3


async def observe(
    host: str, port: int, network: Network, *, now: dt.datetime, address: str | None = None
) -> Observation:
    """Ask ``host:port`` about each family, each group, and what old versions carry.

    Raises:
        ProtocolError: if it answers, but never in TLS.
        OSError, TimeoutError, ForbiddenError: if it cannot be reached or says nothing.
    """
    talk = _Talk(Door(host, port, network, address))
    first = await talk.begin()
    facts = await _older_facts(talk) | await _groups(talk, talk.older)
    facts |= await _sslv2(talk.door)
    facts["suites"] = [*sorted({suite_name(code) for code in talk.suites})]
    return Observation(
        subject=f"{host}:{port}",
        probe="tls-depth",
        value=facts,
        evidence=first.data[:EVIDENCE_MAX_BYTES],
        at=now,
    )


class _Talk:
    """The questions put to one service, and what they have in common.

    Attributes:
        older: the highest version below TLS 1.3 that it speaks, None when it speaks none.
        modern: it speaks TLS 1.3.
        suites: codes of the suites it chose.
    """

    def __init__(self, door: Door) -> None:
        self.door = door
        self.older: TlsVersion | None = None
        self.modern = False
        self.flight: Flight | None = None
        self.suites: set[int] = set()
        self._silences = 0

    async def begin(self) -> Answer[Reply]:
        """Find the versions that the next questions are asked in; return the first answer.

        Raises:
            ProtocolError: if it answers, but never in TLS.
            OSError, TimeoutError, ForbiddenError: if it cannot be reached or says nothing.
        """
        modern = await self.ask(usual_offer(TlsVersion.TLS13))
        if modern.failure is not None and not _is_nonsense(modern):
            raise modern.failure
        self.modern = _accepts(modern, TlsVersion.TLS13)
        for version in _OLDER:
            answer = await self.ask(_with_proofs(version))
            if _accepts(answer, version) and isinstance(answer.reply, Flight):
                self.older, self.flight = version, answer.reply
                return answer
        if not self.modern:
            raise TimeoutError if self._silences else ProtocolError("le service ne parle pas TLS")
        return modern

    async def ask(self, offer: Offer) -> Answer[Reply]:
        """Put one question.

        Raises:
            TimeoutError: once the service has been silent too often.
        """
        answer: Answer[Reply] = await ask(self.door, offer, read_flight)
        if isinstance(answer.failure, ForbiddenError):
            raise answer.failure
        if isinstance(answer.reply, Flight):
            self.suites.add(answer.reply.hello.suite)
        if answer.reply is None and not answer.closed and not _is_nonsense(answer):
            self._silences += 1
            if self._silences > _SILENCES_MAX:
                raise TimeoutError
        return answer

    async def verdict(self, offer: Offer) -> bool | None:
        """Tell whether the offer is accepted; None when it is not known."""
        answer = await self.ask(offer)
        if isinstance(answer.reply, Flight):
            hello = answer.reply.hello
            return hello.version == offer.version and hello.suite in offer.suites
        return False if answer.reply is not None or answer.closed else None

    async def still_answers(self) -> bool:
        """Tell whether the first question is still answered as it was."""
        if self.older is None:
            return _accepts(await self.ask(usual_offer(TlsVersion.TLS13)), TlsVersion.TLS13)
        return _accepts(await self.ask(usual_offer(self.older)), self.older)


def _is_nonsense(answer: Answer[Reply]) -> bool:
    return isinstance(answer.failure, ProtocolError)


def _with_proofs(version: TlsVersion) -> Offer:
    usual = usual_offer(version)
    return Offer(version, usual.suites, with_proofs=version is not TlsVersion.SSLV3)


def _accepts(answer: Answer[Reply], version: TlsVersion) -> bool:
    return isinstance(answer.reply, Flight) and answer.reply.hello.version == version


async def _older_facts(talk: _Talk) -> dict[str, Json]:
    """Return what versions below TLS 1.3 accept; families are refused when there is none."""
    version, flight = talk.older, talk.flight
    if version is None or flight is None:
        return _sorted("families", dict.fromkeys(FAMILIES, False)) | _NOTHING_OLDER
    families: dict[str, bool | None] = {
        name: await talk.verdict(Offer(version, codes)) for name, codes in FAMILIES.items()
    }
    if not await talk.still_answers():
        families = {name: found or None for name, found in families.items()}
    extensions = flight.hello.extensions
    return _sorted("families", families) | {
        "asked_version": version.label,
        "dhe_bits": await _dhe_bits(talk, version) if families["dhe"] else None,
        "curve": None if flight.curve is None else group_name(flight.curve),
        "compression": await _compresses(talk, version),
        "secure_renegotiation": _RENEGOTIATION in extensions,
        "extended_master_secret": _MASTER_SECRET in extensions,
        "ocsp_stapled": flight.stapled,
        "server_order": await _server_order(talk, version, flight),
    }


_NOTHING_OLDER: Final[dict[str, Json]] = {
    "asked_version": None,
    "dhe_bits": None,
    "curve": None,
    "compression": None,
    "secure_renegotiation": None,
    "extended_master_secret": None,
    "ocsp_stapled": None,
    "server_order": None,
}


def _sorted(what: str, verdicts: dict[str, bool | None]) -> dict[str, Json]:
    words = {True: "accepted", False: "rejected", None: "undetermined"}
    return {
        f"{what}_{word}": [name for name, found in verdicts.items() if found is verdict]
        for verdict, word in words.items()
    }


async def _dhe_bits(talk: _Talk, version: TlsVersion) -> int | None:
    answer = await talk.ask(Offer(version, FAMILIES["dhe"]))
    return answer.reply.dhe_bits if isinstance(answer.reply, Flight) else None


async def _compresses(talk: _Talk, version: TlsVersion) -> bool | None:
    offer = Offer(version, usual_offer(version).suites, compressions=b"\x01\x00")
    answer = await talk.ask(offer)
    return answer.reply.hello.compression != 0 if isinstance(answer.reply, Flight) else None


async def _server_order(talk: _Talk, version: TlsVersion, flight: Flight) -> bool | None:
    """Ask with our preferences turned over: the same choice again is the server's own."""
    backwards = tuple(reversed(usual_offer(version).suites))
    answer = await talk.ask(Offer(version, backwards))
    if not isinstance(answer.reply, Flight):
        return None
    return answer.reply.hello.suite == flight.hello.suite


async def _groups(talk: _Talk, older: TlsVersion | None) -> dict[str, Json]:
    verdicts: dict[str, bool | None] = {}
    if talk.modern:
        verdicts = await _verdicts(talk, TLS13_GROUPS, TlsVersion.TLS13, tuple(TLS13_SUITES))
    elif older is not None and older is not TlsVersion.SSLV3:
        verdicts = await _verdicts(talk, OLDER_GROUPS, older, FAMILIES["ecdhe"])
    facts = _sorted("groups", verdicts)
    accepted = {name for name, found in verdicts.items() if found}
    return facts | {"post_quantum": bool(accepted & POST_QUANTUM) if verdicts else None}


async def _verdicts(
    talk: _Talk, groups: Iterable[int], version: TlsVersion, suites: tuple[int, ...]
) -> dict[str, bool | None]:
    return {
        group_name(code): await talk.verdict(Offer(version, suites, (code,), with_share=False))
        for code in groups
    }


async def _sslv2(door: Door) -> dict[str, Json]:
    answer = await ask(door, encode_sslv2_hello(), read_sslv2_reply)
    known = answer.closed or isinstance(answer.failure, ProtocolError)
    return {"sslv2": answer.reply if answer.reply is not None else (False if known else None)}
