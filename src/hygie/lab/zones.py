"""What the invented DNS says of each zone, as record sets, from its settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import dns.name
import dns.rdataclass
import dns.rrset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hygie.lab.network import Zone
    from hygie.lab.signing import Signing

TTL_S: Final = 60
_FIRST_HOST: Final = 10
_STRING_MAX: Final = 255


@dataclass(frozen=True, slots=True)
class ZoneSettings:
    """What a zone publishes.

    Attributes:
        spf: the SPF record (RFC 7208), None for none.
        dmarc: the DMARC record (RFC 7489), None for none.
        caa: CAA records (RFC 8659).
        name_servers: names of its servers.
        transfer: hand the zone to anybody (AXFR).
        mta_sts: announce the policy served by ``mta-sts.<zone>`` (RFC 8461).
        tls_rpt: the TLS reporting record (RFC 8460), None for none.
        aliases: label to the name it points to (CNAME).
        addresses: label to address, besides the hosts of the lab.
        txt: label to text.
        signing: DNSSEC, ``valid`` or ``expired``, None for an unsigned zone.
        parent_name_servers: those that the registry names, when they are not the same.
        dane: announce the certificate of the mail server (RFC 7672): ``valid``, or ``other``
            for one that it does not show; None for none.
    """

    spf: str | None = None
    dmarc: str | None = None
    caa: tuple[str, ...] = ()
    name_servers: tuple[str, ...] = ("ns1.lab-dns.example", "ns2.lab-dns.example")
    transfer: bool = False
    mta_sts: bool = False
    tls_rpt: str | None = None
    aliases: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    txt: dict[str, str] = field(default_factory=dict)
    signing: Signing | None = None
    parent_name_servers: tuple[str, ...] | None = None
    dane: str | None = None


def records_of(
    zone: Zone, settings: ZoneSettings, *, key_digest: Callable[[str], bytes] | None = None
) -> list[dns.rrset.RRset]:
    """Return the record sets of a zone, its SOA first, unsigned."""
    texts = [
        *_soa(zone),
        *_servers(zone, settings),
        *_hosts(zone, settings),
        *_mail(zone, settings),
        *_dane(zone, settings, key_digest),
    ]
    sets: dict[tuple[str, str], list[str]] = {}
    for name, kind, text in texts:
        sets.setdefault((name, kind), []).append(text)
    return [
        dns.rrset.from_text(dns.name.from_text(name), TTL_S, dns.rdataclass.IN, kind, *values)
        for (name, kind), values in sets.items()
    ]


_Row = tuple[str, str, str]


def _soa(zone: Zone) -> Iterator[_Row]:
    yield zone.name, "SOA", f"ns1.lab-dns.example. dns.{zone.name}. 1 3600 600 86400 {TTL_S}"


def _servers(zone: Zone, settings: ZoneSettings) -> Iterator[_Row]:
    for server in settings.name_servers:
        yield zone.name, "NS", f"{server}."
    for record in settings.caa:
        yield zone.name, "CAA", record


def _hosts(zone: Zone, settings: ZoneSettings) -> Iterator[_Row]:
    for number, host in enumerate(zone.hosts, start=_FIRST_HOST):
        address = f"{zone.network}.{number}"
        yield host, "A", address
        if host == f"www.{zone.name}":
            yield zone.name, "A", address
    for label, address in settings.addresses.items():
        yield f"{label}.{zone.name}", "A", address
    for label, target in settings.aliases.items():
        yield f"{label}.{zone.name}", "CNAME", f"{target}."


def _mail(zone: Zone, settings: ZoneSettings) -> Iterator[_Row]:
    if f"mail.{zone.name}" in zone.hosts:
        yield zone.name, "MX", f"10 mail.{zone.name}."
    texts = {
        zone.name: settings.spf,
        f"_dmarc.{zone.name}": settings.dmarc,
        f"_mta-sts.{zone.name}": "v=STSv1; id=20260101" if settings.mta_sts else None,
        f"_smtp._tls.{zone.name}": settings.tls_rpt,
        **{f"{label}.{zone.name}": text for label, text in settings.txt.items()},
    }
    for name, text in texts.items():
        if text:
            yield name, "TXT", _quoted(text)


def _dane(
    zone: Zone, settings: ZoneSettings, key_digest: Callable[[str], bytes] | None
) -> Iterator[_Row]:
    host = f"mail.{zone.name}"
    if settings.dane and key_digest is not None and host in zone.hosts:
        digest = key_digest(host) if settings.dane == "valid" else bytes(32)
        yield f"_25._tcp.{host}", "TLSA", f"3 1 1 {digest.hex()}"


def _quoted(text: str) -> str:
    parts = [text[at : at + _STRING_MAX] for at in range(0, len(text), _STRING_MAX)]
    return " ".join(f'"{part}"' for part in parts)
