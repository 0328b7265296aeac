from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import dns.message
import dns.rrset
import pytest
from tests.engines.probing.peers import NOW, MemoryNetwork, answering, run, serving

from hygie.engines.probing import dns as probe
from hygie.engines.probing.dnsclient import encode_query
from hygie.engines.probing.errors import ForbiddenError, ProtocolError, UnresolvedError

if TYPE_CHECKING:
    from hygie.engines.probing.dnsclient import DnsAnswer

ZONE = {
    ("ch.example", "A"): ["198.51.100.10"],
    ("ch.example", "AAAA"): ["2001:db8::10"],
    ("ch.example", "NS"): ["ns2.ch.example", "ns1.ch.example"],
    ("ch.example", "CAA"): ['0 issue "ca.example"'],
    ("ns1.ch.example", "A"): ["192.0.2.53"],
    ("ns2.ch.example", "A"): ["192.0.2.54"],
    ("www.ch.example", "A"): ["198.51.100.11"],
}


def observe(name: str, network: MemoryNetwork) -> Any:  # noqa: ANN401
    return run(probe.observe(name, network, now=NOW)).value  # type: ignore[arg-type]


def transfer(*rrsets: str, rcode: int = 0) -> bytes:
    message = dns.message.make_response(dns.message.from_wire(encode_query("ch.example", "AXFR")))
    message.set_rcode(rcode)  # type: ignore[arg-type]
    for line in rrsets:
        name, kind, value = line.split("|")
        message.answer.append(dns.rrset.from_text(name, 60, "IN", kind, value))
    wire = message.to_wire()
    return len(wire).to_bytes(2, "big") + wire


SOA = "ch.example.|SOA|ns1.ch.example. dns.ch.example. 1 3600 600 86400 60"


def test_a_zone_shows_its_servers_and_how_far_apart_they_are() -> None:
    value = observe("ch.example", MemoryNetwork(ZONE))

    assert value["name_servers"] == ["ns1.ch.example", "ns2.ch.example"]
    assert value["networks"] == 1
    assert value["addresses"] == ["198.51.100.10"]
    assert value["ipv6"] == ["2001:db8::10"]
    assert value["caa"] == ['0 issue "ca.example"']
    assert value["dnssec"] is False
    assert value["dnssec_valid"] is None


def test_a_host_leaves_the_facts_of_its_zone_to_the_zone() -> None:
    value = observe("www.ch.example", MemoryNetwork(ZONE))

    assert value["addresses"] == ["198.51.100.11"]
    assert value["name_servers"] == []
    assert [value[key] for key in ("dnssec", "networks", "open_transfer")] == [None, None, None]


@pytest.mark.parametrize(
    ("answer", "is_open"),
    [
        pytest.param(transfer(SOA, "ch.example.|A|192.0.2.1"), True, id="handed over"),
        pytest.param(transfer(rcode=5), False, id="refused"),
        pytest.param(transfer(), False, id="empty"),
        pytest.param(b"\xff\xff", None, id="cut"),
    ],
)
def test_a_zone_transfer_is_only_begun(answer: bytes, is_open: bool | None) -> None:  # noqa: FBT001
    async def scenario() -> Any:  # noqa: ANN401
        async with serving(answering(answer)) as port:
            network = MemoryNetwork(ZONE, {"ns1.ch.example:53": port, "ns2.ch.example:53": port})
            return (await probe.observe("ch.example", network, now=NOW)).value  # type: ignore[arg-type]

    assert run(scenario())["open_transfer"] is is_open


class AliasedNetwork(MemoryNetwork):
    """``ancien.ch.example`` is an alias of a name that does not exist."""

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False) -> DnsAnswer:
        answer = await super().query(name, rdtype, checking_disabled=checking_disabled)
        if name != "ancien.ch.example":
            return answer
        return type(answer)("NXDOMAIN", (), ("ch.hebergeur-disparu.example",))


def test_an_alias_that_leads_nowhere_is_a_fact() -> None:
    value = observe("ancien.ch.example", AliasedNetwork(ZONE))

    assert value["dangling_cname"] == "ch.hebergeur-disparu.example"
    assert value["addresses"] == []


