"""What every page needs: the site's name, the demonstration flag, unread notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from hygie.domain.people import queries

if TYPE_CHECKING:
    from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Return the template variables of the frame; unread notices only where a page asks."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"DEMO": settings.HYGIE_DEMO}
    return {
        "DEMO": settings.HYGIE_DEMO,
        "unread_notices": lambda: queries.unread_count(user),
    }
