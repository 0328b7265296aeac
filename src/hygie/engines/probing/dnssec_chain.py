"""The whole chain of trust of a zone, from an anchor given to it down to its SOA record.

Status: ``secure`` (every signature on the way holds), ``bogus`` (one does not: a resolver that
checks sees nothing of the zone), ``insecure`` (a zone on the way is not signed, as far as the
resolver says; the proof of that absence is not checked), ``unknown``.
Sources: RFC 4035 section 5, RFC 4033 section 5. Depth, keys and signatures are bounded.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import dns.exception
import dns.name
import dns.rdatatype
import dns.rrset
from dns.exception import UnsupportedAlgorithm

from hygie.engines.probing.dnssec import InvalidError, signed_set, validate_set, vouched_for
from hygie.engines.probing.dnswire import DnsAnswer
from hygie.engines.probing.errors import ForbiddenError, ProbeError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from hygie.engines.probing.reach import Resolver

Status = Literal["secure", "bogus", "insecure", "unknown"]

DEPTH_MAX: Final = 12


@dataclass(frozen=True, slots=True)
class Chain:
    """What the chain is worth; ``reason`` is a French line, None when it is secure."""

    status: Status
    reason: str | None = None


class _BrokenError(Exception):
    """The chain ends here: its argument is the verdict."""

    def __init__(self, chain: Chain) -> None:
        super().__init__(chain.reason)
        self.chain = chain


async def check_chain(
    zone: str, resolver: Resolver, anchors: Sequence[str], *, now: dt.datetime
) -> Chain:
    """Follow the chain from the nearest of ``anchors`` (DS records as text) down to ``zone``.

    Raises:
        ForbiddenError: if the resolver's guard refuses.
    """
    target = dns.name.from_text(zone)
    start = _nearest(target, anchors)
    if start is None:
        return Chain("unknown", "aucune clé de confiance au-dessus de cette zone")
    walk = _Walk(resolver, now.timestamp())
    try:
        keys = await walk.keys_of(start.name, start)
        origin = start.name
        for name in _below(origin, target):
            delegation = await walk.delegation(name, origin, keys)
            if delegation is not None:
                keys, origin = await walk.keys_of(name, delegation), name
        await walk.check_start(origin, keys)
    except _BrokenError as broken:
        return broken.chain
    return Chain("secure")


def _nearest(target: dns.name.Name, anchors: Sequence[str]) -> dns.rrset.RRset | None:
    """Return the DS set of the deepest anchor at or above ``target``."""
    found: dict[dns.name.Name, list[str]] = {}
    for text in anchors:
        owner, _, rest = text.partition(" DS ")
        name = dns.name.from_text(owner)
        if target.is_subdomain(name):
            found.setdefault(name, []).append(rest)
    if not found:
        return None
    nearest = max(found, key=lambda name: len(name.labels))
    return dns.rrset.from_text(nearest, 0, "IN", "DS", *found[nearest])


def _below(top: dns.name.Name, target: dns.name.Name) -> list[dns.name.Name]:
    """Return the names from just below ``top`` to ``target``, at most DEPTH_MAX."""
    count = len(target.labels) - len(top.labels)
    return [target.split(len(top.labels) + step)[1] for step in range(1, count + 1)][:DEPTH_MAX]


class _Walk:
    """The questions on the way, and the verdict when one has no good answer."""

    def __init__(self, resolver: Resolver, at: float) -> None:
        self._resolver = resolver
        self._at = at

    async def keys_of(self, zone: dns.name.Name, delegation: dns.rrset.RRset) -> dns.rrset.RRset:
        """Return the keys of ``zone``, which ``delegation`` vouches for."""
        answer = await self._ask(zone, "DNSKEY")
        keys, signatures = signed_set(answer, zone, dns.rdatatype.DNSKEY)
        if keys is None:
            raise _broken(zone, "annoncée comme signée, ne publie aucune clé")
        try:
            trusted = vouched_for(keys, delegation, zone)
        except (InvalidError, UnsupportedAlgorithm, ValueError):
            trusted = None
        if trusted is None:
            raise _broken(zone, "aucune clé ne correspond au DS de la zone parente")
        self._check(keys, signatures, trusted, zone, "la signature de ses clés ne tient pas")
        return keys

    async def delegation(
        self, name: dns.name.Name, parent: dns.name.Name, keys: dns.rrset.RRset
    ) -> dns.rrset.RRset | None:
        """Return the DS set of ``name``; None when it is no zone of its own."""
        answer = await self._ask(name, "DS")
        found, signatures = signed_set(answer, name, dns.rdatatype.DS)
        if found is None:
            if (await self._ask(name, "NS")).exists:
                reason = f"la zone {_text(name)} n’a pas de DS : elle n’est pas signée"
                raise _BrokenError(Chain("insecure", reason))
            return None
        self._check(found, signatures, keys, parent, f"la signature du DS de {_text(name)} cède")
        return found

    async def check_start(self, zone: dns.name.Name, keys: dns.rrset.RRset) -> None:
        """Check the SOA record: the zone itself is signed by its keys, now."""
        answer = await self._ask(zone, "SOA")
        found, signatures = signed_set(answer, zone, dns.rdatatype.SOA)
        self._check(found, signatures, keys, zone, "ses signatures manquent ou ont expiré")

    def _check(
        self,
        rrset: dns.rrset.RRset | None,
        signatures: dns.rrset.RRset | None,
        keys: dns.rrset.RRset,
        zone: dns.name.Name,
        reason: str,
    ) -> None:
        try:
            validate_set(rrset, signatures, keys, zone, self._at)
        except UnsupportedAlgorithm as error:
            unknown = Chain("unknown", f"algorithme de signature non géré dans {_text(zone)}")
            raise _BrokenError(unknown) from error
        except (InvalidError, dns.exception.DNSException, ValueError, struct.error, LookupError):
            raise _broken(zone, reason) from None

    async def _ask(self, name: dns.name.Name, kind: str) -> DnsAnswer:
        try:
            answer = await self._resolver.query(name.to_text(), kind, checking_disabled=True)
        except ForbiddenError:
            raise
        except (ProbeError, OSError):
            answer = DnsAnswer("SERVFAIL")
        if answer.failed:
            raise _BrokenError(Chain("unknown", f"pas de réponse pour {_text(name)} {kind}"))
        return answer


def _broken(zone: dns.name.Name, reason: str) -> _BrokenError:
    return _BrokenError(Chain("bogus", f"{_text(zone)} : {reason}"))


def _text(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True) or "."
