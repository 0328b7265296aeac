"""Is the policy that imposes encryption on those who write to a domain really served?

Value: published (the TXT record is there), id (or null), mode ("enforce", "testing", "none" or
null), max_age (seconds, or null), mx (patterns), covers_mx (every mail server of the domain is
named; null without policy or mail servers), error (French line, null when all is well).

One GET of ``https://mta-sts.<domain>/.well-known/mta-sts.txt``, whose certificate must be valid:
senders refuse it otherwise. Evidence: the policy. Source: RFC 8461 sections 3.1 to 3.3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.engines.probing.certificate import read_certificate
from hygie.engines.probing.errors import ForbiddenError, ProbeError, ProtocolError, UnresolvedError
from hygie.engines.probing.http import fetch
from hygie.engines.probing.http_reader import read_response
from hygie.vocabulary.facts import EVIDENCE_MAX_BYTES, Observation

if TYPE_CHECKING:
    import datetime as dt

    from hygie.engines.probing.reach import Network

_PATH: Final = "/.well-known/mta-sts.txt"
_POLICY_MAX: Final = 65_536
_MODES: Final = ("enforce", "testing", "none")
_AGE_MAX_S: Final = 31_557_600  # one year, section 3.2
_PATTERNS_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class StsPolicy:
    """What the policy file states; ``error`` is a French line when senders would refuse it."""

    mode: str | None = None
    max_age: int | None = None
    mx: tuple[str, ...] = ()
    error: str | None = None


async def observe(domain: str, network: Network, *, now: dt.datetime) -> Observation:
    """Read the policy of ``domain``, if it announces one.

    Raises:
        UnresolvedError: if the domain's servers do not answer.
        ForbiddenError: if the guard refuses.
    """
    texts = await network.query(f"_mta-sts.{domain}", "TXT")
    servers = await network.query(domain, "MX")
    if texts.failed or servers.failed:
        raise UnresolvedError(f"les serveurs de noms de {domain} ne répondent pas")
    found = [text for text in texts.records if text.split(";")[0].strip() == "v=STSv1"]
    policy, data = StsPolicy(), b""
    if found:
        policy, data = await _policy(f"mta-sts.{domain}", network, now)
    names = [record.split()[1] for record in servers.records if record.split()[1] != "."]
    covered = all(any(covers(pattern, name) for pattern in policy.mx) for name in names)
    return Observation(
        subject=domain,
        probe="mta-sts",
        value={
            "published": bool(found),
            "id": _identifier(found[0]) if found else None,
            "mode": policy.mode,
            "max_age": policy.max_age,
            "mx": [*policy.mx],
            "covers_mx": covered if names and policy.mx else None,
            "error": "plusieurs enregistrements MTA-STS" if len(found) > 1 else policy.error,
        },
        evidence=data[:EVIDENCE_MAX_BYTES],
        at=now,
    )


def _identifier(text: str) -> str | None:
    found = re.search(r";\s*id\s*=\s*([0-9A-Za-z]{1,32})\s*(?:;|$)", text)
    return found[1] if found else None


async def _policy(host: str, network: Network, now: dt.datetime) -> tuple[StsPolicy, bytes]:
    try:
        page = await fetch(_PATH, "https", (host, 443), network)
    except ForbiddenError:
        raise
    except (ProbeError, OSError):
        return StsPolicy(error=f"la politique annoncée n’est pas servie par {host}"), b""
    try:
        facts = read_certificate(page.chain, host, now=now, extra_roots=network.extra_roots)
        response = read_response(page.data)
    except (ProtocolError, IndexError):
        return StsPolicy(error="réponse ou certificat illisible"), page.data
    valid = facts["trusted"] and facts["name_matches"]
    if not valid or str(facts["not_after"]) < now.isoformat():
        return StsPolicy(error=f"certificat de {host} non valable"), page.data
    if response.status != 200:  # noqa: PLR2004 - OK; redirects must not be followed, 3.3
        return StsPolicy(error=f"réponse {response.status} au lieu de la politique"), page.data
    return parse_policy(response.body), page.data


def parse_policy(text: str) -> StsPolicy:
    """Read a policy file; what senders would refuse is said in ``error``."""
    fields: list[tuple[str, str]] = []
    for line in text[:_POLICY_MAX].splitlines():
        name, separator, value = line.partition(":")
        if separator:
            fields.append((name.strip().lower(), value.strip()))
    single = dict(reversed(fields))
    patterns = tuple(value.lower() for name, value in fields if name == "mx")[:_PATTERNS_MAX]
    age = single.get("max_age", "")
    mode = single.get("mode", "")
    error = None
    if single.get("version") != "STSv1":
        error = "version absente ou inconnue"
    elif mode not in _MODES:
        error = "mode absent ou inconnu"
    elif not re.fullmatch(r"[0-9]{1,10}", age) or int(age) > _AGE_MAX_S:
        error = "durée (max_age) absente ou hors limites"
    elif not patterns and mode != "none":
        error = "aucun serveur de messagerie nommé"
    return StsPolicy(
        mode if mode in _MODES else None,
        int(age) if re.fullmatch(r"[0-9]{1,10}", age) else None,
        patterns,
        error,
    )


def covers(pattern: str, name: str) -> bool:
    """Tell whether a pattern names a mail server; ``*.`` stands for one label (section 4.1)."""
    if pattern.startswith("*."):
        return name.partition(".")[2] == pattern[2:]
    return name == pattern
