from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.engines.probing.spf_record import SpfSyntaxError, is_macro_text, is_spf, parse_record


def test_a_record_is_read_term_by_term() -> None:
    record = parse_record("V=SPF1 MX  -ip4:192.0.2.0/24 ~a:x.example/24//64 exp=e.example -all")

    assert [(d.qualifier, d.name) for d in record.directives] == [
        ("+", "mx"),
        ("-", "ip4"),
        ("~", "a"),
        ("-", "all"),
    ]
    assert (record.directives[2].v4_bits, record.directives[2].v6_bits) == (24, 64)
    assert record.explanation == "e.example"
    assert record.final_all == "-"


@pytest.mark.parametrize(
    "term",
    [
        *("all:x.example", "all/8", "include", "include:", "exists", "ip4", "ip4:", "ip6:1.2.3.4"),
        *("ip4:1.2.3", "ip4:1.2.3.4/33", "ip4:1.2.3.4/08", "ip6:::1/129", "ip6:fe80::1%eth0"),
        *("a:", "a/33", "a//129", "a:x.example/", "a:x.example//", "mx:foo", "a:x.123"),
        *("ptr:", "ptr/8", "bogus", "-", "a:%{x}.example", "a:%{d0}.example", "a:%{c}.example"),
        *("redirect=", "exp=", "redirect=a.example redirect=b.example", "1abc=x", "foo=%"),
        "exists:%abc.example",
    ],
)
def test_what_the_grammar_does_not_allow_is_refused_whole(term: str) -> None:
    with pytest.raises(SpfSyntaxError):
        parse_record(f"v=spf1 {term} -all")


@pytest.mark.parametrize(
    "term",
    [
        *("moo=", "moo=a%%b", "exists:%{i}.%{h1R-}._spf.example", "a:%{d}", "mx:x.example.", "ptr"),
        *("a:x.a-1", "ip6:2001:db8::", "a/0", "A:X.EXAMPLE"),
    ],
)
def test_what_the_grammar_allows_is_read(term: str) -> None:
    assert parse_record(f"v=spf1 {term} -all").final_all == "-"


def test_only_the_exact_version_is_spf() -> None:
    assert is_spf("v=spf1")
    assert is_spf("v=spf1 -all")
    assert not is_spf("v=spf1-all")
    assert not is_spf(" v=spf1 -all")


def test_an_explanation_needs_well_formed_macros() -> None:
    assert is_macro_text("Voir http://%{d}/why?i=%{c}%_ok")
    assert not is_macro_text("100% sûr")


def test_a_very_long_term_is_read_in_little_time() -> None:
    with pytest.raises(SpfSyntaxError):
        parse_record("v=spf1 a:" + ".1" * 1_900 + "!")


@given(text=st.text(alphabet="aimxptrlcudes:=%{}/.-~?+ 0123456789sd", max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_record_or_a_syntax_error(text: str) -> None:
    with suppress(SpfSyntaxError):
        parse_record(f"v=spf1 {text}")
