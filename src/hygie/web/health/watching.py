"""Around every request: count it, time it, trace it, and close the browser's doors."""

from __future__ import annotations

import ipaddress
import logging
import re
import time
import uuid
from typing import TYPE_CHECKING, Final

from django.contrib.auth.signals import user_login_failed
from structlog.contextvars import bound_contextvars

from hygie.web.health.registry import DURATION, REQUESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    Handler = Callable[[HttpRequest], HttpResponse]

HEADERS: Final = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media"),
            *("fullscreen", "geolocation", "gyroscope", "magnetometer", "microphone", "midi"),
            *("payment", "picture-in-picture", "screen-wake-lock", "usb", "xr-spatial-tracking"),
        )
    ),
    "X-Permitted-Cross-Domain-Policies": "none",
    # Pages carry their own; this is for what is no page: files, JSON, refusals.
    "Content-Security-Policy": (
        "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
}
"""What no page of ours needs is closed; passkeys keep theirs (publickey-credentials-*)."""

_LOG: Final = logging.getLogger("hygie.access")
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECRET_PARTS: Final = frozenset({"key", "uidb36", "token", "secret"})


class WatchingMiddleware:
    """First of all middlewares: what those after it refuse is counted and traced too."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response
        user_login_failed.connect(told_refusal, dispatch_uid="hygie.told_refusal")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the request's name bound to every line logged meanwhile."""
        name = request_id_of(request)
        began = time.perf_counter()
        with bound_contextvars(request_id=name):
            response = self._get_response(request)
            spent = time.perf_counter() - began
            measure(request, response, spent)
            _LOG.info("request", extra=trace(request, response, spent))
        response.headers["X-Request-ID"] = name
        for header, value in HEADERS.items():
            response.headers.setdefault(header, value)
        if user_id_of(request) is not None:
            # Findings must not stay on a shared workstation after its user left.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def told_refusal(request: HttpRequest | None = None, **_: object) -> None:
    """Log that a password was refused: from where, and not for whom."""
    address = address_of(request) if request else None
    _LOG.warning("sign-in refused", extra={"address": address})


def request_id_of(request: HttpRequest) -> str:
    """Return the proxy's name for the request if it is one, else a new one."""
    given = request.headers.get("X-Request-ID", "")
    return given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def measure(request: HttpRequest, response: HttpResponse, spent_s: float) -> None:
    """Count and time; labels come from our own tables, never from the caller."""
    view = view_of(request)
    method = request.method if request.method in _METHODS else "other"
    REQUESTS.labels(view, method, str(response.status_code)).inc()
    DURATION.labels(view).observe(spent_s)


def trace(request: HttpRequest, response: HttpResponse, spent_s: float) -> dict[str, object]:
    """Return the fields of the access line: an account by its number, no query string."""
    return {
        "method": request.method,
        "path": path_of(request),
        "status": response.status_code,
        "duration_ns": round(spent_s * 1e9),
        "view": view_of(request),
        "user_id": user_id_of(request),
        "address": address_of(request),
    }


def view_of(request: HttpRequest) -> str:
    """Return the name of the address's pattern, ``none`` where there is no such address."""
    match = request.resolver_match
    return (match.view_name or "unnamed") if match else "none"


def path_of(request: HttpRequest) -> str:
    """Return the path, with the secrets that some addresses carry replaced by their names."""
    path, match = request.path, request.resolver_match
    for name, value in (match.kwargs if match else {}).items():
        if name in _SECRET_PARTS:
            path = path.replace(str(value), f"<{name}>")
    return path


def user_id_of(request: HttpRequest) -> str | None:
    """Return the account's number if the request looked it up; asks the database nothing."""
    # Set by django.contrib.auth, and by the API for tokens.
    for name in ("_cached_user", "auth"):
        if (pk := getattr(getattr(request, name, None), "pk", None)) is not None:
            return str(pk)
    return None


def address_of(request: HttpRequest) -> str | None:
    """Return who asks; what a proxy on this machine says is believed, its last word only."""
    direct = request.META.get("REMOTE_ADDR", "")
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    for candidate in (forwarded if _is_local(direct) else "", direct):
        try:
            return str(ipaddress.ip_address(candidate))
        except ValueError:
            continue
    return None


def _is_local(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return not address  # a Unix socket
