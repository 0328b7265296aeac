from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.engines.exchange.scans import names
from hygie.engines.exchange.scans.names import parse_ct, parse_zone
from hygie.vocabulary.errors import InputError, TooLargeError

CRT_SH = [
    {"id": 1, "common_name": "www.essai.example", "not_after": "2026-05-01T00:00:00",
     "name_value": "www.essai.example\n*.essai.example\nadmin@essai.example"},
    {"id": 2, "common_name": "VPN.Essai.example", "name_value": "vpn.essai.example"},
]  # fmt: skip

ZONE = b"""$ORIGIN essai.example.
$TTL 3600
@ IN SOA ns hostmaster 1 7200 3600 1209600 3600
@ IN NS ns.tiers.example.
@ IN MX 10 mail
mail IN A 192.0.2.25
www IN CNAME site.tiers.example.
*.demo IN A 192.0.2.26
_dmarc IN TXT "v=DMARC1; p=none"
v6 IN AAAA 2001:db8::1
"""


def test_certificates_give_names_once_and_no_mail_address() -> None:
    found = parse_ct(json.dumps(CRT_SH).encode(), source="x")

    assert [one.name for one in found] == [
        "www.essai.example",
        "essai.example",
        "vpn.essai.example",
    ]
    assert found[0].found_in == "certificat 1, fin 2026-05-01"


def test_a_table_of_certificates_is_read_too() -> None:
    found = parse_ct(b"id;name_value\n1;www.essai.example\n2;\n", source="x")

    assert [one.name for one in found] == ["www.essai.example"]


def test_a_zone_gives_names_with_an_address_and_never_what_others_run() -> None:
    found = parse_zone(ZONE, source="x")

    assert {one.name for one in found} == {
        "mail.essai.example", "192.0.2.25", "www.essai.example", "demo.essai.example",
        "192.0.2.26", "v6.essai.example", "2001:db8::1",
    }  # fmt: skip
    assert found[0].found_in == "zone essai.example"


@pytest.mark.parametrize(
    "directive", [b"$INCLUDE /etc/passwd\n", b"$GENERATE 1-1000000 h$ A 192.0.2.1\n"]
)
def test_a_zone_reads_no_other_file_and_makes_no_million_names(directive: bytes) -> None:
    with pytest.raises(InputError, match="illisible"):
        parse_zone(ZONE + directive, source="x")


def test_a_zone_without_its_name_asks_for_it() -> None:
    bare = ZONE.partition(b"\n")[2]

    with pytest.raises(InputError, match="--origin"):
        parse_zone(bare, source="x")
    assert parse_zone(bare, source="x", origin="essai.example")


def test_names_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "MAX_NAMES", 2)
    with pytest.raises(TooLargeError):
        parse_ct(json.dumps(CRT_SH).encode(), source="x")


@pytest.mark.parametrize("document", [b'[{"a": 1}]', b"a,b\n1,2\n", b"\xff\xfe"])
def test_what_holds_no_names_is_refused(document: bytes) -> None:
    with pytest.raises(InputError):
        parse_ct(document, source="x")


@given(st.binary(max_size=300))
def test_any_bytes_are_names_or_one_line(document: bytes) -> None:
    for parse in (parse_ct, parse_zone):
        try:
            parse(document, source="x")
        except InputError as error:
            line = str(error)
            assert "\n" not in line
