"""CISA's catalogue of Known Exploited Vulnerabilities (KEV).

Pure: bytes in, entries out.
Source: https://www.cisa.gov/known-exploited-vulnerabilities-catalog and its JSON schema.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Final, NamedTuple

from hygie.engines.corpus.records import CorpusFormatError
from hygie.vocabulary.cve import CveIdError, parse_cve_id

_RANSOMWARE: Final = {"known": True, "unknown": None}


class KevEntry(NamedTuple):
    """One exploited vulnerability.

    Attributes:
        cve_id: ``CVE-YYYY-NNNN``.
        added_on: date CISA listed it.
        ransomware: True when ransomware groups are known to use it, None when not known.
        vendor: vendorProject, as written.
        product: as written.
        description: shortDescription.
    """

    cve_id: str
    added_on: dt.date
    ransomware: bool | None
    vendor: str
    product: str
    description: str


def parse_kev(document: bytes, *, source: str) -> tuple[str, list[KevEntry]]:
    """Return the catalogue's date (ISO) and its entries, in feed order.

    One bad entry refuses the whole document: half a catalogue reads as good news.

    Raises:
        CorpusFormatError: if the document is not a catalogue, or any entry is malformed.
    """
    try:
        catalogue = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise CorpusFormatError("ce n’est pas du JSON", source=source) from error
    entries = catalogue.get("vulnerabilities") if isinstance(catalogue, dict) else None
    if not isinstance(entries, list):
        raise CorpusFormatError(
            "ce n’est pas le catalogue KEV : « vulnerabilities » manque", source=source
        )
    dated = str(catalogue.get("dateReleased", catalogue.get("catalogVersion", "")))[:10]
    return dated.replace(".", "-"), [
        _entry(entry, source, f"vulnerabilities[{at}]") for at, entry in enumerate(entries)
    ]


def _entry(entry: Any, source: str, place: str) -> KevEntry:  # noqa: ANN401 - JSON
    try:
        return KevEntry(
            cve_id=parse_cve_id(entry["cveID"]),
            added_on=dt.date.fromisoformat(entry["dateAdded"]),
            ransomware=_RANSOMWARE[entry.get("knownRansomwareCampaignUse", "Unknown").lower()],
            vendor=_text(entry["vendorProject"]),
            product=_text(entry["product"]),
            description=_text(entry["shortDescription"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, CveIdError) as error:
        raise CorpusFormatError(
            f"entrée mal formée ({error!r:.60})", source=source, place=place
        ) from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(repr(value)[:40])
    return value.strip()
