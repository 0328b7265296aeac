from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from tests.engines.probing.peers import NOW, MemoryNetwork, run, serving

from hygie.engines.probing import mail
from hygie.engines.probing.errors import ForbiddenError, UnresolvedError

if TYPE_CHECKING:
    from hygie.engines.probing.dnsclient import DnsAnswer
    from hygie.vocabulary.facts import Observation

ZONE = {
    ("ch.example", "MX"): ["20 mx2.ch.example", "10 mx1.ch.example"],
    ("ch.example", "TXT"): ["v=spf1 mx -all", "other=1"],
    ("mx1.ch.example", "A"): ["198.51.100.1"],
    ("mx2.ch.example", "A"): ["198.51.100.2"],
    ("_dmarc.ch.example", "TXT"): ["v=DMARC1; p=reject; sp=none; rua=mailto:dmarc@ch.example"],
    ("_mta-sts.ch.example", "TXT"): ["v=STSv1; id=1"],
    ("_smtp._tls.ch.example", "TXT"): ["v=TLSRPTv1; rua=mailto:tls@ch.example"],
}


async def smtp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mx2.ch.example ESMTP\r\n")
    await reader.readline()
    writer.write(b"250-mx2.ch.example\r\n250-PIPELINING\r\n250 STARTTLS\r\n")
    await reader.read()


def observe(
    domain: str = "ch.example",
    zone: dict[tuple[str, str], list[str]] | None = None,
    failing: tuple[str, ...] = (),
) -> Any:  # noqa: ANN401
    network = MemoryNetwork(ZONE if zone is None else zone, failing=failing)
    return run(mail.observe(domain, network, now=NOW)).value  # type: ignore[arg-type]


def test_the_rules_of_a_domain_are_read_together() -> None:
    value = observe()

    assert value["mx"] == ["mx1.ch.example", "mx2.ch.example"]
    assert (value["spf"], value["spf_all"], value["spf_lookups"]) == ("v=spf1 mx -all", "-", 1)
    assert value["spf_error"] is None
    assert (value["dmarc_policy"], value["dmarc_subdomain_policy"]) == ("reject", "none")
    assert (value["dmarc_rua"], value["mta_sts"], value["tls_rpt"]) == (True, True, True)
    assert value["starttls"] is None


def test_the_first_server_that_answers_tells_about_starttls() -> None:
    async def scenario() -> Observation:
        async with serving(smtp) as port:
            network = MemoryNetwork(ZONE, {"mx2.ch.example:25": port})
            return await mail.observe("ch.example", network, now=NOW)  # type: ignore[arg-type]

    seen = run(scenario())
    assert seen.value["starttls"] is True
    assert b"v=DMARC1" in seen.evidence


def test_a_domain_without_rules_shows_none() -> None:
    value = observe(zone={("ch.example", "A"): ["192.0.2.1"]})

    assert value["mx"] == []
    assert [value[key] for key in ("spf", "spf_all", "spf_lookups", "spf_error")] == [None] * 4
    assert [value[key] for key in ("dmarc", "dmarc_policy", "mta_sts")] == [None, None, False]


def test_a_null_mail_server_is_none() -> None:
    assert observe(zone={("ch.example", "MX"): ["0 ."]})["mx"] == []


def test_a_subdomain_follows_its_parent() -> None:
    value = observe("site.ch.example", ZONE | {("site.ch.example", "A"): ["192.0.2.1"]})

    assert value["dmarc_policy"] == "none"


def test_two_records_are_no_dmarc() -> None:
    zone = ZONE | {("_dmarc.ch.example", "TXT"): ["v=DMARC1; p=none", "v=DMARC1; p=reject"]}

    assert observe(zone=zone)["dmarc"] is None


def test_an_absent_domain_and_mute_servers_are_not_observed() -> None:
    for failing in ((), ("ch.example",)):
        with pytest.raises(UnresolvedError):
            observe(zone={("autre.example", "A"): []}, failing=failing)


def test_a_rule_nobody_could_tell_is_not_an_absent_rule() -> None:
    assert observe(failing=("_mta-sts.ch.example",))["mta_sts"] is None
    with pytest.raises(UnresolvedError):
        observe(failing=("_dmarc.ch.example",))


def test_a_stop_is_obeyed() -> None:
    class Stopped(MemoryNetwork):
        async def query(
            self, name: str, rdtype: str, *, checking_disabled: bool = False
        ) -> DnsAnswer:
            if name.startswith("_mta-sts"):
                raise ForbiddenError("arrêt")
            return await super().query(name, rdtype, checking_disabled=checking_disabled)

    with pytest.raises(ForbiddenError):
        run(mail.observe("ch.example", Stopped(ZONE), now=NOW))  # type: ignore[arg-type]
