from __future__ import annotations

from hygie.engines.probing.wording import certificate_lines, day, listed, yes


def test_nobody_knows_is_neither_yes_nor_no() -> None:
    assert [yes(value) for value in (True, False, None)] == ["oui", "non", "non déterminé"]
    assert [listed(["a", 1]), listed([]), listed(None)] == ["a, 1", "aucun", "non déterminé"]


def test_a_day_is_french() -> None:
    assert day("2026-11-25T10:00:00+00:00") == "25/11/2026"


def test_a_chain_that_is_not_trusted_says_why() -> None:
    value = {
        "not_before": "2026-01-01T00:00:00+00:00",
        "not_after": "2026-12-01T00:00:00+00:00",
        "key_type": "EC",
        "key_bits": 256,
        "signature_hash": None,
        "self_signed": False,
        "issuer": "CN=X",
        "name_matches": True,
        "trusted": False,
        "trust_reason": "autorité inconnue",
    }

    lines = dict(certificate_lines(value))

    assert "autorité inconnue" in lines["Autorité reconnue"]
    assert dict(certificate_lines(None)) == {"Certificat": "non déterminé"}
