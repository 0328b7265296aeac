from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.domain.estate.mandates import Line
from hygie.domain.estate.perimeter import (
    PerimeterError,
    checked_line,
    domain_line,
    host_line,
    network_line,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("CH-Essai.example.", "ch-essai.example"),
        ("hôpital.example", "xn--hpital-ixa.example"),
        ("ch-essai.asso.fr", "ch-essai.asso.fr"),
        ("ch-essai.gouv.nc", "ch-essai.gouv.nc"),
    ],
)
def test_a_domain_that_somebody_holds_is_taken(text: str, value: str) -> None:
    assert domain_line(text) == Line("domain", value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fr",
        "gouv.fr",
        "GOUV.FR.",
        "asso.fr",
        "co.uk",
        "com.re",
        "azurewebsites.net",
        "*.ch-essai.example",
        "https://ch-essai.example",
        "ch essai.example",
        "-ch.example",
        "192.0.2.1",
        "a" * 64 + ".example",
    ],
)
def test_a_domain_that_nobody_holds_alone_or_malformed_is_refused(text: str) -> None:
    with pytest.raises(PerimeterError) as refused:
        domain_line(text)
    assert "\n" not in str(refused.value)


def test_a_host_may_be_on_a_shared_domain() -> None:
    assert host_line("Essai.azurewebsites.net") == Line("host", "essai.azurewebsites.net")


@pytest.mark.parametrize("text", ["srv", "192.0.2.1", "x y.example"])
def test_a_host_is_a_full_name(text: str) -> None:
    with pytest.raises(PerimeterError):
        host_line(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("192.88.99.0/24", "192.88.99.0/24"),
        ("192.88.99.7", "192.88.99.7"),
        ("192.88.99.7/32", "192.88.99.7"),
        ("192.88.96.0/20", "192.88.96.0/20"),
        ("2620:4F:8000::/48", "2620:4f:8000::/48"),
        ("2620:4f:8000::1", "2620:4f:8000::1"),
    ],
)
def test_an_address_or_network_of_the_internet_is_taken(text: str, value: str) -> None:
    assert network_line(text) == Line("network", value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("192.88.96.0/19", "trop large"),
        ("0.0.0.0/0", "trop large"),
        ("2620:4f:8000::/47", "trop large"),
        ("2620:4f:8000::/40", "trop large"),
        ("::/0", "trop large"),
        ("10.0.0.0/24", "privée"),
        ("192.168.1.1", "privée"),
        ("127.0.0.1", "privée"),
        ("169.254.169.254", "privée"),
        ("100.64.0.1", "privée"),
        ("192.0.0.0/20", "privée"),
        ("198.51.100.3", "privée"),
        ("224.0.0.1", "privée"),
        ("255.255.255.255", "privée"),
        ("::1", "privée"),
        ("::ffff:10.0.0.1", "privée"),
        ("64:ff9b::a00:1", "privée"),
        ("fe80::1", "privée"),
        ("fd00::/48", "privée"),
        ("2002:a00:1::/48", "privée"),
        ("2001:db8::1", "privée"),
        ("192.88.99.1/24", "bit d’hôte"),
        ("ch-essai.example", "ni une adresse"),
        ("", "ni une adresse"),
    ],
)
def test_a_wide_private_or_malformed_network_is_refused(text: str, reason: str) -> None:
    with pytest.raises(PerimeterError, match=reason):
        network_line(text)


def test_a_line_is_checked_by_its_kind() -> None:
    assert checked_line(Line("domain", "CH-Essai.example")).value == "ch-essai.example"
    with pytest.raises(PerimeterError, match="inconnue"):
        checked_line(Line("planet", "ch-essai.example"))


@given(st.sampled_from(["domain", "host", "network"]), st.text(max_size=40))
def test_any_text_is_a_line_or_one_line_of_explanation(kind: str, text: str) -> None:
    try:
        line = checked_line(Line(kind, text))
    except PerimeterError:
        return
    assert checked_line(line) == line
