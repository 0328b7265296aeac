from __future__ import annotations

from hygie.engines.probing.suites import has_forward_secrecy, suite_name


def test_a_suite_is_known_by_its_registered_name() -> None:
    assert suite_name(0x1302) == "TLS_AES_256_GCM_SHA384"
    assert suite_name(0xC02F) == "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
    assert suite_name(0xFAFA) == "0xFAFA"


def test_only_ephemeral_keys_keep_the_past_secret() -> None:
    assert has_forward_secrecy(0x1301)
    assert has_forward_secrecy(0x009E)
    assert not has_forward_secrecy(0x002F)


def test_a_service_that_speaks_only_short_tags_shares_a_suite_with_us() -> None:
    assert suite_name(0xC0AE) == "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8"
    assert suite_name(0x1305) == "TLS_AES_128_CCM_8_SHA256"
