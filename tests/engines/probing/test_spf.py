"""RFC 7208: the examples of its appendix A, its tables and its limits."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.probing.peers import MemoryResolver, run

from hygie.engines.probing.spf import SpfResult, SpfWord, check_host

# Appendix A of RFC 7208: the zone that its examples are read against.
APPENDIX_A = {
    ("example.com", "MX"): ["10 mail-a.example.com", "20 mail-b.example.com"],
    ("example.com", "A"): ["192.0.2.10", "192.0.2.11"],
    ("amy.example.com", "A"): ["192.0.2.65"],
    ("bob.example.com", "A"): ["192.0.2.66"],
    ("mail-a.example.com", "A"): ["192.0.2.129"],
    ("mail-b.example.com", "A"): ["192.0.2.130"],
    ("example.org", "MX"): ["10 mail-c.example.org"],
    ("mail-c.example.org", "A"): ["192.0.2.140"],
    ("10.2.0.192.in-addr.arpa", "PTR"): ["example.com"],
    ("11.2.0.192.in-addr.arpa", "PTR"): ["example.com"],
    ("65.2.0.192.in-addr.arpa", "PTR"): ["amy.example.com"],
    ("66.2.0.192.in-addr.arpa", "PTR"): ["bob.example.com"],
    ("129.2.0.192.in-addr.arpa", "PTR"): ["mail-a.example.com"],
    ("130.2.0.192.in-addr.arpa", "PTR"): ["mail-b.example.com"],
    ("140.2.0.192.in-addr.arpa", "PTR"): ["mail-c.example.org"],
    ("10.0.0.10.in-addr.arpa", "PTR"): ["example.com"],
}


def check(
    ip: str,
    record: str | dict[str, str],
    *,
    sender: str = "strong-bad@example.com",
    helo: str = "mta.example.com",
    zone: dict[tuple[str, str], list[str]] | None = None,
    failing: tuple[str, ...] = (),
) -> SpfResult:
    texts = record if isinstance(record, dict) else {"example.com": record}
    records = APPENDIX_A | {(name, "TXT"): [text] for name, text in texts.items()} | (zone or {})
    resolver = MemoryResolver(records, failing)
    return run(check_host(ip, "example.com", sender, helo, resolver))


@pytest.mark.parametrize(
    ("record", "passing", "failing"),
    [
        ("v=spf1 +all", ["192.0.2.129", "203.0.113.9"], []),
        ("v=spf1 a -all", ["192.0.2.10", "192.0.2.11"], ["192.0.2.65"]),
        ("v=spf1 a:example.org -all", [], ["192.0.2.10"]),
        ("v=spf1 mx -all", ["192.0.2.129", "192.0.2.130"], ["192.0.2.10"]),
        ("v=spf1 mx:example.org -all", ["192.0.2.140"], ["192.0.2.130"]),
        ("v=spf1 mx mx:example.org -all", ["192.0.2.129", "192.0.2.140"], ["192.0.2.10"]),
        ("v=spf1 mx/30 mx:example.org/30 -all", ["192.0.2.131", "192.0.2.143"], ["192.0.2.132"]),
        ("v=spf1 ptr -all", ["192.0.2.10", "192.0.2.65"], ["192.0.2.140", "10.0.0.10"]),
        ("v=spf1 ip4:192.0.2.128/28 -all", ["192.0.2.129"], ["192.0.2.65"]),
    ],
)
def test_the_examples_of_appendix_a(record: str, passing: list[str], failing: list[str]) -> None:
    assert [check(ip, record).word for ip in passing] == ["pass"] * len(passing)
    assert [check(ip, record).word for ip in failing] == ["fail"] * len(failing)


def test_appendix_a_delegates_with_redirect_and_include() -> None:
    zone = {
        "example.com": "v=spf1 include:la.example.com redirect=_spf.example.com",
        "la.example.com": "v=spf1 ip4:198.51.100.0/24 -all",
        "_spf.example.com": "v=spf1 mx:example.com -all",
    }

    assert check("198.51.100.7", zone).word == "pass"
    assert check("192.0.2.129", zone).word == "pass"
    assert check("192.0.2.10", zone).word == "fail"


def test_appendix_a_lets_one_sender_through_one_server() -> None:
    record = {
        "example.com": "v=spf1 mx include:_spf.%{d} exists:%{l}._spf.%{d} -all",
        "_spf.example.com": "v=spf1 -all",
    }
    zone = {("mary._spf.example.com", "A"): ["127.0.0.2"]}

    assert check("203.0.113.1", record, sender="mary@example.com", zone=zone).word == "pass"
    assert check("203.0.113.1", record, sender="fred@example.com", zone=zone).word == "fail"


@pytest.mark.parametrize(
    ("qualifier", "word"),
    [("+", "pass"), ("-", "fail"), ("~", "softfail"), ("?", "neutral"), ("", "pass")],
)
def test_the_qualifier_is_the_result(qualifier: str, word: str) -> None:
    result = check("203.0.113.1", f"v=spf1 {qualifier}all")

    assert result.word == word
    assert result.mechanism == f"{qualifier or '+'}all"


def test_nothing_said_is_neutral_and_no_record_is_none() -> None:
    assert check("203.0.113.1", "v=spf1 ip4:192.0.2.1").word is SpfWord.NEUTRAL
    assert check("203.0.113.1", "v=spf10 +all").word is SpfWord.NONE
    assert check("203.0.113.1", "spf2.0/pra +all").word is SpfWord.NONE


def test_two_records_are_a_permanent_error() -> None:
    zone = {("example.com", "TXT"): ["v=spf1 -all", "v=spf1 +all"]}

    assert check("203.0.113.1", {}, zone=zone).word == "permerror"


@pytest.mark.parametrize("domain", ["localhost", "", "a..b", "x" * 64 + ".example", "é.example"])
def test_a_domain_that_cannot_be_asked_about_is_none(domain: str) -> None:
    result = run(check_host("192.0.2.1", domain, "a@b.example", "h.example", MemoryResolver({})))

    assert result.word == "none"


@pytest.mark.parametrize(
    ("inner", "word"),
    [
        ("v=spf1 +all", "pass"),
        ("v=spf1 -all", "softfail"),
        ("v=spf1 ~all", "softfail"),
        ("v=spf1 ?all", "softfail"),
        ("v=spf1 bogus", "permerror"),
        ("no policy", "permerror"),
    ],
)
def test_include_follows_the_table_of_section_5_2(inner: str, word: str) -> None:
    zone = {"example.com": "v=spf1 include:in.example.net ~all", "in.example.net": inner}

    assert check("203.0.113.1", zone).word == word


def test_a_mute_server_is_a_temporary_error_even_inside_an_include() -> None:
    record = "v=spf1 include:in.example.net -all"

    assert check("203.0.113.1", record, failing=("in.example.net",)).word == "temperror"
    assert check("203.0.113.1", record, failing=("example.com",)).word == "temperror"


def test_redirect_is_ignored_beside_all_and_fails_without_a_policy() -> None:
    ignored = {"example.com": "v=spf1 ?all redirect=none.example.net"}
    lost = {"example.com": "v=spf1 redirect=none.example.net"}

    assert check("203.0.113.1", ignored).word == "neutral"
    assert check("203.0.113.1", lost).word == "permerror"


def test_ten_lookups_pass_and_eleven_do_not() -> None:
    def zone(count: int) -> dict[str, str]:
        includes = " ".join(f"include:i{n}.example.net" for n in range(count))
        return {"example.com": f"v=spf1 {includes} -all"} | {
            f"i{n}.example.net": "v=spf1 ip4:198.51.100.1 ?all" for n in range(count)
        }

    assert check("203.0.113.1", zone(10)).word == "fail"
    assert check("203.0.113.1", zone(10)).lookups == 10
    assert check("203.0.113.1", zone(11)).word == "permerror"


def test_an_include_of_itself_ends_at_the_limit() -> None:
    assert check("203.0.113.1", "v=spf1 include:example.com -all").word == "permerror"
    assert check("203.0.113.1", "v=spf1 redirect=example.com").word == "permerror"


def test_two_void_lookups_pass_and_three_do_not() -> None:
    two = check("203.0.113.1", "v=spf1 a:a.example.net a:b.example.net -all")
    three = check("203.0.113.1", "v=spf1 a:a.example.net a:b.example.net a:c.example.net -all")

    assert (two.word, two.void_lookups) == ("fail", 2)
    assert three.word == "permerror"


def test_eleven_mail_servers_are_too_many() -> None:
    zone = {("example.com", "MX"): [f"{n} m{n}.example.com" for n in range(11)]}

    assert check("203.0.113.1", "v=spf1 mx -all", zone=zone).word == "permerror"


def test_ipv6_has_its_own_lengths_and_mapped_ipv4_is_ipv4() -> None:
    zone = {("example.com", "AAAA"): ["2001:db8::1"]}

    assert check("2001:db8::ffff", "v=spf1 a//64 -all", zone=zone).word == "pass"
    assert check("2001:db8:1::1", "v=spf1 a//64 -all", zone=zone).word == "fail"
    assert check("2001:db8::5", "v=spf1 ip6:2001:db8::/32 -all").word == "pass"
    assert check("::ffff:192.0.2.10", "v=spf1 a -all").word == "pass"


def test_a_fail_carries_the_domains_own_explanation() -> None:
    zone = {
        "example.com": "v=spf1 -all exp=explain._spf.%{d}",
        "explain._spf.example.com": "%{c} n'est pas un serveur de %{o} (%{t})",
    }
    resolver = MemoryResolver({(name, "TXT"): [text] for name, text in zone.items()})
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

    result = run(
        check_host("192.0.2.3", "example.com", "a@example.com", "h.example", resolver, now=now)
    )

    assert result.explanation == "192.0.2.3 n'est pas un serveur de example.com (1767225600)"


def test_a_broken_explanation_is_no_explanation() -> None:
    record = "v=spf1 -all exp=explain.example.com"
    zone = {("explain.example.com", "TXT"): ["mal form%e"]}

    result = check("203.0.113.1", record, zone=zone)

    assert (result.word, result.explanation) == ("fail", "")
    assert check("203.0.113.1", record, failing=("explain.example.com",)).explanation == ""


def test_the_validated_name_macro_prefers_the_domain_itself() -> None:
    zone = {
        ("10.2.0.192.in-addr.arpa", "PTR"): ["other.example.net", "example.com"],
        ("other.example.net", "A"): ["192.0.2.10"],
        ("example.com.list.example.net", "A"): ["127.0.0.2"],
    }

    assert check("192.0.2.10", "v=spf1 exists:%{p}.list.example.net -all", zone=zone).word == "pass"


def test_an_empty_sender_is_postmaster_at_the_helo_name() -> None:
    zone = {("postmaster.mta.example.com", "A"): ["127.0.0.2"]}

    result = check("203.0.113.1", "v=spf1 exists:%{l}.%{o} -all", sender="", zone=zone)

    assert result.word == "pass"


def test_a_sender_that_cannot_be_a_name_matches_nothing() -> None:
    sender = 'tw\\o..dots" (é)@example.com'

    assert check("203.0.113.1", "v=spf1 exists:%{l}.%{d} -all", sender=sender).word == "fail"


@given(record=st.text(max_size=80), sender=st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_record_and_sender_give_a_result(record: str, sender: str) -> None:
    assert check("203.0.113.1", f"v=spf1 {record}", sender=sender).word in SpfWord
