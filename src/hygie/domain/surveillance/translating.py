"""Give a report's machines the names that the estate knows; tell which it does not know. Pure."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from hygie.engines.exchange.scans.report import Issue, Scan, Service
from hygie.vocabulary.subjects import host_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

T = TypeVar("T", Issue, Service)


@dataclass(frozen=True, slots=True)
class Translated:
    """A report about the estate alone.

    Attributes:
        scan: the report, its hosts named as in the estate.
        outside: hosts that the estate does not hold -> how many weaknesses were left aside.
    """

    scan: Scan
    outside: Mapping[str, int]


def translate(scan: Scan, known: Collection[str], networks: Collection[str] = ()) -> Translated:
    """Keep of a report what concerns the estate.

    Args:
        scan: the report.
        known: names and addresses of the estate, lower case.
        networks: networks of the estate, in CIDR form: their addresses are the estate's.
    """
    directory = scan.directory.domain if scan.directory else ""
    names: dict[str, str] = {}
    every = dict.fromkeys([*scan.hosts, *(host_of(one.subject) for one in scan.issues)])
    for host in every:
        aliases = [alias for alias in scan.names.get(host, ()) if alias in known]
        if host in known or host == directory or _in_any(host, networks):
            names[host] = host
        elif aliases:
            names[host] = aliases[0]
    kept = [issue for issue in scan.issues if host_of(issue.subject) in names]
    aside = [host_of(issue.subject) for issue in scan.issues if host_of(issue.subject) not in names]
    return Translated(
        scan=replace(
            scan,
            hosts=_hosts(scan, names),
            issues=tuple(_renamed(issue, names) for issue in kept),
            services=tuple(
                _renamed(service, names)
                for service in scan.services
                if host_of(service.subject) in names
            ),
            concluded=frozenset(
                (_subject(subject, names), key)
                for subject, key in scan.concluded
                if host_of(subject) in names
            ),
        ),
        outside={host: aside.count(host) for host in every if host not in names},
    )


def _hosts(scan: Scan, names: Mapping[str, str]) -> dict[str, frozenset[int] | None]:
    """Return the hosts under their names in the estate; two of one name join their ports."""
    hosts: dict[str, frozenset[int] | None] = {}
    for host, ports in scan.hosts.items():
        if host not in names:
            continue
        name = names[host]
        before = hosts.get(name, frozenset())
        hosts[name] = None if ports is None or before is None else before | ports
    return hosts


def _renamed(one: T, names: Mapping[str, str]) -> T:
    return replace(one, subject=_subject(one.subject, names))


def _subject(subject: str, names: Mapping[str, str]) -> str:
    host = host_of(subject)
    name = names[host]
    if name == host:
        return subject
    port = subject.rpartition(":")[2] if subject != host else ""
    shown = f"[{name}]" if ":" in name and port else name
    return f"{shown}:{port}" if port else name


def _in_any(host: str, networks: Collection[str]) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network) for network in networks)
