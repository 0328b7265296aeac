"""What the invented establishments own, and the mandates they signed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hygie.lab.documents import read_document
from hygie.vocabulary.enums import Criticality


@dataclass(frozen=True, slots=True)
class LabAsset:
    """Something an establishment runs.

    Attributes:
        kind: ``application``, ``device`` (medical) or ``system``.
        name: what people there call it.
        vendor: its maker.
        model: the product.
        version: version or firmware, as an inventory writes it.
        criticality: what care loses without it.
        service: the hospital service that stops without it.
        cpe: CPE 2.3 name, None where no vulnerability is published under one.
        quantity: how many.
        sbom: name of its SBOM for ``sbom.render_sbom``, None for none.
    """

    kind: str
    name: str
    vendor: str
    model: str
    version: str
    criticality: Criticality
    service: str
    cpe: str | None = None
    quantity: int = 1
    sbom: str | None = None


@dataclass(frozen=True, slots=True)
class LabMandate:
    """Who allowed what to be probed, during [valid_from, valid_to), at any hour.

    Attributes:
        signatory: function of the person who signed.
        contact: mail address to write to when a probe disturbs.
        signed_on: day of the signature, first day of validity.
        valid_to: first day without mandate.
        perimeter: domains, each with its subdomains.
    """

    signatory: str
    contact: str
    signed_on: dt.date
    valid_to: dt.date
    perimeter: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabEstate:
    """One establishment's estate.

    Attributes:
        establishment: its slug.
        domains: names it owns.
        mandate: None where nobody signed: then nothing of it may be probed.
        assets: in the order of the document.
    """

    establishment: str
    domains: tuple[str, ...]
    mandate: LabMandate | None
    assets: tuple[LabAsset, ...]


def load_estates(*, today: dt.date) -> tuple[LabEstate, ...]:
    """Return the estates; mandates are dated relative to ``today``.

    One mandate has expired, one establishment has none.
    """
    return tuple(_estate(row, today) for row in read_document("estate.yaml")["estates"])


def _estate(row: dict[str, Any], today: dt.date) -> LabEstate:
    domains = tuple(row["domains"])
    return LabEstate(
        establishment=row["establishment"],
        domains=domains,
        mandate=_mandate(row["mandate"], domains, today) if row["mandate"] else None,
        assets=tuple(_asset(asset) for asset in row["assets"]),
    )


def _asset(row: dict[str, Any]) -> LabAsset:
    return LabAsset(**(row | {"criticality": Criticality(row["criticality"])}))


def _mandate(row: dict[str, Any], domains: tuple[str, ...], today: dt.date) -> LabMandate:
    signed_on = today - dt.timedelta(days=row["signed_days_ago"])
    return LabMandate(
        signatory=row["signatory"],
        contact=row["contact"],
        signed_on=signed_on,
        valid_to=signed_on + dt.timedelta(days=row["valid_days"]),
        perimeter=tuple(row.get("perimeter", domains)),
    )
