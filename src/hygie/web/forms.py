"""Forms that several pages share."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

TEXT_MAX = 100


class DayInput(forms.DateInput):
    """The calendar of the browser: it shows what it is given only as ``2026-11-27``."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TextFilter(forms.Form):
    """One box of text that narrows a list."""

    q = forms.CharField(
        label=_("Rechercher dans la liste"),
        required=False,
        max_length=TEXT_MAX,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def text(self) -> str:
        """Return the text asked, empty when there is none or it cannot be searched."""
        return self.cleaned_data["q"] if self.is_valid() else ""
