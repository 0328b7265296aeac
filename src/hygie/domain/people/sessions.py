"""Where a person is signed in: seen by them, closed by them, kept without the full address."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction

from hygie.domain.journal.actions import Act, record
from hygie.domain.people.models import SignIn

if TYPE_CHECKING:
    import datetime as dt

    from hygie.domain.people.models import User

_IPV4_BITS: Final = 24
_IPV6_BITS: Final = 48
_WIDE_IPV4: Final = 16
_WIDE_IPV6: Final = 32
_KEY_DIGITS: Final = 32

_BROWSERS: Final = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Whence:
    """From what and where somebody signs in: in words, empty when unknown, and as a key."""

    words: str
    key: str


def whence(agent: str, address: str) -> Whence:
    """Return what makes a sign-in look like an earlier one: browser, system, wide network.

    A telephone changes its /24 each day, so /16 (IPv6: /32) tells here.
    """
    device, wide = device_of(agent), network_of(address, bits4=_WIDE_IPV4, bits6=_WIDE_IPV6)
    seen = hashlib.sha256(f"{device}|{wide}".encode()).hexdigest()[:_KEY_DIGITS]
    return Whence(", ".join(part for part in (device, network_of(address)) if part), seen)


def opened(user: User, session_key: str, *, agent: str, address: str, now: dt.datetime) -> SignIn:
    """Keep that a browser signed in.

    Args:
        user: who.
        session_key: of Django's session.
        agent: the browser's User-Agent, of which its name and system are kept.
        address: its IP address, of which the network is kept (/24 or /48).
        now: when.
    """
    kept, _ = SignIn.objects.update_or_create(
        session_key=session_key,
        defaults={
            "user": user,
            "device": device_of(agent),
            "network": network_of(address),
            "opened_at": now,
            "last_seen_at": now,
        },
    )
    return kept


def seen(session_key: str, *, now: dt.datetime) -> bool:
    """Keep that a browser was seen again; False when it is not known."""
    return bool(SignIn.objects.filter(session_key=session_key).update(last_seen_at=now))


def closed(session_key: str) -> None:
    """Forget a browser that signed out."""
    SignIn.objects.filter(session_key=session_key).delete()


def revoke(sign_in: SignIn, *, actor: str, now: dt.datetime) -> None:
    """Sign a browser out from afar."""
    with transaction.atomic():
        _end([sign_in.session_key])
        _trace(sign_in.user_id, 1, actor, now)


def revoke_all(user: User, *, actor: str, now: dt.datetime, but: str = "") -> int:
    """Sign every browser of ``user`` out, except the session ``but``; returns how many."""
    with transaction.atomic():
        ended = end_sign_ins(user, but=but)
        if ended:
            _trace(user.pk, ended, actor, now)
    return ended


def end_sign_ins(user: User, *, but: str = "") -> int:
    """End the sessions of ``user``; the caller writes the journal."""
    keys = list(
        SignIn.objects.filter(user=user)
        .exclude(session_key=but)
        .values_list("session_key", flat=True)
    )
    _end(keys)
    return len(keys)


def device_of(agent: str) -> str:
    """Return the browser and the system that a User-Agent names, empty when it names none."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " – ".join(part for part in (browser, system) if part)


def network_of(address: str, *, bits4: int = _IPV4_BITS, bits6: int = _IPV6_BITS) -> str:
    """Return the network of an IP address: /24 or /48; empty when it is no address."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    bits = bits4 if isinstance(parsed, ipaddress.IPv4Address) else bits6
    return str(ipaddress.ip_network(f"{parsed}/{bits}", strict=False))


def _end(keys: list[str]) -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for key in keys:
        store(key).delete()
    SignIn.objects.filter(session_key__in=keys).delete()


def _trace(user_id: int, count: int, actor: str, now: dt.datetime) -> None:
    record(
        Act("session.revoked", "user", str(user_id), None, {"sessions": count}),
        actor=actor,
        now=now,
    )
