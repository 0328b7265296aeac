from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.engines.probing.peers import NOW

from hygie.engines.probing import phrases as plain
from hygie.engines.probing.passes import ALL_PROBES
from hygie.engines.probing.phrases import phrases
from hygie.engines.probing.phrases_deep import DEEP_WRITERS
from hygie.vocabulary.facts import Observation

if TYPE_CHECKING:
    from hygie.vocabulary.facts import Json

VALUES: dict[str, dict[str, Json]] = {
    "delegation": {
        "parent": "example",
        "agree": False,
        "ipv6": True,
        "serials_agree": None,
        "lame": ["ns1.ch.example"],
        "missing": ["ns.parti.example"],
    },
    "dkim": {
        "selectors": [
            {"selector": "s1", "key_type": "rsa", "bits": 1024, "revoked": False},
            {"selector": "k1", "key_type": "rsa", "bits": None, "revoked": True},
        ],
        "wildcard": True,
    },
    "mta-sts": {"published": True, "error": None, "mode": "testing", "covers_mx": False},
    "dane": {"published": True, "mismatch": ["mx.example"], "unsigned": ["mx2.example"]},
    "tls-depth": {
        "families_accepted": ["rc4"],
        "groups_accepted": ["x25519"],
        "post_quantum": False,
        "sslv2": True,
        "asked_version": "TLSv1.2",
        "server_order": False,
        "dhe_bits": 1024,
        "secure_renegotiation": False,
        "compression": True,
        "ocsp_stapled": None,
    },
    "starttls": {"offered": True, "accepted": ["TLSv1.0"], "certificate": None},
    "fhir": {
        "answers": True,
        "fhir_version": "4.0.1",
        "software": "Serveur",
        "refused": False,
        "software_version": None,
        "security": [],
    },
    "dicomweb": {"answers": True, "path": "/dicom-web/studies", "refused": False},
    "udp": {"answers": True, "service": "snmp", "detail": "SNMPv3"},
}


def said(probe: str, value: dict[str, Json]) -> str:
    seen = Observation("ch.example", probe, value, b"", NOW)
    return "\n".join(f"{label} {text}" for label, text in phrases(seen))


def test_every_probe_has_its_words() -> None:
    assert set(plain._WRITERS) == set(ALL_PROBES)
    assert set(VALUES) == set(DEEP_WRITERS)


@pytest.mark.parametrize(
    ("probe", "words"),
    [
        ("delegation", ["d’autres serveurs", "ns1.ch.example", "ns.parti.example"]),
        ("dkim", ["s1 (rsa 1024 bits)", "k1 (retirée)", "n’importe lequel"]),
        ("mta-sts", ["mode testing", "pas tous"]),
        ("dane", ["mx.example", "mx2.example"]),
        ("tls-depth", ["rc4", "SSL 2 accepté", "du client", "1024 bits"]),
        ("starttls", ["TLSv1.0"]),
        ("fhir", ["4.0.1", "Serveur", "aucune"]),
        ("dicomweb", ["/dicom-web/studies"]),
        ("udp", ["snmp", "SNMPv3"]),
    ],
)
def test_a_fact_is_said_in_french(probe: str, words: list[str]) -> None:
    text = said(probe, VALUES[probe])

    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize(
    ("probe", "change", "words"),
    [
        ("mta-sts", {"published": False}, "non annoncée"),
        ("mta-sts", {"error": "certificat non valable"}, "certificat non valable"),
        ("tls-depth", {"asked_version": None, "families_accepted": []}, "TLS 1.3"),
        ("starttls", {"offered": False}, "non proposé"),
        ("fhir", {"answers": False, "refused": True}, "identité"),
        ("dicomweb", {"answers": False}, "ne répond pas"),
        ("udp", {"answers": False}, "inconnus"),
    ],
)
def test_the_good_side_is_said_too(probe: str, change: dict[str, Any], words: str) -> None:
    assert words in said(probe, {**VALUES[probe], **change})


def test_a_deleted_name_is_said_so() -> None:
    assert "n’existe plus" in said("dns", {"exists": False})
