"""Which signing keys a domain publishes for its mail (DKIM), at the selectors people use.

Value: selectors (list of: selector, key_type, bits (null when the key is unreadable), revoked,
testing), wildcard (any selector is answered, so that the list proves nothing), smallest_rsa_bits
(of the keys in force, null when there is none), found (a key in force was seen; null when no
selector answered: the domain may use another one, nobody can list them).

Some forty usual selectors are asked, no more: absence is never proved by it. Evidence: the
records found, one a line. Sources: RFC 6376 sections 3.6.1 and 3.6.2, RFC 8301, RFC 8463.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from hygie.engines.probing.errors import ForbiddenError, ProbeError, UnresolvedError
from hygie.vocabulary.facts import EVIDENCE_MAX_BYTES, Json, Observation

if TYPE_CHECKING:
    import datetime as dt

    from hygie.engines.probing.reach import Network

# Names given by mail software and the providers that French hospitals use; a number or a year
# is what administrators add.
SELECTORS: Final = (
    *("default", "dkim", "mail", "email", "smtp", "key", "selector", "dk", "main", "postfix"),
    *("selector1", "selector2", "s1", "s2", "k1", "k2", "k3", "dkim1", "dkim2", "mail1", "mail2"),
    *("google", "mx", "zimbra", "exchange", "proofpoint", "mimecast20190104", "fm1", "fm2"),
    *("mailjet", "mandrill", "sendgrid", "smtpapi", "mta", "sib", "brevo1", "brevo2", "ovhmo1"),
    *("2024", "2025", "2026"),
)
_AT_ONCE: Final = 12
_RECORD_MAX: Final = 4_096


@dataclass(frozen=True, slots=True)
class DkimKey:
    """One published key.

    Attributes:
        key_type: ``rsa``, ``ed25519`` or as written.
        bits: size of the key, None when it cannot be read.
        revoked: the record withdraws the key (empty ``p``).
        testing: the domain asks not to judge by it (``t=y``).
    """

    key_type: str
    bits: int | None
    revoked: bool
    testing: bool


async def observe(domain: str, network: Network, *, now: dt.datetime) -> Observation:
    """Ask ``domain`` for the keys of the usual selectors.

    Raises:
        UnresolvedError: if the domain's servers do not answer.
        ForbiddenError: if the guard refuses.
    """
    slots = asyncio.Semaphore(_AT_ONCE)

    async def ask(selector: str) -> tuple[str, ...] | None:
        async with slots:
            return await _texts(f"{selector}._domainkey.{domain}", network)

    random = f"hygie-{secrets.token_hex(8)}"
    answers = await asyncio.gather(*map(ask, (random, *SELECTORS)))
    if all(texts is None for texts in answers):
        raise UnresolvedError(f"les serveurs de noms de {domain} ne répondent pas")
    found = [
        (selector, text, key)
        for selector, texts in zip(SELECTORS, answers[1:], strict=True)
        for text in texts or ()
        if (key := parse_dkim(text)) is not None
    ]
    wildcard = any(parse_dkim(text) is not None for text in answers[0] or ())
    evidence = "\n".join(f"{selector} {text}" for selector, text, _ in found)
    return Observation(
        subject=domain,
        probe="dkim",
        value=_value([(selector, key) for selector, _, key in found], wildcard=wildcard),
        evidence=evidence.encode()[:EVIDENCE_MAX_BYTES],
        at=now,
        confidence=0.7 if wildcard else 1.0,
    )


def _value(found: list[tuple[str, DkimKey]], *, wildcard: bool) -> dict[str, Json]:
    in_force = [key for _, key in found if not key.revoked]
    sizes = [key.bits for key in in_force if key.key_type == "rsa" and key.bits]
    selectors: list[Json] = [
        {
            "selector": selector,
            "key_type": key.key_type,
            "bits": key.bits,
            "revoked": key.revoked,
            "testing": key.testing,
        }
        for selector, key in found
    ]
    return {
        "selectors": selectors,
        "wildcard": wildcard,
        "found": True if in_force else None,
        "testing": any(key.testing for key in in_force) if in_force else None,
        "smallest_rsa_bits": min(sizes, default=None),
    }


async def _texts(name: str, network: Network) -> tuple[str, ...] | None:
    try:
        answer = await network.query(name, "TXT")
    except ForbiddenError:
        raise
    except (ProbeError, OSError):
        return None
    return None if answer.failed else answer.records


def parse_dkim(text: str) -> DkimKey | None:
    """Read a key record; None when the text is not one (no ``p``, or another version)."""
    pairs = (part.partition("=") for part in text[:_RECORD_MAX].split(";"))
    tags = {name.strip().lower(): value.strip() for name, separator, value in pairs if separator}
    if "p" not in tags or tags.get("v", "DKIM1") != "DKIM1":
        return None
    kind = tags.get("k", "rsa").lower()[:20]
    material = "".join(tags["p"].split())
    flags = {flag.strip() for flag in tags.get("t", "").split(":")}
    return DkimKey(kind, _bits(kind, material), revoked=not material, testing="y" in flags)


def _bits(kind: str, material: str) -> int | None:
    try:
        key = base64.b64decode(material, validate=True)
        if kind == "ed25519":
            return 256 if len(key) == 32 else None  # noqa: PLR2004 - RFC 8463
        public = load_der_public_key(key) if kind == "rsa" and key else None
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return None
    return public.key_size if isinstance(public, rsa.RSAPublicKey) else None
