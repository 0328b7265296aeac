"""What a mandate allows, decided in one place: perimeter, window, revocation. Pure.

Times are aware; a window is read in the time zone of the establishment.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hygie.domain.estate.models import PerimeterKind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from hygie.domain.estate.models import Mandate


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a mandate covers: kind of PerimeterKind and its value, lower case."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Permission:
    """A mandate as plain values; ``lines`` is its perimeter, ``mandate_id`` its key."""

    valid_from: dt.date
    valid_to: dt.date
    days: str
    from_hour: int
    to_hour: int
    revoked_at: dt.datetime | None
    time_zone: str
    lines: tuple[Line, ...]
    mandate_id: int = 0


def permission_of(mandate: Mandate) -> Permission:
    """Read a mandate and its perimeter once, to be asked before every packet."""
    return Permission(
        valid_from=mandate.valid_from,
        valid_to=mandate.valid_to,
        days=mandate.days,
        from_hour=mandate.from_hour,
        to_hour=mandate.to_hour,
        revoked_at=mandate.revoked_at,
        time_zone=mandate.node.time_zone,
        lines=tuple(Line(line.kind, line.value.lower()) for line in mandate.perimeter.all()),
        mandate_id=mandate.pk,
    )


def standing(permission: Permission, now: dt.datetime) -> str:
    """Return ``revoked``, ``future``, ``expired`` or ``valid``, the window apart."""
    today = now.astimezone(ZoneInfo(permission.time_zone)).date()
    if permission.revoked_at is not None and permission.revoked_at <= now:
        return "revoked"
    if today < permission.valid_from:
        return "future"
    return "expired" if today >= permission.valid_to else "valid"


def is_open(permission: Permission, now: dt.datetime) -> bool:
    """Tell whether probing is allowed at this very moment."""
    local = now.astimezone(ZoneInfo(permission.time_zone))
    return (
        standing(permission, now) == "valid"
        and str(local.isoweekday()) in permission.days
        and permission.from_hour <= local.hour < permission.to_hour
    )


def covers(permission: Permission, host: str, address: str | None = None) -> bool:
    """Tell whether the perimeter names ``host``, or the address it resolved to.

    A domain covers itself and its subdomains; a host only itself; a network its addresses.
    """
    name = host.rstrip(".").lower()
    return any(_line_covers(line, name, address) for line in permission.lines)


def allowing(
    permissions: Iterable[Permission], host: str, now: dt.datetime, address: str | None = None
) -> Permission | None:
    """Return the first permission that covers ``host`` and is open now, or None."""
    for permission in permissions:
        if is_open(permission, now) and covers(permission, host, address):
            return permission
    return None


def _line_covers(line: Line, name: str, address: str | None) -> bool:
    if line.kind == PerimeterKind.DOMAIN:
        return name == line.value or name.endswith(f".{line.value}")
    if line.kind == PerimeterKind.HOST:
        return name == line.value
    return _in_network(line.value, address or name)


def _in_network(network: str, address: str) -> bool:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
