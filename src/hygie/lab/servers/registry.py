"""The zone above those of the lab: it signs them, and says which name servers they have.

It serves ``example.`` with one key, the anchor of every chain of trust in the lab, and answers
questions about the zones below by a referral, which may differ from what they say themselves.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import dns.dnssec
import dns.dnssectypes
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Callable

ORIGIN: Final = dns.name.from_text("example.")
SERVER: Final = "ns.registre.example"
_ADDRESS: Final = "192.0.2.54"
_TTL_S: Final = 60
_DAY: Final = dt.timedelta(days=1)
_ALGORITHM: Final = dns.dnssectypes.Algorithm.ECDSAP256SHA256


class Registry:
    """Signs and serves ``example.``.

    Args:
        now: aware time around which its signatures hold.
    """

    def __init__(self, now: dt.datetime) -> None:
        self._now = now
        self._secret = ec.generate_private_key(ec.SECP256R1())
        self._key = dns.dnssec.make_dnskey(self._secret.public_key(), _ALGORITHM, flags=257)
        self._signatures: dict[tuple[dns.name.Name, int], dns.rrset.RRset] = {}
        soa = f"{SERVER}. dns.{SERVER}. 1 3600 600 86400 {_TTL_S}"
        server = dns.name.from_text(SERVER)
        sets = [
            dns.rrset.from_text(ORIGIN, _TTL_S, "IN", "SOA", soa),
            dns.rrset.from_text(ORIGIN, _TTL_S, "IN", "NS", f"{SERVER}."),
            dns.rrset.from_text(server, _TTL_S, "IN", "A", _ADDRESS),
            dns.rrset.from_rdata(ORIGIN, _TTL_S, self._key),
        ]
        self._records = {(rrset.name, rrset.rdtype): rrset for rrset in sets}

    @property
    def anchor(self) -> str:
        """Return the DS record of ``example.`` as text: where chains of trust start."""
        return f"{ORIGIN} DS {dns.dnssec.make_ds(ORIGIN, self._key, 'SHA256')}"

    def holds(self, name: dns.name.Name) -> bool:
        """Tell whether the registry itself answers for a name."""
        return any(owner == name for owner, _ in self._records)

    def look_up(
        self, question: dns.rrset.RRset, response: dns.message.Message, *, signed: bool
    ) -> None:
        """Answer a question about ``example.`` or its server."""
        found = self._records.get((question.name, question.rdtype))
        if found is None:
            response.authority.append(self._records[ORIGIN, dns.rdatatype.SOA])
            return
        response.answer.append(found)
        if signed:
            response.answer.append(self.signature_of(found))

    def deny(self, response: dns.message.Message) -> None:
        """Say that a name does not exist, as the zone above it does."""
        response.set_rcode(dns.rcode.NXDOMAIN)
        response.authority.append(self._records[ORIGIN, dns.rdatatype.SOA])

    def signature_of(self, rrset: dns.rrset.RRset) -> dns.rrset.RRset:
        """Return the registry's signature of one of its sets, or of a DS set below it."""
        key = (rrset.name, hash(tuple(sorted(str(record) for record in rrset))))
        if key not in self._signatures:
            made = dns.dnssec.sign(
                rrset,
                self._secret,
                ORIGIN,
                self._key,
                inception=self._now - 60 * _DAY,
                expiration=self._now + 30 * _DAY,
            )
            self._signatures[key] = dns.rrset.from_rdata(rrset.name, rrset.ttl, made)
        return self._signatures[key]


class ParentView:
    """What the registry's own server answers: referrals to the servers that it knows.

    Args:
        servers_of: the name servers declared for a zone, None for a name it knows nothing of.
    """

    def __init__(self, servers_of: Callable[[dns.name.Name], tuple[str, ...] | None]) -> None:
        self._servers_of = servers_of

    def answer(self, wire: bytes, *, over_tcp: bool) -> bytes | None:  # noqa: ARG002 - as Resolver
        """Return the referral, None for what is no question."""
        try:
            query = dns.message.from_wire(wire)
            response = dns.message.make_response(query)
        except (dns.exception.DNSException, ValueError):
            return None
        name = query.question[0].name if len(query.question) == 1 else ORIGIN
        servers = self._servers_of(name)
        if servers is None:
            response.set_rcode(dns.rcode.REFUSED)
        else:
            names = [f"{server}." for server in servers]
            response.authority.append(dns.rrset.from_text(name, _TTL_S, "IN", "NS", *names))
        return response.to_wire()
