from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hygie.vocabulary.identity import identity_hash, normal_name, text_identity


def test_names_are_compared_in_one_form() -> None:
    assert normal_name("  NetScaler®  ADC ") == "netscaler_adc"
    assert text_identity("Palo Alto Networks", "PAN-OS") == "palo_alto_networks/pan-os"
    assert text_identity("a/b", "c") == "a_b/c"


@given(st.text(st.sampled_from("aZ1-._/ \t\u00a0®™İß"), max_size=12) | st.text(max_size=12))
def test_a_name_read_twice_does_not_change(text: str) -> None:
    once = normal_name(text)

    assert normal_name(once) == once
    assert normal_name("4 / 1") == "4_1"


def test_the_hash_fits_a_column_and_does_not_change() -> None:
    assert identity_hash("fortinet/fortios") == 0x0371_24C9_4293_2DD4
    assert identity_hash("a") != identity_hash("b")
