from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.probing.peers import HOST, NOW, Authority, der

from hygie.engines.probing.certificate import name_matches, read_certificate
from hygie.engines.probing.errors import ProtocolError

AUTHORITY = Authority()


def self_signed(key: object, *, names: tuple[str, ...] = (HOST,)) -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())  # type: ignore[attr-defined]
        .serial_number(1)
        .not_valid_before(NOW - dt.timedelta(days=1))
        .not_valid_after(NOW + dt.timedelta(days=1))
    )
    if names:
        alternative = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        builder = builder.add_extension(alternative, critical=False)
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return der(builder.sign(key, algorithm))  # type: ignore[arg-type]


def test_a_certificate_of_a_trusted_authority_is_trusted() -> None:
    certificate, _ = AUTHORITY.sign(HOST, "*.ch-epreuve.example")

    facts = read_certificate([der(certificate)], HOST, now=NOW, extra_roots=AUTHORITY.pem)

    assert facts["trusted"] is True
    assert facts["name_matches"] is True
    assert facts["self_signed"] is False
    assert facts["names"] == [HOST, "*.ch-epreuve.example"]
    assert (facts["key_type"], facts["key_bits"], facts["signature_hash"]) == ("EC", 256, "sha256")
    assert facts["not_after"] == "2027-03-04T12:00:00+00:00"


def test_an_unknown_authority_is_not_trusted() -> None:
    certificate, _ = AUTHORITY.sign(HOST)

    assert read_certificate([der(certificate)], HOST, now=NOW)["trusted"] is False


def test_an_expired_certificate_keeps_its_authority() -> None:
    certificate, _ = AUTHORITY.sign(HOST, end=NOW - dt.timedelta(days=12))

    facts = read_certificate([der(certificate)], HOST, now=NOW, extra_roots=AUTHORITY.pem)

    assert facts["trusted"] is True
    assert facts["not_after"] == "2026-11-12T12:00:00+00:00"


def test_a_self_signed_certificate_is_said_so_whatever_its_key() -> None:
    for key, kind, bits in (
        (ec.generate_private_key(ec.SECP384R1()), "EC", 384),
        (rsa.generate_private_key(65537, 1024), "RSA", 1024),  # noqa: S505 - weak on purpose
        (ed25519.Ed25519PrivateKey.generate(), "Ed25519", 256),
    ):
        facts = read_certificate([self_signed(key)], HOST, now=NOW)

        assert (facts["self_signed"], facts["trusted"]) == (True, False)
        assert (facts["key_type"], facts["key_bits"]) == (kind, bits)


def test_a_common_name_alone_covers_nothing() -> None:
    chain = [self_signed(ec.generate_private_key(ec.SECP256R1()), names=())]

    facts = read_certificate(chain, HOST, now=NOW)

    assert (facts["names"], facts["name_matches"], facts["trusted"]) == ([], False, False)


@pytest.mark.parametrize(
    ("presented", "host", "covers"),
    [
        ("www.ch.example", "WWW.CH.example", True),
        ("www.ch.example.", "www.ch.example", True),
        ("*.ch.example", "www.ch.example", True),
        ("*.ch.example", "ch.example", False),
        ("*.ch.example", "a.b.ch.example", False),
        ("*.example", "ch.example", False),
        ("w*.ch.example", "www.ch.example", False),
        ("*", "localhost", False),
        ("xn--hpital-ixa.example", "hôpital.example", True),
        ("192.0.2.1", "192.0.2.1", True),
        ("*.0.2.1", "192.0.2.1", False),
    ],
)
def test_a_name_covers_a_host_as_rfc_6125_says(presented: str, host: str, covers: bool) -> None:  # noqa: FBT001
    assert name_matches(presented, host) is covers


def test_an_unreadable_neighbour_leaves_trust_unknown() -> None:
    certificate, _ = AUTHORITY.sign(HOST)

    facts = read_certificate([der(certificate), b"junk"], HOST, now=NOW)

    assert facts["trusted"] is None


@given(data=st.binary(max_size=64), cut=st.integers(0, 400))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_a_certificate_or_a_protocol_error(data: bytes, cut: int) -> None:
    real = SAMPLE[:cut] + data + SAMPLE[cut + len(data) :]
    for chain in ([data], [real]):
        with suppress(ProtocolError):
            read_certificate(chain, HOST, now=NOW)


SAMPLE = self_signed(ec.generate_private_key(ec.SECP256R1()))