def test_an_absent_name_and_mute_servers_are_not_observed() -> None:
    with pytest.raises(UnresolvedError, match="n’existe pas"):
        observe("absent.example", MemoryNetwork(ZONE))
    with pytest.raises(UnresolvedError, match="ne répondent pas"):
        observe("ch.example", MemoryNetwork(ZONE, failing=["ch.example"]))


def test_what_the_mandate_keeps_from_asking_is_unknown_not_absent() -> None:
    class Guarded(MemoryNetwork):
        async def query(
            self, name: str, rdtype: str, *, checking_disabled: bool = False
        ) -> DnsAnswer:
            if name.startswith("ns"):
                raise ForbiddenError("hors du périmètre")
            if rdtype == "CAA":
                raise TimeoutError
            return await super().query(name, rdtype, checking_disabled=checking_disabled)

    value = observe("ch.example", Guarded(ZONE))

    assert (value["networks"], value["caa"]) == (None, None)
    assert len(value["name_servers"]) == 2


def test_the_first_message_of_a_transfer_must_be_dns() -> None:
    with pytest.raises(ProtocolError):
        probe.starts_transfer(b"HTTP/1.1 400 Bad Request")


def test_questions_are_put_side_by_side() -> None:
    class Slow(MemoryNetwork):
        async def query(
            self, name: str, rdtype: str, *, checking_disabled: bool = False
        ) -> DnsAnswer:
            await asyncio.sleep(0.02)
            return await super().query(name, rdtype, checking_disabled=checking_disabled)

    async def scenario() -> float:
        loop = asyncio.get_running_loop()
        started = loop.time()
        await probe.observe("ch.example", Slow(ZONE), now=NOW)  # type: ignore[arg-type]
        return loop.time() - started

    assert run(scenario()) < 0.15


class Denying(MemoryNetwork):
    """``example`` says that ``parti.example`` does not exist, or somebody says so without it."""

    def __init__(self, *zones: str | None) -> None:
        super().__init__({})
        self.zones = list(zones)

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False) -> DnsAnswer:
        answer = await super().query(name, rdtype, checking_disabled=checking_disabled)
        by = self.zones[0 if rdtype != "NS" else -1]
        return type(answer)("NXDOMAIN", denied_by=by, wire=b"denied")


def test_a_name_that_the_zone_above_denies_was_deleted() -> None:
    seen = run(probe.observe("parti.example", Denying("example"), now=NOW))  # type: ignore[arg-type]

    value: Any = seen.value
    assert (value["exists"], value["addresses"], value["dangling_cname"]) == (False, [], None)
    assert set(value) == set(observe("www.ch.example", MemoryNetwork(ZONE)))
    assert seen.evidence == b"denied"


@pytest.mark.parametrize("zones", [(None,), ("example", None), ("example", "autre.example")])
def test_a_denial_that_no_zone_signs_for_is_no_fact(zones: tuple[str | None, ...]) -> None:
    with pytest.raises(UnresolvedError):
        observe("parti.example", Denying(*zones))


def test_the_authorities_named_above_bind_the_names_below() -> None:
    records = {
        ("site.ch.example", "NS"): ["ns1.ch.example"],
        ("site.ch.example", "A"): ["192.0.2.1"],
        ("ch.example", "CAA"): ['0 issue "ca.example"'],
    }
    value = observe("site.ch.example", MemoryNetwork(records))

    assert (value["caa"], value["caa_from"]) == (['0 issue "ca.example"'], "ch.example")


def test_name_servers_reached_by_ipv6_alone_count_as_networks() -> None:
    records = {
        ("ch.example", "NS"): ["ns1.ch.example", "ns2.ch.example"],
        ("ch.example", "A"): ["192.0.2.1"],
        ("ns1.ch.example", "AAAA"): ["2001:db8:1::53"],
        ("ns2.ch.example", "AAAA"): ["2001:db8:2::53"],
    }

    assert observe("ch.example", MemoryNetwork(records))["networks"] == 2


def test_without_an_anchor_the_chain_is_unknown_and_says_so() -> None:
    value = observe("ch.example", MemoryNetwork(ZONE))

    assert value["dnssec_chain"] == "unknown"
    assert value["dnssec_reason"]
