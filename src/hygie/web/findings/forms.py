"""What people type about findings: filters of the list, dates and reasons of a plan."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from hygie.domain.findings.models import (
    DecisionChoice,
    EventKind,
    Origin,
    SeverityChoice,
)
from hygie.domain.findings.queries import Filters
from hygie.web.forms import TEXT_MAX

if TYPE_CHECKING:
    from collections.abc import Mapping

_STATES = (
    ("", _("Tout ce qui reste à faire")),
    ("untouched", _("À traiter")),
    ("taken", _("Pris en charge")),
    ("planned", _("Planifié")),
    ("declared", _("Déclaré corrigé")),
    ("accepted", _("Risque accepté")),
    ("verified", _("Correction vérifiée")),
    ("set_aside", _("Écarté")),
    ("all", _("Tous les constats")),
)
_ORDERS = (
    ("", _("Urgence")),
    ("due", _("Échéance")),
    ("newest", _("Plus récents")),
    ("oldest", _("Plus anciens")),
    ("place", _("Établissement")),
)
_ANY = ("", _("Toutes"))


class FindingFilter(forms.Form):
    """The filters of the list, all of them in the address of the page."""

    q = forms.CharField(
        label=_("Texte"),
        required=False,
        max_length=TEXT_MAX,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    decision = forms.ChoiceField(
        label=_("Décision"), required=False, choices=(_ANY, *DecisionChoice.choices)
    )
    state = forms.ChoiceField(label=_("État"), required=False, choices=_STATES)
    severity = forms.ChoiceField(
        label=_("Gravité"), required=False, choices=(_ANY, *SeverityChoice.choices)
    )
    origin = forms.ChoiceField(label=_("Origine"), required=False, choices=(_ANY, *Origin.choices))
    order = forms.ChoiceField(label=_("Trier par"), required=False, choices=_ORDERS)
    overdue = forms.BooleanField(label=_("En retard seulement"), required=False)
    node = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput()
    )
    event = forms.ChoiceField(
        required=False, choices=(_ANY, *EventKind.choices), widget=forms.HiddenInput()
    )
    since = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())

    def filters(self) -> Filters:
        """Return the filters asked; what cannot be read does not narrow."""
        self.is_valid()
        asked: Mapping[str, object] = getattr(self, "cleaned_data", {})
        return Filters(
            state=str(asked.get("state") or "open"),
            decision=str(asked.get("decision") or ""),
            severity=str(asked.get("severity") or ""),
            origin=str(asked.get("origin") or ""),
            node_id=asked.get("node") if isinstance(asked.get("node"), int) else None,  # type: ignore[arg-type]  # narrowed beside
            text=str(asked.get("q") or ""),
            overdue=bool(asked.get("overdue")),
            event=str(asked.get("event") or ""),
            since=_moment(str(asked.get("since") or "")),
            order=str(asked.get("order") or "urgency"),
        )


class PlanForm(forms.Form):
    """The day of a repair."""

    on = forms.DateField(
        label=_("Corriger le"),
        help_text=_("Le jour où la correction sera en place."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class AcceptForm(forms.Form):
    """Until when a risk is accepted, and why."""

    until = forms.DateField(
        label=_("Accepter jusqu’au"),
        help_text=_("Un an au plus. Le constat revient à traiter le lendemain."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=_("Raison"),
        help_text=_("Pourquoi, et ce qui compense le risque. Un auditeur la lira."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _moment(text: str) -> dt.datetime | None:
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    if at is None:
        return None
    return at if timezone.is_aware(at) else at.replace(tzinfo=dt.UTC)
