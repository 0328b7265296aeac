"""What a certificate says, whether it fits a name, and whether a known root stands behind it.

Facts only: dates are reported, not compared. Sources: RFC 5280, RFC 6125 (names).
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import warnings
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import certifi
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from hygie.engines.probing.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygie.vocabulary.facts import Json

NAMES_MAX: Final = 200
CHAIN_MAX: Final = 10
_UNREADABLE: Final = (
    ValueError,
    TypeError,
    KeyError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
)


def read_certificate(
    chain: Sequence[bytes], host: str, *, now: dt.datetime, extra_roots: bytes = b""
) -> dict[str, Json]:
    """Return the facts of the first certificate of ``chain`` (DER), as ``tls`` reports them.

    ``trusted`` leaves the name and the service's own dates to their own facts: a certificate
    that expired is judged on its last valid day. It is null when the chain cannot be read.

    Raises:
        ProtocolError: if the first certificate cannot be read.
    """
    try:
        leaf = _load(chain[0])
        names = certificate_names(leaf)
        return {
            "subject": leaf.subject.rfc4514_string()[:400],
            "issuer": leaf.issuer.rfc4514_string()[:400],
            "not_before": leaf.not_valid_before_utc.isoformat(),
            "not_after": leaf.not_valid_after_utc.isoformat(),
            "names": [*names],
            **_key(leaf),
            "signature_hash": _signature_hash(leaf),
            "self_signed": _is_self_signed(leaf),
            "name_matches": any(name_matches(name, host) for name in names),
            **_trust(leaf, chain[1:CHAIN_MAX], now, extra_roots),
            "must_staple": _must_staple(leaf),
            "transparency_proofs": _transparency_proofs(leaf),
        }
    except _UNREADABLE as error:
        raise ProtocolError("certificat illisible") from error


def _load(der: bytes) -> x509.Certificate:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        return x509.load_der_x509_certificate(der)


def certificate_names(certificate: x509.Certificate) -> list[str]:
    """Return the DNS names and addresses of the subject alternative name, at most NAMES_MAX."""
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return []
    names = extension.value.get_values_for_type(x509.DNSName)
    addresses = extension.value.get_values_for_type(x509.IPAddress)
    return [*names, *(str(address) for address in addresses)][:NAMES_MAX]


def name_matches(presented: str, host: str) -> bool:
    """Tell whether a certificate's name covers ``host`` (RFC 6125 section 6.4).

    The wildcard stands for the whole leftmost label and nothing else.
    """
    wanted, offered = _labels(host), _labels(presented)
    if _is_address(host):
        return wanted == offered
    if offered[:1] == ["*"] and len(offered) > 2:  # noqa: PLR2004 - never a whole top domain
        return len(wanted) == len(offered) and wanted[1:] == offered[1:]
    return wanted == offered


def _labels(name: str) -> list[str]:
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            return [name.lower()]
    return name.lower().rstrip(".").split(".")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _key(certificate: x509.Certificate) -> dict[str, Json]:
    match certificate.public_key():
        case rsa.RSAPublicKey() as key:
            return {"key_type": "RSA", "key_bits": key.key_size}
        case ec.EllipticCurvePublicKey() as curve:
            return {"key_type": "EC", "key_bits": curve.key_size}
        case dsa.DSAPublicKey() as old:
            return {"key_type": "DSA", "key_bits": old.key_size}
        case ed25519.Ed25519PublicKey():
            return {"key_type": "Ed25519", "key_bits": 256}
        case ed448.Ed448PublicKey():
            return {"key_type": "Ed448", "key_bits": 456}
        case other:
            return {"key_type": type(other).__name__, "key_bits": None}


def _signature_hash(certificate: x509.Certificate) -> str | None:
    """Return ``sha256``, ``sha1``...; null when the signature has no separate hash (Ed25519)."""
    algorithm = certificate.signature_hash_algorithm
    return algorithm.name if algorithm else None


def _is_self_signed(certificate: x509.Certificate) -> bool:
    if certificate.issuer != certificate.subject:
        return False
    try:
        certificate.verify_directly_issued_by(certificate)
    except InvalidSignature:
        return False
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return True  # same names, a signature nobody can check any more (MD5)
    return True


def _trust(
    leaf: x509.Certificate, others: Sequence[bytes], now: dt.datetime, extra_roots: bytes
) -> dict[str, Json]:
    """Return ``trusted``, and when it is not true the French line that says why."""
    subject = _verification_subject(leaf)
    if subject is None:
        # No verifier accepts a certificate without a name.
        return {"trusted": False, "trust_reason": "le certificat ne porte aucun nom"}
    between: list[x509.Certificate] = []
    try:
        between += [_load(der) for der in others]
        builder = PolicyBuilder().store(_store(extra_roots)).time(_moment_of_validity(leaf, now))
        builder.build_server_verifier(subject).verify(leaf, between)
    except VerificationError as error:
        return {"trusted": False, "trust_reason": _why_not(leaf, between, error)}
    except _UNREADABLE:
        return {"trusted": None, "trust_reason": "chaîne de certificats illisible"}
    return {"trusted": True, "trust_reason": None}


def _why_not(
    leaf: x509.Certificate, between: Sequence[x509.Certificate], error: VerificationError
) -> str:
    """Say what is missing: the first issuer that the service did not send, or the fault found."""
    if _is_self_signed(leaf):
        return "certificat signé par lui-même"
    sent = {certificate.subject: certificate for certificate in between}
    last, steps = leaf, 0
    while last.issuer in sent and last.issuer != last.subject and steps < CHAIN_MAX:
        last, steps = sent[last.issuer], steps + 1
    issuer = last.issuer.rfc4514_string()[:200]
    if last.issuer == last.subject:
        return f"l’autorité racine {issuer} n’est pas reconnue"
    if "candidates exhausted" in str(error):
        return f"autorité inconnue, ou certificat intermédiaire non envoyé : {issuer}"
    return f"chaîne refusée : {str(error)[:200]}"


def _must_staple(certificate: x509.Certificate) -> bool:
    """Tell whether the certificate requires a stapled OCSP answer (RFC 7633)."""
    try:
        features = certificate.extensions.get_extension_for_class(x509.TLSFeature)
    except x509.ExtensionNotFound:
        return False
    return x509.TLSFeatureType.status_request in features.value


def _transparency_proofs(certificate: x509.Certificate) -> int:
    """Return how many proofs of certificate transparency are inside (RFC 6962 section 3.3)."""
    kind = x509.PrecertificateSignedCertificateTimestamps
    try:
        return len(certificate.extensions.get_extension_for_class(kind).value)
    except x509.ExtensionNotFound:
        return 0


def _moment_of_validity(leaf: x509.Certificate, now: dt.datetime) -> dt.datetime:
    latest = leaf.not_valid_after_utc - dt.timedelta(seconds=1)
    return max(min(now, latest), leaf.not_valid_before_utc)


def _verification_subject(leaf: x509.Certificate) -> x509.DNSName | x509.IPAddress | None:
    """Return one of the certificate's own names: the verifier wants one, we judge it apart."""
    for name in certificate_names(leaf):
        if _is_address(name):
            return x509.IPAddress(ipaddress.ip_address(name))
        return x509.DNSName(name.replace("*", "www", 1))
    return None


@lru_cache(maxsize=4)
def _store(extra_roots: bytes) -> Store:
    """Return the system's roots (certifi's where the system has none) and ``extra_roots``."""
    system = ssl.get_default_verify_paths().cafile
    bundle = Path(system if system and Path(system).is_file() else certifi.where())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        roots = x509.load_pem_x509_certificates(bundle.read_bytes())
        if extra_roots.strip():
            roots += x509.load_pem_x509_certificates(extra_roots)
        return Store(roots)
