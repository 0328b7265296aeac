"""The main menu: what the person's roles open, and where the page stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hygie.domain.people.roles import Permission
from hygie.web.asking import permissions_of

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

_ENTRIES: Final = (
    ("home", _("Accueil"), None),
    ("finding-list", _("Constats"), Permission.FINDING_READ),
    ("stream", _("Veille"), Permission.TERRITORY_READ),
    ("incident-list", _("Incidents"), Permission.INCIDENT_READ),
    ("territory", _("Territoire"), Permission.TERRITORY_READ),
    ("round-list", _("Rondes"), Permission.ROUND_READ),
    ("work-list", _("Travaux"), Permission.ROUND_RUN),
    ("people-list", _("Personnes"), Permission.PEOPLE_READ),
    ("journal", _("Journal"), Permission.JOURNAL_READ),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu; ``current`` is the value of aria-current, empty elsewhere."""

    url: str
    label: str | _StrPromise
    current: str


def entries(request: HttpRequest) -> list[Entry]:
    """Return the menu of the person who asks."""
    held = permissions_of(request)
    return [
        Entry(reverse(name), label, _current(request.path, reverse(name)))
        for name, label, permission in _ENTRIES
        if permission is None or permission in held
    ]


def _current(path: str, url: str) -> str:
    if path == url:
        return "page"
    return "true" if url != reverse("home") and path.startswith(url) else ""
