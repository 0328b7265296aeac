"""How a domain protects its mail.

Value: mx (names, preferred first), spf (the record, or null), spf_all ("-", "~", "?", "+" or
null), spf_lookups (terms that need the DNS, or null), spf_error (one French line, or null),
dmarc (the record that applies, or null), dmarc_policy, dmarc_subdomain_policy ("none",
"quarantine", "reject" or null), dmarc_rua (aggregate reports are asked for), mta_sts, tls_rpt
(published; null when nobody could say), starttls (the preferred server that answers offers it;
null when none could be asked, as when they lie outside the mandate).

A domain without a DMARC record follows the nearest one above it (RFC 9989, tree walk).
Evidence: the texts read, one a line.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from hygie.engines.probing.dmarc import DmarcRecord, is_dmarc, parse_dmarc
from hygie.engines.probing.errors import ForbiddenError, ProbeError, UnresolvedError
from hygie.engines.probing.smtp import offers_starttls
from hygie.engines.probing.spf_policy import SpfPolicy, describe
from hygie.vocabulary.facts import EVIDENCE_MAX_BYTES, Json, Observation

if TYPE_CHECKING:
    import datetime as dt

    from hygie.engines.probing.dnswire import DnsAnswer
    from hygie.engines.probing.network import Network

_SERVERS_ASKED: Final = 2
_SMTP_PORT: Final = 25
_SMTP_TIMEOUT_S: Final = 4.0
_PARENTS_MAX: Final = 5


async def observe(domain: str, network: Network, *, now: dt.datetime) -> Observation:
    """Read the mail rules of ``domain`` in the DNS, and ask one of its servers for STARTTLS.

    Raises:
        UnresolvedError: if the domain's servers do not answer, or it does not exist.
        ForbiddenError: if the guard refuses the domain itself.
    """
    try:
        servers = await network.query(domain, "MX")
    except OSError as error:
        raise UnresolvedError(f"les serveurs de noms de {domain} ne répondent pas") from error
    if servers.failed or servers.rcode == "NXDOMAIN":
        raise UnresolvedError(f"le nom {domain} n’existe pas ou ses serveurs ne répondent pas")
    mx = _by_preference(servers)
    spf, (dmarc_text, dmarc), sts, reports, starttls = await asyncio.gather(
        describe(domain, network),
        _dmarc(domain, network),
        _policy(f"_mta-sts.{domain}", "v=STSv1", network),
        _policy(f"_smtp._tls.{domain}", "v=TLSRPTv1", network),
        _starttls(mx, network),
    )
    mail_servers = [f"MX {record}" for record in servers.records]
    texts = [*mail_servers, spf.record, dmarc_text, sts[1], reports[1]]
    return Observation(
        subject=domain,
        probe="mail",
        value={
            "mx": [*mx],
            **_spf_facts(spf),
            **_dmarc_facts(dmarc_text, dmarc),
            "mta_sts": sts[0],
            "tls_rpt": reports[0],
            "starttls": starttls,
        },
        evidence="\n".join(text for text in texts if text).encode()[:EVIDENCE_MAX_BYTES],
        at=now,
    )


def _by_preference(servers: DnsAnswer) -> list[str]:
    """Return the names of mail servers; a null MX (RFC 7505) is none."""
    pairs = sorted((int(number), name) for number, name in map(str.split, servers.records))
    return [name for _, name in pairs if name != "."]


def _spf_facts(policy: SpfPolicy) -> dict[str, Json]:
    return {
        "spf": policy.record,
        "spf_all": policy.all,
        "spf_lookups": None if policy.record is None else policy.lookups,
        "spf_error": policy.error,
    }


def _dmarc_facts(text: str | None, record: DmarcRecord | None) -> dict[str, Json]:
    return {
        "dmarc": text,
        "dmarc_policy": record.policy if record else None,
        "dmarc_subdomain_policy": record.subdomain_policy if record else None,
        "dmarc_rua": bool(record and record.has_reports),
    }


async def _dmarc(domain: str, network: Network) -> tuple[str | None, DmarcRecord | None]:
    """Return the record that applies to ``domain``, as it applies to it.

    Raises:
        UnresolvedError: if its absence cannot be told from silence.
    """
    labels = domain.split(".")
    for above in range(max(1, min(len(labels) - 1, _PARENTS_MAX))):
        texts = await _texts(f"_dmarc.{'.'.join(labels[above:])}", network)
        if texts is None:
            raise UnresolvedError(f"les serveurs de noms de {domain} ne répondent pas")
        found = [text for text in texts if is_dmarc(text)]
        if len(found) == 1:
            record = parse_dmarc(found[0])
            below = record.subdomain_policy
            return found[0], DmarcRecord(below, below, record.has_reports) if above else record
    return None, None


async def _texts(name: str, network: Network) -> tuple[str, ...] | None:
    """Return the texts at ``name``; None when nobody could say whether there are any."""
    try:
        answer = await network.query(name, "TXT")
    except ForbiddenError:
        raise
    except (ProbeError, OSError):
        return None
    return None if answer.failed else answer.records


async def _policy(name: str, version: str, network: Network) -> tuple[bool | None, str | None]:
    """Return whether the policy is published (None: nobody could say), and its text."""
    texts = await _texts(name, network)
    if texts is None:
        return None, None
    text = next((text for text in texts if text.split(";")[0].strip() == version), None)
    return text is not None, text


async def _starttls(servers: list[str], network: Network) -> bool | None:
    """Ask the preferred servers in turn; the first that answers tells."""
    for server in servers[:_SERVERS_ASKED]:
        try:
            async with (
                await network.open(server, _SMTP_PORT) as connection,
                asyncio.timeout(_SMTP_TIMEOUT_S),
            ):
                return await offers_starttls(connection)
        except (ProbeError, OSError):
            continue  # outside the mandate, closed or mute: the next one may tell
    return None
