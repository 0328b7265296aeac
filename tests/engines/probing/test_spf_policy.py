from __future__ import annotations

from tests.engines.probing.peers import MemoryResolver, run

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
    assert "ne répond pas" in str(policy({"ch.example": "v=spf1 mx"}, ("ch.example",)).error)


def test_a_record_that_includes_itself_is_walked_a_bounded_time() -> None:
    found = policy({"ch.example": "v=spf1 include:ch.example include:ch.example -all"})

    assert found.lookups <= 100
    assert found.error is not None
