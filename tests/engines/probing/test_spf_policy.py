from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.engines.probing.peers import MemoryResolver, run

if TYPE_CHECKING:
    from hygie.engines.probing.dnsclient import DnsAnswer

from hygie.engines.probing.errors import ForbiddenError, UnresolvedError
from hygie.engines.probing.spf_policy import SpfPolicy, describe


def policy(zone: dict[str, str], failing: tuple[str, ...] = ()) -> SpfPolicy:
    resolver = MemoryResolver({(name, "TXT"): [text] for name, text in zone.items()}, failing)
    return run(describe("ch.example", resolver))


def test_the_final_word_and_the_lookups_are_counted_through_includes() -> None:
    found = policy(
        {
            "ch.example": "v=spf1 mx include:a.example include:b.example ~all",
            "a.example": "v=spf1 a mx ip4:192.0.2.1 -all",
            "b.example": "v=spf1 exists:%{i}.b.example ?all",
        }
    )

    assert (found.all, found.lookups, found.error) == ("~", 6, None)


def test_a_redirect_brings_its_own_final_word() -> None:
    found = policy({"ch.example": "v=spf1 redirect=r.example", "r.example": "v=spf1 a -all"})

    assert (found.all, found.lookups) == ("-", 2)


def test_nothing_said_of_the_others_is_neutral() -> None:
    assert policy({"ch.example": "v=spf1 mx"}).all == "?"


def test_no_record_is_no_error() -> None:
    assert policy({"ch.example": "hello"}) == SpfPolicy()


def test_too_many_lookups_are_said_with_their_number() -> None:
    zone = {"ch.example": "v=spf1 " + " ".join(f"a:h{n}.example" for n in range(12)) + " -all"}

    found = policy(zone)

    assert (found.all, found.lookups) == ("-", 12)
    assert found.error is not None
    assert found.error.startswith("12 recherches")


def test_faults_are_said_in_one_line() -> None:
    assert "terme inconnu" in str(policy({"ch.example": "v=spf1 mxx -all"}).error)
    assert "include" in str(policy({"ch.example": "v=spf1 include:n.example -all"}).error)


def test_a_record_that_includes_itself_is_walked_a_bounded_time() -> None:
    found = policy({"ch.example": "v=spf1 include:ch.example include:ch.example -all"})

    assert found.lookups is not None
    assert found.lookups <= 100
    assert found.error is not None


def test_an_included_domain_that_cannot_be_read_is_no_fault_of_the_record() -> None:
    found = policy({"ch.example": "v=spf1 include:mute.example -all"}, ("mute.example",))

    assert (found.all, found.lookups, found.error) == ("-", None, None)

    class Guarded(MemoryResolver):
        async def query(
            self, name: str, rdtype: str, *, checking_disabled: bool = False
        ) -> DnsAnswer:
            if name == "tiers.example":
                raise ForbiddenError("hors du périmètre")
            return await super().query(name, rdtype, checking_disabled=checking_disabled)

    resolver = Guarded({("ch.example", "TXT"): ["v=spf1 include:tiers.example ~all"]})
    assert run(describe("ch.example", resolver)) == SpfPolicy(
        "v=spf1 include:tiers.example ~all", "~", None
    )


def test_a_mute_domain_has_no_policy_to_read() -> None:
    with pytest.raises(UnresolvedError):
        policy({"ch.example": "v=spf1 mx"}, ("ch.example",))


def test_the_final_word_is_known_even_when_the_record_fails() -> None:
    assert policy({"ch.example": "v=spf1 include:n.example -all"}).all == "-"
