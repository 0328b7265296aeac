from __future__ import annotations

import ipaddress
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.engines.exchange.estate_fields import (
    FieldError,
    read_criticality,
    read_domain,
    read_network,
    read_quantity,
    read_text,
)
from hygie.vocabulary.enums import Criticality


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("CH-Valbrume.example", "ch-valbrume.example"),
        (" www.ch-valbrume.example. ", "www.ch-valbrume.example"),
        ("hôpital.example", "xn--hpital-ixa.example"),
    ],
)
def test_a_domain_is_lower_case_ascii(text: str, name: str) -> None:
    assert read_domain(text) == name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("https://ch.example/", "nom seul"),
        ("ch.example:443", "nom seul"),
        ("contact@ch.example", "nom seul"),
        ("*.ch.example", "joker"),
        ("192.0.2.1", "adresse"),
        ("2001:db8::1", "adresse"),
        ("serveur", "exemple"),
        ("a..example", "pas un nom"),
        ("_dmarc.ch.example", "pas un nom"),
        ("-a.example", "pas un nom"),
        ("a b.example", "pas un nom"),
        ("x" * 64 + ".example", "pas un nom"),
        ("x." * 200 + "example", "253"),
    ],
)
def test_what_is_not_a_domain_is_refused(text: str, message: str) -> None:
    with pytest.raises(FieldError, match=message):
        read_domain(text)


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1/32", "192.0.2.1"),
        (" 192.0.2.0/24 ", "192.0.2.0/24"),
        ("192.0.2.0/255.255.255.0", "192.0.2.0/24"),
        ("2001:DB8::/32", "2001:db8::/32"),
    ],
)
def test_an_address_or_network_is_canonical(text: str, network: str) -> None:
    assert read_network(text) == network


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("192.0.2.1/24", "192.0.2.1 ou 192.0.2.0/24"),
        ("192.0.2.1-9", "pas une adresse"),
        ("192.0.2", "pas une adresse"),
        ("fe80::1%eth0", "zone"),
        ("ch.example", "pas une adresse"),
    ],
)
def test_what_is_not_an_address_is_refused(text: str, message: str) -> None:
    with pytest.raises(FieldError, match=message):
        read_network(text)


def test_criticality_reads_french_and_english_words_only() -> None:
    assert read_criticality(" Vitale ") is Criticality.VITAL
    assert read_criticality("important") is Criticality.IMPORTANT
    assert read_criticality("de soutien") is Criticality.SUPPORT
    assert read_criticality("") is None
    with pytest.raises(FieldError, match="vital, important ou support"):
        read_criticality("haute")


def test_quantity_is_a_whole_number() -> None:
    assert (read_quantity(""), read_quantity("12"), read_quantity("1\u00a0200")) == (1, 12, 1200)
    for text in ("0", "-1", "2.5", "deux", "²", "9" * 9, "1000001"):
        with pytest.raises(FieldError):
            read_quantity(text)


def test_text_is_one_bounded_line() -> None:
    assert read_text(" a\n b ") == "a b"
    with pytest.raises(FieldError):
        read_text("x" * 201)


@given(st.text(max_size=300))
def test_any_cell_is_read_or_refused(text: str) -> None:
    for read in (read_text, read_criticality, read_quantity):
        with suppress(FieldError):
            read(text)
    with suppress(FieldError):
        assert read_domain(text).isascii()
    with suppress(FieldError):
        assert ipaddress.ip_network(read_network(text))
