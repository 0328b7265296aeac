from __future__ import annotations

from hygie.vocabulary.identity import identity_hash, normal_name, text_identity


def test_names_are_compared_in_one_form() -> None:
    assert normal_name("  NetScaler®  ADC ") == "netscaler_adc"
    assert text_identity("Palo Alto Networks", "PAN-OS") == "palo_alto_networks/pan-os"
    assert text_identity("a/b", "c") == "a_b/c"


def test_the_hash_fits_a_column_and_does_not_change() -> None:
    assert identity_hash("fortinet/fortios") == 0x0371_24C9_4293_2DD4
    assert identity_hash("a") != identity_hash("b")
