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
