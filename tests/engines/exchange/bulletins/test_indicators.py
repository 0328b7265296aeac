from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.engines.exchange.bulletins.indicators import IndicatorKind, kind_of, normal_value
from hygie.vocabulary.errors import InputError


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (IndicatorKind.DOMAIN, " Evil[.]Example ", "evil.example"),
        (IndicatorKind.URL, "hxxps://evil[.]example/A", "https://evil.example/A"),
        (IndicatorKind.IPV4, "192.0.2[.]7", "192.0.2.7"),
        (IndicatorKind.IPV4, "192.0.2.7/24", "192.0.2.0/24"),
        (IndicatorKind.IPV6, "2001:DB8::0007", "2001:db8::7"),
        (IndicatorKind.SHA256, "A" * 64, "a" * 64),
        (IndicatorKind.EMAIL, "Facture[@]evil.example", "facture@evil.example"),
    ],
)
def test_a_value_has_one_spelling(kind: IndicatorKind, text: str, value: str) -> None:
    assert normal_value(kind, text) == value
    assert kind_of(text) is kind


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (IndicatorKind.IPV4, "2001:db8::1"),
        (IndicatorKind.IPV4, "300.1.1.1"),
        (IndicatorKind.DOMAIN, "un mot"),
        (IndicatorKind.MD5, "abc"),
        (IndicatorKind.URL, "x" * 3000),
        (IndicatorKind.FILENAME, ""),
    ],
)
def test_what_cannot_be_its_kind_is_refused(kind: IndicatorKind, text: str) -> None:
    with pytest.raises(InputError):
        normal_value(kind, text)


@given(st.text(max_size=80))
def test_a_normal_value_stays_as_it_is(text: str) -> None:
    kind = kind_of(text)
    if kind is not None:
        value = normal_value(kind, text)
        assert normal_value(kind, value) == value
