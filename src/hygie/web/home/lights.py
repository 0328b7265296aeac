"""A director's three lights, each with its word: exposed? in order? under control?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hygie.domain.estate.queries import mandates
from hygie.web.estate.standing import with_standing

if TYPE_CHECKING:
    from hygie.domain.findings.queries import Summary
    from hygie.domain.people.models import User
    from hygie.domain.territory.models import Node

_GOOD: Final = frozenset("AB")
_MIDDLE: Final = frozenset("CD")


@dataclass(frozen=True, slots=True)
class Light:
    """One light: its colour is never alone, ``word`` and ``sentence`` say the same.

    ``kind`` is one of DSFR's badges: success, warning, error or info (not known).
    """

    question: str
    kind: str
    word: str
    sentence: str
    url: str


def lights(user: User, node: Node, page: dict[str, object]) -> list[Light]:
    """Return the three lights of a place from what its page already read."""
    letter = str(page["letter"])
    summary: Summary = page["summary"]  # type: ignore[assignment]  # state_of_place puts it there
    return [_exposed(node, letter, summary), _on_time(node, summary), _watched(user, node)]


def _exposed(node: Node, letter: str, summary: Summary) -> Light:
    question, url = _("Sommes-nous exposés ?"), reverse("node", args=[node.pk])
    if not letter:
        if summary.act:
            return Light(question, "error", _("Oui"), _act(summary.act), url)
        return Light(
            question, "info", _("On ne sait pas"), _("Rien n’a encore été observé d’Internet."), url
        )
    note = _("Note %(letter)s.") % {"letter": letter}
    if letter in _GOOD:
        return Light(question, "success", _("Peu"), note, url)
    if letter in _MIDDLE:
        return Light(question, "warning", _("Un peu"), f"{note} {_act(summary.act)}", url)
    return Light(question, "error", _("Oui"), f"{note} {_act(summary.act)}", url)


def _act(count: int) -> str:
    return ngettext(
        "%(n)d chose à traiter sans attendre.", "%(n)d choses à traiter sans attendre.", count
    ) % {"n": count}


def _on_time(node: Node, summary: Summary) -> Light:
    question = _("Réparons-nous à temps ?")
    url = f"{reverse('finding-list')}?node={node.pk}&overdue=on"
    if summary.overdue:
        late = ngettext(
            "%(n)d correction en retard.", "%(n)d corrections en retard.", summary.overdue
        ) % {"n": summary.overdue}
        return Light(question, "error", _("Non"), late, url)
    if summary.act:
        return Light(question, "warning", _("À surveiller"), _act(summary.act), url)
    return Light(question, "success", _("Oui"), _("Aucune correction en retard."), url)


def _watched(user: User, node: Node) -> Light:
    question, url = (
        _("La surveillance est-elle autorisée ?"),
        reverse("mandate-list", args=[node.pk]),
    )
    known = with_standing(mandates(user, node.pk)[:20], now=timezone.now())
    running = [state.mandate for state in known if state.state == "valid"]
    if not running:
        return Light(
            question, "error", _("Non"), _("Aucun mandat en cours : il faut en signer un."), url
        )
    left = (max(mandate.valid_to for mandate in running) - timezone.localdate()).days
    sentence = ngettext(
        "Le mandat court encore %(n)d jour.", "Le mandat court encore %(n)d jours.", left
    ) % {"n": left}
    if left <= 60:  # noqa: PLR2004 - two months to have it signed again
        return Light(question, "warning", _("Bientôt à renouveler"), sentence, url)
    return Light(question, "success", _("Oui"), sentence, url)
