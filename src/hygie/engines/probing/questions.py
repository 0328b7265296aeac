"""Which questions fit a target: the probes that make sense for it, and the ports they knock on."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.engines.probing.errors import ProbeError
from hygie.engines.probing.passes import ALL_PROBES, DEEP_ONLY_PROBES
from hygie.engines.probing.ports import DEFAULT_PORTS, fitting_probes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygie.engines.probing.reach import Network

ZONE_PROBES: Final = frozenset({"mail", "delegation", "dkim", "mta-sts", "dane"})
NAME_PROBES: Final = frozenset({"dns", *ZONE_PROBES})


@dataclass(frozen=True, slots=True)
class Target:
    """What the mandate lets us look at.

    Attributes:
        name: a domain, a host name or an address.
        ports: ports to look at; each probe's usual ports when empty.
        kinds: probes that make sense for this target; when empty, those that fit the ports,
            or every probe (those about a zone only when the name is one).
        deep: ask the questions of the deep pass as well (see ``passes``).
        silent: ports that were open once and did not answer the last time.
    """

    name: str
    ports: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    deep: bool = True
    silent: tuple[int, ...] = ()


async def kinds_for(target: Target, network: Network, probes: Sequence[str]) -> list[str]:
    """Return the probes to run on ``target``, in the order of ALL_PROBES."""
    wanted = set(probes)
    if not target.deep:
        wanted -= set(DEEP_ONLY_PROBES)
    if target.kinds:
        wanted &= set(target.kinds)
    elif target.ports:
        wanted &= {kind for port in target.ports for kind in fitting_probes(port)}
    elif literal_version(target.name):
        wanted -= NAME_PROBES
    elif wanted & ZONE_PROBES and not await _is_zone(target.name, network):
        wanted -= ZONE_PROBES
    return [kind for kind in ALL_PROBES if kind in wanted]


def literal_version(name: str) -> int | None:
    """Return 4 or 6 when ``name`` is an address, None when it is a name."""
    try:
        return ipaddress.ip_address(name).version
    except ValueError:
        return None


async def _is_zone(name: str, network: Network) -> bool:
    """Tell whether rules of a zone are expected at ``name``: it is one, or we cannot know."""
    try:
        return (await network.query(name, "NS")).exists
    except (ProbeError, OSError):
        return True


def ports_for(target: Target, kind: str) -> tuple[int, ...]:
    """Return where to ask ``kind``; ports and kinds both named are taken at their word."""
    if not target.ports:
        return DEFAULT_PORTS[kind]
    if target.kinds:
        return target.ports
    return tuple(port for port in target.ports if kind in fitting_probes(port))
