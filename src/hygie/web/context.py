"""What every page needs: who runs the site, the demonstration flag, the version, unread notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from hygie import __version__
from hygie.domain.people import queries
from hygie.domain.people.roles import Permission
from hygie.web.asking import permissions_of
from hygie.web.surveillance.stops import stops_about

if TYPE_CHECKING:
    from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Return the template variables of the frame; unread notices only where a page asks."""
    frame: dict[str, object] = {
        "DEMO": settings.HYGIE_DEMO,
        "OPERATOR": settings.HYGIE_OPERATOR,
        "CONTACT": settings.HYGIE_CONTACT,
        "VERSION": __version__,
        "LANGUAGE_CODE": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
    }
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        frame["unread_notices"] = lambda: queries.unread_count(user)
        frame["stops"] = lambda: stops_about(request)
        frame["may_stop"] = lambda: Permission.SURVEILLANCE_STOP in permissions_of(request)
        frame["reads_findings"] = lambda: Permission.FINDING_READ in permissions_of(request)
    return frame
