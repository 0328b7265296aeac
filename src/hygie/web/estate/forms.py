"""Filters of the list of assets."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hygie.domain.estate.models import AssetKind, CriticalityChoice
from hygie.web.forms import TEXT_MAX


class AssetFilter(forms.Form):
    """What the list of assets is narrowed to."""

    q = forms.CharField(
        label=_("Texte"),
        required=False,
        max_length=TEXT_MAX,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(
        label=_("Nature"), required=False, choices=(("", _("Toutes")), *AssetKind.choices)
    )
    criticality = forms.ChoiceField(
        label=_("Criticité"),
        required=False,
        choices=(("", _("Toutes")), *CriticalityChoice.choices),
    )

    def narrowing(self) -> dict[str, str]:
        """Return what was asked; what cannot be read does not narrow."""
        self.is_valid()
        asked = self.cleaned_data
        return {
            "text": asked.get("q", ""),
            "kind": asked.get("kind", ""),
            "criticality": asked.get("criticality", ""),
        }
