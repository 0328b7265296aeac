"""Keys and certificates of many kinds for real servers, as files; valid when the test runs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOST: Final = "www.ch-epreuve.example"
_DAY: Final = dt.timedelta(days=1)
_DAYS_VALID: Final = 90
_UNHASHED: Final = (ed25519.Ed25519PrivateKey, ed448.Ed448PrivateKey)

_KEYS: Final[dict[str, Callable[[], Any]]] = {
    "rsa1024": lambda: rsa.generate_private_key(65537, 1024),  # noqa: S505 - weak on purpose
    "rsa2048": lambda: rsa.generate_private_key(65537, 2048),
    "rsa3072": lambda: rsa.generate_private_key(65537, 3072),
    "ec256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ec384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "ec521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "brainpool256": lambda: ec.generate_private_key(ec.BrainpoolP256R1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "ed448": ed448.Ed448PrivateKey.generate,
    "dsa2048": lambda: dsa.generate_private_key(2048),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a certificate is like: key, hash of its signature, and what may be wrong with it."""

    key: str = "ec256"
    hash: str = "sha256"
    flaw: str = ""  # "", expired, not-yet, self-signed, other-name, wildcard, long, chain


@dataclass
class CertificateFolder:
    """Makes each kind once: ``<name>.pem`` holds the chain, ``<name>.key`` its key."""

    folder: Path
    now: dt.datetime
    _keys: dict[str, Any] = field(default_factory=dict)
    _made: dict[Kind, tuple[Path, Path]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._authority_key = ec.generate_private_key(ec.SECP256R1())
        self._middle_key = ec.generate_private_key(ec.SECP384R1())
        root = _name("Autorité d’épreuve")
        middle = _name("Autorité intermédiaire d’épreuve")
        self._root = self._authority(root, root, self._authority_key, self._authority_key)
        self._middle = self._authority(middle, root, self._middle_key, self._authority_key)
        self.authority = self.folder / "authority.pem"
        self.authority.write_bytes(_pem(self._root))

    def files(self, kind: Kind) -> tuple[Path, Path]:
        """Return the paths of the chain and of the key."""
        if kind not in self._made:
            self._made[kind] = self._make(kind)
        return self._made[kind]

    def _make(self, kind: Kind) -> tuple[Path, Path]:
        key = self._keys.setdefault(kind.key, _KEYS[kind.key]())
        certificate = self._certificate(kind, key)
        chain = [certificate, self._middle] if kind.flaw == "chain" else [certificate]
        stem = f"{kind.key}-{kind.hash}-{kind.flaw or 'good'}"
        paths = self.folder / f"{stem}.pem", self.folder / f"{stem}.key"
        paths[0].write_bytes(b"".join(map(_pem, chain)))
        paths[1].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return paths

    def _certificate(self, kind: Kind, key: Any) -> x509.Certificate:  # noqa: ANN401 - any key
        names = {"other-name": ["ancien.example"], "wildcard": ["*.ch-epreuve.example"]}
        held = names.get(kind.flaw, [HOST, "ch-epreuve.example"])
        signer, issuer = self._authority_key, self._root.subject
        if kind.flaw == "chain":
            signer, issuer = self._middle_key, self._middle.subject
        if kind.flaw == "self-signed":
            signer, issuer = key, _name(held[0])
        start, end = self._dates(kind.flaw)
        builder = (
            _builder(_name(held[0]), issuer, key.public_key(), start, end)
            .add_extension(x509.SubjectAlternativeName([*map(x509.DNSName, held)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()),
                critical=False,
            )
        )
        hashing = None if isinstance(signer, _UNHASHED) else _HASHES[kind.hash]()
        return builder.sign(signer, hashing)

    def _dates(self, flaw: str) -> tuple[dt.datetime, dt.datetime]:
        if flaw == "expired":
            return self.now - 400 * _DAY, self.now - 10 * _DAY
        if flaw == "not-yet":
            return self.now + 10 * _DAY, self.now + 100 * _DAY
        length = 5_000 if flaw == "long" else _DAYS_VALID
        return self.now - 5 * _DAY, self.now + length * _DAY

    def _authority(
        self,
        subject: x509.Name,
        issuer: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        signer: ec.EllipticCurvePrivateKey,
    ) -> x509.Certificate:
        usage = x509.KeyUsage(*[False] * 5, True, True, False, False)  # noqa: FBT003 - signs only
        start, end = self.now - 900 * _DAY, self.now + 6_000 * _DAY
        public = key.public_key()
        return (
            _builder(subject, issuer, public, start, end)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()),
                critical=False,
            )
            .sign(signer, hashes.SHA256())
        )


_HASHES: Final[dict[str, Callable[[], hashes.HashAlgorithm]]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: Any,  # noqa: ANN401 - any key
    start: dt.datetime,
    end: dt.datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
