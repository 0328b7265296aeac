from __future__ import annotations

import datetime as dt

import dns.dnssec
import dns.message
import dns.name
import dns.rrset
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests.engines.probing.peers import NOW, run

from hygie.engines.probing.dnsclient import record_text
from hygie.engines.probing.dnssec_anchors import ROOT_ANCHORS
from hygie.engines.probing.dnssec_chain import Chain, check_chain
from hygie.engines.probing.dnswire import DnsAnswer
from hygie.engines.probing.errors import ForbiddenError

DAY = dt.timedelta(days=1)
NOTHING = DnsAnswer("NOERROR")


class Zone:
    """A zone with one key; what it signs holds until ``end``."""

    def __init__(self, name: str, end: dt.datetime = NOW + DAY) -> None:
        self.name = dns.name.from_text(name)
        self.end = end
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.key = dns.dnssec.make_dnskey(
            self.secret.public_key(), dns.dnssec.Algorithm.ECDSAP256SHA256, flags=257
        )

    def signed(self, rrset: dns.rrset.RRset) -> DnsAnswer:
        signature = dns.dnssec.sign(
            rrset, self.secret, self.name, self.key, inception=NOW - 9 * DAY, expiration=self.end
        )
        message = dns.message.make_response(dns.message.make_query(rrset.name, rrset.rdtype))
        message.answer = [rrset, dns.rrset.from_rdata_list(rrset.name, 60, [signature])]
        return DnsAnswer("NOERROR", tuple(map(record_text, rrset)), wire=message.to_wire())

    @property
    def delegation(self) -> dns.rrset.RRset:
        made = dns.dnssec.make_ds(self.name, self.key, "SHA256")
        return dns.rrset.from_rdata_list(self.name, 60, [made])

    @property
    def anchor(self) -> str:
        return f"{self.name} DS {self.delegation[0]}"


class World:
    """example. signs ch.example., which signs itself; ``labo.ch.example`` is no zone."""

    def __init__(self, child_end: dt.datetime = NOW + DAY) -> None:
        self.top, self.child = Zone("example."), Zone("ch.example.", child_end)
        soa = dns.rrset.from_text(self.child.name, 60, "IN", "SOA", "ns. dns. 1 2 3 4 5")
        self.answers = {
            ("example.", "DNSKEY"): self._keys(self.top),
            ("example.", "SOA"): self.top.signed(
                dns.rrset.from_text(self.top.name, 60, "IN", "SOA", "ns. dns. 1 2 3 4 5")
            ),
            ("ch.example.", "DS"): self.top.signed(self.child.delegation),
            ("ch.example.", "DNSKEY"): self._keys(self.child),
            ("ch.example.", "NS"): DnsAnswer("NOERROR", ("ns.ch.example",)),
            ("ch.example.", "SOA"): self.child.signed(soa),
        }

    @staticmethod
    def _keys(zone: Zone) -> DnsAnswer:
        return zone.signed(dns.rrset.from_rdata_list(zone.name, 60, [zone.key]))

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False) -> DnsAnswer:
        assert checking_disabled or rdtype == "NS"
        return self.answers.get((name, rdtype), NOTHING)


def verdict(world: World, zone: str = "ch.example", *anchors: str) -> Chain:
    return run(check_chain(zone, world, anchors or [world.top.anchor], now=NOW))


def test_a_chain_signed_down_to_the_zone_is_secure() -> None:
    assert verdict(World()) == Chain("secure")


def test_the_nearest_anchor_is_the_one_that_counts() -> None:
    world = World()

    assert verdict(world, "ch.example", *ROOT_ANCHORS, world.child.anchor) == Chain("secure")
    assert verdict(world, "ch.test", world.top.anchor).status == "unknown"


def test_a_name_that_is_no_zone_is_covered_by_the_one_above() -> None:
    assert verdict(World(), "labo.ch.example").status == "secure"


@pytest.mark.parametrize(
    "fault", ["expired", "other key", "no keys", "forged delegation", "unsigned start"]
)
def test_one_broken_link_is_bogus_and_says_which(fault: str) -> None:
    world = World(child_end=NOW - DAY) if fault == "expired" else World()
    stranger = World()
    if fault == "other key":
        world.answers["ch.example.", "DNSKEY"] = stranger.answers["ch.example.", "DNSKEY"]
    if fault == "no keys":
        world.answers["ch.example.", "DNSKEY"] = NOTHING
    if fault == "forged delegation":
        world.answers["ch.example.", "DS"] = stranger.answers["ch.example.", "DS"]
    if fault == "unsigned start":
        world.answers["ch.example.", "SOA"] = NOTHING

    chain = verdict(world)

    assert chain.status == "bogus"
    assert "example" in (chain.reason or "")


def test_a_zone_without_ds_is_insecure_and_silence_is_unknown() -> None:
    unsigned, mute = World(), World()
    unsigned.answers["ch.example.", "DS"] = NOTHING
    mute.answers["ch.example.", "DNSKEY"] = DnsAnswer("SERVFAIL")

    assert verdict(unsigned).status == "insecure"
    assert verdict(mute).status == "unknown"


def test_an_algorithm_nobody_knows_is_not_a_broken_chain() -> None:
    world = World()
    parts = str(world.top.delegation[0]).split()

    chain = verdict(world, "ch.example", f"example. DS {parts[0]} 13 99 {'00' * 32}")

    assert chain.status in ("unknown", "bogus")
    assert chain.reason


def test_a_stop_is_not_swallowed() -> None:
    class Guarded(World):
        async def query(
            self, name: str, rdtype: str, *, checking_disabled: bool = False
        ) -> DnsAnswer:
            raise ForbiddenError(f"{name} {rdtype} {checking_disabled}")

    with pytest.raises(ForbiddenError):
        verdict(Guarded())
