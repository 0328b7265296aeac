"""Is the process alive, may it be sent requests, its metrics, and whom to tell of a flaw."""

from __future__ import annotations

import datetime as dt
import hmac
import ipaddress
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hygie.jobs.checks.check import Status
from hygie.jobs.checks.examination import readiness
from hygie.web.health import registry

if TYPE_CHECKING:
    from django.http import HttpRequest

READY_KEPT_S: Final = 5.0
"""Nobody may make the database work by asking how it is."""

EXPIRES_IN: Final = dt.timedelta(days=180)
"""RFC 9116 recommends less than a year."""

_kept: dict[str, tuple[float, dict[str, str]]] = {}


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """Say that the process answers; asks nobody else, so that a lost database restarts none."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """Say whether requests may be sent here: words only, no detail an attacker could use."""
    states = _states()
    broken = any(state != "ok" for state in states.values())
    return JsonResponse(
        {"status": "broken" if broken else "ok", "checks": states},
        status=HTTPStatus.SERVICE_UNAVAILABLE if broken else HTTPStatus.OK,
    )


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the metrics to those allowed; to others the page does not exist."""
    if not _may_measure(request):
        raise Http404
    return HttpResponse(registry.exposition(now=timezone.now()), registry.CONTENT_TYPE)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say whom to tell of a flaw, RFC 9116."""
    contact = getattr(settings, "HYGIE_SECURITY_CONTACT", "") or settings.HYGIE_CONTACT
    expires = (timezone.now() + EXPIRES_IN).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {contact if '://' in contact else f'mailto:{contact}'}",
        f"Expires: {expires.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fr, en",
        f"Canonical: {request.build_absolute_uri(request.path)}",
    ]
    if policy := getattr(settings, "HYGIE_SECURITY_POLICY", ""):
        lines.append(f"Policy: {policy}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _states() -> dict[str, str]:
    """Return the word of each check, a few seconds old at most."""
    at, states = _kept.get("ready", (0.0, {}))
    if not states or time.monotonic() - at > READY_KEPT_S:
        checks = readiness(now=timezone.now())
        good = (Status.GOOD, Status.WARNING)
        states = {name: "ok" if one.status in good else "broken" for name, one in checks.items()}
        _kept["ready"] = (time.monotonic(), states)
    return states


def _may_measure(request: HttpRequest) -> bool:
    """Tell whether the caller has the token, or is a neighbour that came by no proxy."""
    token: str = getattr(settings, "HYGIE_METRICS_TOKEN", "")
    given = request.headers.get("Authorization", "")
    if token and hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return True
    # Behind a proxy everybody seems to come from this machine.
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        caller = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    networks: tuple[str, ...] = getattr(settings, "HYGIE_METRICS_ALLOWED", ())
    return any(caller in ipaddress.ip_network(one, strict=False) for one in networks)
