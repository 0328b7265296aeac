"""The invented territory: 2 regions, 3 GHT, 8 legal entities, 15 establishments.

Nothing in it exists: ``territory.yaml`` says how each identifier is kept apart from real ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hygie.lab.documents import read_document

if TYPE_CHECKING:
    import datetime as dt


@dataclass(frozen=True, slots=True)
class Region:
    """A region and its agency.

    Attributes:
        code: ``X1``, ``X2``: never an INSEE code.
        name: the region.
        ars: name of its regional health agency.
        time_zone: IANA name; one region lies overseas.
    """

    code: str
    name: str
    ars: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Ght:
    """A territorial hospital group; ``region`` is a region code."""

    code: str
    name: str
    region: str


@dataclass(frozen=True, slots=True)
class LegalEntity:
    """An EJ: the person in law that owns establishments.

    Attributes:
        finess: nine characters, department 99, right key.
        name: as on its letters.
        region: a region code.
        status: ``public`` or ``private``.
    """

    finess: str
    name: str
    region: str
    status: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A legal entity in a GHT during [valid_from, valid_to).

    Attributes:
        ght: code of the group.
        legal_entity: FINESS of the EJ.
        support: True for the support establishment of the group.
        valid_from: first day.
        valid_to: first day out of the group, None while it runs.
    """

    ght: str
    legal_entity: str
    support: bool
    valid_from: dt.date
    valid_to: dt.date | None

    def runs_on(self, day: dt.date) -> bool:
        """Tell whether the legal entity belongs to the group on that day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Establishment:
    """An ET: a place of care.

    Attributes:
        slug: short name that the estate and the switches use.
        finess: nine characters, department 99, right key.
        legal_entity: FINESS of the EJ that owns it.
        name: as on its door.
        category: three-digit FINESS category.
        category_label: its label, as the FINESS extract writes it.
        address: street and number.
        postal_code: five digits beginning with 99.
        commune: an invented town.
        beds: number of beds and places.
        phone: an invented number.
    """

    slug: str
    finess: str
    legal_entity: str
    name: str
    category: str
    category_label: str
    address: str
    postal_code: str
    commune: str
    beds: int
    phone: str


@dataclass(frozen=True, slots=True)
class Territory:
    """The whole territory, each tuple in the order of the document."""

    nation: str
    regions: tuple[Region, ...]
    ghts: tuple[Ght, ...]
    legal_entities: tuple[LegalEntity, ...]
    memberships: tuple[Membership, ...]
    establishments: tuple[Establishment, ...]

    def establishment(self, slug: str) -> Establishment:
        """Return one establishment.

        Raises:
            KeyError: if no establishment has this slug.
        """
        for establishment in self.establishments:
            if establishment.slug == slug:
                return establishment
        raise KeyError(slug)


def load_territory() -> Territory:
    """Return the invented territory."""
    document = read_document("territory.yaml")
    labels = document["categories"]
    return Territory(
        nation=document["nation"]["name"],
        regions=tuple(Region(**row) for row in document["regions"]),
        ghts=tuple(Ght(**row) for row in document["ghts"]),
        legal_entities=tuple(LegalEntity(**row) for row in document["legal_entities"]),
        memberships=tuple(_membership(row) for row in document["memberships"]),
        establishments=tuple(
            Establishment(category_label=labels[row["category"]], **row)
            for row in document["establishments"]
        ),
    )


def _membership(row: dict[str, Any]) -> Membership:
    return Membership(
        ght=row["ght"],
        legal_entity=row["legal_entity"],
        support=row.get("support", False),
        valid_from=row["from"],
        valid_to=row.get("to"),
    )
