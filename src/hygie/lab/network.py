"""What listens in the invented world, what its DNS says, and which weaknesses can be switched."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from hygie.lab.documents import read_document

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Settings = dict[str, Any]
"""What one server or zone does; its keys are the fields of that server's settings class."""


class State(StrEnum):
    """What a switch says of its weakness; DOWN makes everything it touches mute."""

    BROKEN = "broken"
    FIXED = "fixed"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Weakness:
    """A named switch.

    Attributes:
        name: such as ``vpn-ch-val-hygie``.
        establishment: slug of the establishment that suffers from it.
        title: what is wrong, in French, for the screen.
        repair: what ``fixed`` stands for, in French.
    """

    name: str
    establishment: str
    title: str
    repair: str


@dataclass(frozen=True, slots=True)
class _Switched:
    """Plain settings, and what each weakness changes in them while it is broken."""

    settings: Settings
    weaknesses: Mapping[str, Settings]

    def settings_under(self, state_of: Callable[[str], State]) -> Settings | None:
        """Return the settings that hold now, None while one of the switches is down."""
        states = {name: state_of(name) for name in self.weaknesses}
        if State.DOWN in states.values():
            return None
        settings = dict(self.settings)
        for name, state in states.items():
            if state is State.BROKEN:
                settings |= self.weaknesses[name]
        return settings


@dataclass(frozen=True, slots=True)
class Service(_Switched):
    """One port of one host.

    Attributes:
        establishment: slug of its owner.
        host: full name, without the final dot.
        port: the port it has in its world; on loopback it listens elsewhere.
        kind: ``http``, ``smtp``, ``banner``, ``dicom``, ``mllp`` or ``udp``.
    """

    establishment: str
    host: str
    port: int
    kind: str

    @property
    def name(self) -> str:
        """``host:port``, the key of the network directory."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Zone(_Switched):
    """One domain of the invented DNS.

    Attributes:
        name: without the final dot.
        network: the first three bytes of the addresses of its hosts.
        hosts: full names that have an address, in order.
        establishment: slug of its owner, None for the lab's own zone.
    """

    name: str
    network: str
    hosts: tuple[str, ...]
    establishment: str | None


@dataclass(frozen=True, slots=True)
class Network:
    """Everything that answers, each tuple in the order of the document."""

    weaknesses: tuple[Weakness, ...]
    services: tuple[Service, ...]
    zones: tuple[Zone, ...]


def load_network() -> Network:
    """Return the network of the invented territory."""
    document = read_document("network.yaml")
    services = tuple(_service(row) for row in document["services"])
    names = [row["name"] for row in document["zones"]]
    hosts = list(dict.fromkeys(service.host for service in services))
    return Network(
        weaknesses=tuple(Weakness(**row) for row in document["weaknesses"]),
        services=services,
        zones=tuple(
            _zone(row, [host for host in hosts if _zone_of(host, names) == row["name"]])
            for row in document["zones"]
        ),
    )


def _service(row: dict[str, Any]) -> Service:
    return Service(**({"weaknesses": {}} | row))


def _zone(row: dict[str, Any], hosts: list[str]) -> Zone:
    defaults: dict[str, Any] = {"weaknesses": {}, "establishment": None}
    return Zone(**(defaults | row), hosts=tuple(hosts))


def _zone_of(host: str, zones: list[str]) -> str:
    return max((name for name in zones if host.endswith(f".{name}")), key=len)
