"""What each recipient of a declaration is told, in the order of its own form.

Data: ``filings/layouts.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.referentials.reading import as_of, load_folder

if TYPE_CHECKING:
    import datetime as dt

    from hygie.referentials.section import Section, Source, Words

LAYOUTS_ID: Final = "filings.layouts"
_EVERYTHING: Final = "all"


@dataclass(frozen=True, slots=True)
class Layout:
    """The form of one recipient.

    Attributes:
        recipient: as regimes name it, ``all`` for those without a form of their own.
        label: its heading.
        fields: paths of the document, in order: ``structure.name``, ``answers``…
        source: where it comes from, with its confidence.
    """

    recipient: str
    label: Words
    fields: tuple[str, ...]
    source: Source


def layout_for(recipient: str, *, on: dt.date) -> Layout:
    """Return the form of a recipient, or the one that holds everything.

    Raises:
        ReferentialError: if the document is wrong.
    """
    document = as_of(load_folder("filings"), LAYOUTS_ID, on=on)
    document.content.only("layouts")
    layouts = {
        one.recipient: one
        for one in (_layout(part, document.source) for part in document.content.sections("layouts"))
    }
    return layouts.get(recipient) or layouts[_EVERYTHING]


def _layout(section: Section, source: Source) -> Layout:
    section.only("recipient", "label", "fields")
    fields = tuple(section.text("fields").split())
    return Layout(section.text("recipient"), section.words("label"), fields, source)
