"""What sslyze and testssl.sh say of the same servers, in the words of our own facts.

Both run as commands of their own environments; nothing of theirs is imported.
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.engines.probing.real.certificates import HOST

if TYPE_CHECKING:
    from collections.abc import Mapping

_SSLYZE: Final = {
    "ssl_3_0": "SSLv3",
    "tls_1_0": "TLSv1.0",
    "tls_1_1": "TLSv1.1",
    "tls_1_2": "TLSv1.2",
    "tls_1_3": "TLSv1.3",
}
_SSLYZE_SCANS: Final = ("sslv3", "tlsv1", "tlsv1_1", "tlsv1_2", "tlsv1_3")
_TESTSSL: Final = {
    "SSLv3": "SSLv3",
    "TLS1": "TLSv1.0",
    "TLS1_1": "TLSv1.1",
    "TLS1_2": "TLSv1.2",
    "TLS1_3": "TLSv1.3",
}
_CURVES: Final = {
    "X25519": "x25519",
    "X448": "x448",
    "prime256v1": "secp256r1",
    "secp256r1": "secp256r1",
    "secp384r1": "secp384r1",
    "secp521r1": "secp521r1",
}
_SSLYZE_TIMEOUT_S: Final = 150
_TESTSSL_TIMEOUT_S: Final = 180


@dataclass(frozen=True, slots=True)
class Leaf:
    """One certificate: what both sides read of it."""

    names: tuple[str, ...]
    not_after: str
    key_type: str
    key_bits: int | None
    signature_hash: str | None
    self_signed: bool
    trusted: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """One server as a peer saw it.

    Attributes:
        versions: accepted.
        suites: IANA names by version; empty when the peer was not asked.
        groups: names as the registry writes them; None when the peer was not asked.
        leaves: each certificate shown to one kind of client or another.
    """

    versions: frozenset[str]
    suites: Mapping[str, frozenset[str]]
    groups: frozenset[str] | None
    leaves: tuple[Leaf, ...] = ()


def ask_sslyze(
    python: str, ports: Mapping[str, int], authority: Path, folder: Path
) -> dict[str, Seen | None]:
    """Return what sslyze sees of each server; None where it finds no way to speak to it."""
    targets, answer = folder / "targets", folder / "sslyze.json"
    targets.write_text("\n".join(f"{HOST}:{port}{{127.0.0.1}}" for port in ports.values()))
    command = [str(Path(python).with_name("sslyze")), "--quiet", "--mozilla_config=disable"]
    command += [f"--targets_in={targets}", f"--json_out={answer}"]
    command += [f"--{scan}" for scan in _SSLYZE_SCANS]
    command += ["--elliptic_curves", "--certinfo", f"--certinfo_ca_file={authority}"]
    subprocess.run(command, check=False, capture_output=True, timeout=_SSLYZE_TIMEOUT_S)
    by_port = {port: name for name, port in ports.items()}
    document = json.loads(answer.read_text())
    return {
        by_port[result["server_location"]["port"]]: _from_sslyze(result["scan_result"])
        for result in document["server_scan_results"]
    }


def _from_sslyze(result: Mapping[str, Any] | None) -> Seen | None:
    if result is None:
        return None
    suites = {
        label: frozenset(
            accepted["cipher_suite"]["name"]
            for accepted in result[f"{key}_cipher_suites"]["result"]["accepted_cipher_suites"]
        )
        for key, label in _SSLYZE.items()
    }
    curves = result["elliptic_curves"]["result"]
    known = frozenset(
        _CURVES[curve["name"]]
        for curve in (curves or {}).get("supported_curves") or ()
        if curve["name"] in _CURVES
    )
    return Seen(
        versions=frozenset(label for label, found in suites.items() if found),
        suites=suites,
        groups=known,
        leaves=tuple(
            _leaf(deployment)
            for deployment in result["certificate_info"]["result"]["certificate_deployments"]
        ),
    )


_KEY_TYPES: Final = {
    "RSAPublicKey": "RSA",
    "ECPublicKey": "EC",
    "DSAPublicKey": "DSA",
    "Ed25519PublicKey": "Ed25519",
    "Ed448PublicKey": "Ed448",
}
_FIXED_BITS: Final = {"Ed25519": 256, "Ed448": 456}


def _leaf(deployment: Mapping[str, Any]) -> Leaf:
    own = deployment["received_certificate_chain"][0]
    key_type = _KEY_TYPES[own["public_key"]["algorithm"]]
    hashing = own["signature_hash_algorithm"]
    names = own["subject_alternative_name"]
    trust = [
        path["was_validation_successful"]
        for path in deployment["path_validation_results"]
        if path["trust_store"]["name"] == "Supplied CA file"
    ]
    return Leaf(
        names=(*names["dns_names"], *names["ip_addresses"]),
        not_after=own["not_valid_after"].replace("Z", "+00:00"),
        key_type=key_type,
        key_bits=own["public_key"]["key_size"] or _FIXED_BITS.get(key_type),
        signature_hash=hashing["name"] if hashing else None,
        self_signed=own["subject"] == own["issuer"],
        trusted=bool(trust and trust[0]),
    )


def ask_testssl(program: str, port: int, folder: Path, *, deep: bool) -> Seen | None:
    """Return what testssl.sh sees: versions, and groups when ``deep``; None if it never ends."""
    answer = folder / f"testssl-{port}.json"
    answer.unlink(missing_ok=True)
    command = [program, "-p", *(["-f"] if deep else []), "--warnings", "off", "--quiet"]
    command += ["--color", "0", "--ip", "127.0.0.1", "--nodns", "none"]
    command += ["--jsonfile", str(answer), f"{HOST}:{port}"]
    path = os.environ.get("PATH", "/usr/bin:/bin")
    try:
        subprocess.run(
            command,
            check=False,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_TESTSSL_TIMEOUT_S,
            env={"PATH": path, "TERM": "dumb"},
        )
    except subprocess.TimeoutExpired:
        return None
    found = {item["id"]: item["finding"] for item in json.loads(answer.read_text())}
    shown = " ".join(found.get(key, "") for key in ("PFS_ECDHE_curves", "DH_groups")).split()
    return Seen(
        versions=frozenset(
            label for key, label in _TESTSSL.items() if found.get(key, "").startswith("offered")
        ),
        suites={},
        groups=frozenset(_CURVES.get(name, name) for name in shown) if deep else None,
    )
