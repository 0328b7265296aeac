"""Certificates of the invented world, good and bad, made when they are first needed.

The authority is new at each start: nothing it signs outlives the lab.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import ssl
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

if TYPE_CHECKING:
    from pathlib import Path

    _PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

FLAWS: Final = ("valid", "expired", "self-signed", "wrong-name", "weak-key")
"""What a certificate can be; ``weak-key`` is RSA of 1024 bits."""

_DAY: Final = dt.timedelta(days=1)
_CA_NAME: Final = "Autorité du laboratoire Hygie (inventée)"


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """How a server speaks TLS.

    Attributes:
        certificate: one of FLAWS.
        oldest_tls: ``1.2``, or ``1.0`` to accept TLS 1.0 and 1.1 as well.
        suites: ``modern``, or ``broken`` to accept suites without encryption or authentication.
    """

    certificate: str = "valid"
    oldest_tls: str = "1.2"
    suites: str = "modern"


class CertificateAuthority:
    """Signs for any host of the lab, and keeps a TLS context for each (host, settings).

    Args:
        folder: where keys and certificates are written, readable by their owner only.
        now: aware time at which good certificates are valid.
    """

    def __init__(self, folder: Path, *, now: dt.datetime) -> None:
        self._folder = folder
        self._now = now
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._contexts: dict[tuple[str, TlsSettings], ssl.SSLContext] = {}
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = folder / "ca.pem"
        certificate = self._authority_certificate()
        self.path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def context(self, host: str, settings: TlsSettings) -> ssl.SSLContext:
        """Return the server side of TLS for one host."""
        key = (host, settings)
        if key not in self._contexts:
            self._contexts[key] = self._new_context(host, settings)
        return self._contexts[key]

    def key_digest(self, host: str) -> bytes:
        """Return the SHA-256 of the public key that a host shows while nothing is wrong with it."""
        self.context(host, TlsSettings())
        pem = (self._folder / f"{host}-valid.pem").read_bytes()
        public = x509.load_pem_x509_certificate(pem).public_key()
        der = public.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return hashlib.sha256(der).digest()

    def _new_context(self, host: str, settings: TlsSettings) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if settings.oldest_tls == "1.0":
            context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
            context.options |= ssl.OP_NO_SSLv3
        if settings.oldest_tls == "1.0" or settings.certificate == "weak-key":
            # OpenSSL's security level forbids both: here they are the exhibit.
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
        elif settings.suites == "modern":
            context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
        if settings.suites == "broken":
            context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
        path = self._folder / f"{host}-{settings.certificate}.pem"
        self._write_chain(path, host, settings.certificate)
        context.load_cert_chain(path)
        return context

    def _write_chain(self, path: Path, host: str, flaw: str) -> None:
        key: _PrivateKey = (
            rsa.generate_private_key(65537, 1024)  # nosec B505  # noqa: S505 - weak on purpose
            if flaw == "weak-key"
            else ec.generate_private_key(ec.SECP256R1())
        )
        certificate = self._certificate(host, flaw, key)
        secret = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        path.touch(mode=0o600)
        path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))

    def _certificate(self, host: str, flaw: str, key: _PrivateKey) -> x509.Certificate:
        name = "ancien-hebergement.example" if flaw == "wrong-name" else host
        end = self._now - 12 * _DAY if flaw == "expired" else self._now + 80 * _DAY
        self_signed = flaw == "self-signed"
        return (
            x509.CertificateBuilder()
            .subject_name(_common_name(name))
            .issuer_name(_common_name(name if self_signed else _CA_NAME))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - 100 * _DAY)
            .not_valid_after(end)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_transparency_proof(), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(
                    (key if self_signed else self._key).public_key()
                ),
                critical=False,
            )
            .sign(key if self_signed else self._key, hashes.SHA256())
        )

    def _authority_certificate(self) -> x509.Certificate:
        public = self._key.public_key()
        usage = x509.KeyUsage(
            digital_signature=False,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        return (
            x509.CertificateBuilder()
            .subject_name(_common_name(_CA_NAME))
            .issuer_name(_common_name(_CA_NAME))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - 400 * _DAY)
            .not_valid_after(self._now + 400 * _DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .sign(self._key, hashes.SHA256())
        )


def _common_name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def _transparency_proof() -> x509.UnrecognizedExtension:
    """Return one proof by a log that does not exist (RFC 6962 section 3.3): here for its shape."""
    signature = bytes(8)
    proof = b"\0" + bytes(32) + bytes(8) + b"\0\0\x04\x03" + struct.pack(">H", len(signature))
    entry = struct.pack(">H", len(proof + signature)) + proof + signature
    listed = struct.pack(">H", len(entry)) + entry
    kind = x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
    return x509.UnrecognizedExtension(kind, b"\x04" + bytes([len(listed)]) + listed)
