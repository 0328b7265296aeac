"""The examples of RFC 7208 section 7.4."""

from __future__ import annotations

import ipaddress
from dataclasses import replace

import pytest

from hygie.engines.probing.spf_macros import MacroValues, expand, expand_name

V4 = MacroValues(
    ip=ipaddress.ip_address("192.0.2.3"),
    domain="email.example.com",
    sender="strong-bad@email.example.com",
    helo="mx.example.org",
)
V6 = replace(V4, ip=ipaddress.ip_address("2001:db8::cb01"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("%{s}", "strong-bad@email.example.com"),
        ("%{o}", "email.example.com"),
        ("%{d}", "email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d3}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{l}", "strong-bad"),
        ("%{l-}", "strong.bad"),
        ("%{lr}", "strong-bad"),
        ("%{lr-}", "bad.strong"),
        ("%{l1r-}", "strong"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
        ("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"),
        ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
        ("%{h}%%%_%-", "mx.example.org% %20"),
        ("%{S}", "strong-bad%40email.example.com"),
    ],
)
def test_the_examples_of_section_7_4(text: str, expected: str) -> None:
    assert expand(text, V4) == expected


def test_ipv6_is_written_nibble_by_nibble() -> None:
    assert expand("%{ir}.%{v}._spf.%{d2}", V6) == (
        "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com"
    )


def test_a_name_too_long_loses_its_leftmost_labels() -> None:
    name = expand_name("%{l}.%{d2}", replace(V4, sender="a." * 200 + "b@x.example"))

    assert len(name) <= 253
    assert name.endswith(".b.example.com")
