from __future__ import annotations

import pytest

from hygie.engines.probing.suites import ALL_SUITES, OLDER_SUITES, TLS13_SUITES, WEAK_SUITES
from hygie.engines.probing.tls_families import FAMILIES, GROUPS, OLDER_GROUPS, TLS13_GROUPS


def test_every_suite_is_asked_about_in_some_family() -> None:
    asked = {code for codes in FAMILIES.values() for code in codes}

    assert asked == set(OLDER_SUITES) | set(WEAK_SUITES)
    assert len(ALL_SUITES) == len(TLS13_SUITES) + len(OLDER_SUITES) + len(WEAK_SUITES)


@pytest.mark.parametrize("family", ["null", "anonymous", "export", "rc4", "des", "3des"])
def test_a_broken_suite_is_in_no_sound_family(family: str) -> None:
    for sound in ("rsa", "dhe", "ecdhe", "cbc", "aead"):
        assert not set(FAMILIES[family]) & set(FAMILIES[sound])


def test_a_sound_suite_has_a_key_exchange_and_a_mode() -> None:
    exchanges = {code for name in ("rsa", "dhe", "ecdhe") for code in FAMILIES[name]}
    modes = {code for name in ("cbc", "aead") for code in FAMILIES[name]}

    assert exchanges == modes


def test_every_group_has_its_name() -> None:
    assert set(TLS13_GROUPS) | set(OLDER_GROUPS) <= set(GROUPS)
    assert len(set(GROUPS.values())) == len(GROUPS)
