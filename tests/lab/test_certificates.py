from __future__ import annotations

import datetime as dt
import ssl
import stat
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from hygie.lab.certificates import FLAWS, CertificateAuthority, TlsSettings

if TYPE_CHECKING:
    from pathlib import Path

NOW = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
HOST = "www.ch-invente.example"


def made(folder: Path, flaw: str) -> x509.Certificate:
    CertificateAuthority(folder, now=NOW).context(HOST, TlsSettings(certificate=flaw))
    return x509.load_pem_x509_certificate((folder / f"{HOST}-{flaw}.pem").read_bytes())


@pytest.mark.parametrize("flaw", FLAWS)
def test_only_what_is_named_is_wrong(tmp_path: Path, flaw: str) -> None:
    certificate = made(tmp_path, flaw)

    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert (HOST in names.get_values_for_type(x509.DNSName)) is (flaw != "wrong-name")
    assert (certificate.not_valid_after_utc < NOW) is (flaw == "expired")
    assert (certificate.issuer == certificate.subject) is (flaw == "self-signed")
    key = certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey)
    assert (key.key_size == 1024) is (flaw == "weak-key")


def test_keys_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    made(tmp_path, "valid")

    mode = (tmp_path / f"{HOST}-valid.pem").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_context_is_made_once(tmp_path: Path) -> None:
    authority = CertificateAuthority(tmp_path, now=NOW)

    assert authority.context(HOST, TlsSettings()) is authority.context(HOST, TlsSettings())


def test_old_versions_are_accepted_only_where_asked(tmp_path: Path) -> None:
    authority = CertificateAuthority(tmp_path, now=NOW)

    modern = authority.context(HOST, TlsSettings())
    old = authority.context(HOST, TlsSettings(oldest_tls="1.0"))

    assert modern.minimum_version == ssl.TLSVersion.TLSv1_2
    assert old.minimum_version == ssl.TLSVersion.MINIMUM_SUPPORTED
