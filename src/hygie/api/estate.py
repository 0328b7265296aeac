"""What establishments run, and the mandates under which they are probed."""

import datetime as dt
from enum import StrEnum

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import Field

from hygie.api.asking import asker
from hygie.api.fields import Id, Search
from hygie.api.paging import Column, Page, PageQuery, columns_of, page_of
from hygie.api.places import NodeRef, ref_of
from hygie.domain.estate import access, queries
from hygie.domain.estate.mandates import is_open, permission_of, standing
from hygie.domain.estate.models import Asset, AssetKind, Mandate, PerimeterKind
from hygie.domain.people.access import node_for
from hygie.domain.people.roles import Permission
from hygie.vocabulary.enums import Criticality

router = Router(tags=["estate"])

_ASSETS = columns_of(("kind", "name", "pk"))
_MANDATES = (Column("valid_to", descending=True), Column("pk", descending=True))


class Standing(StrEnum):
    """Where a mandate stands, its hours apart."""

    VALID = "valid"
    FUTURE = "future"
    EXPIRED = "expired"
    REVOKED = "revoked"


class AssetQuery(PageQuery):
    """What a list of assets is narrowed to."""

    kind: AssetKind | None = Field(None, description="Kind of asset.")
    criticality: Criticality | None = Field(None, description="What care loses without it.")
    q: Search | None = Field(None, description="Part of the name, vendor, model or service.")


class AssetOut(Schema):
    """Something an establishment runs."""

    id: int
    node_id: int
    kind: AssetKind
    name: str
    vendor: str
    model: str
    version: str
    criticality: Criticality
    service: str
    quantity: int
    products: int = Field(description="Number of distinct products on it.")
    added_at: dt.datetime


class AssetPage(Page[AssetOut]):
    """Assets."""


class PerimeterOut(Schema):
    """One thing a mandate covers."""

    kind: PerimeterKind
    value: str


class MandateOut(Schema):
    """A signed permission to probe; hours are local to the place, [from_hour, to_hour)."""

    id: int
    node: NodeRef
    signatory: str
    contact: str
    signed_on: dt.date
    valid_from: dt.date
    valid_to: dt.date
    days: str = Field(description="Weekdays allowed, 1 Monday to 7 Sunday, such as 12345.")
    from_hour: int
    to_hour: int
    revoked_at: dt.datetime | None
    standing: Standing
    open_now: bool = Field(description="Whether probing is allowed at this very moment.")
    perimeter: list[PerimeterOut]


class MandatePage(Page[MandateOut]):
    """Mandates."""


@router.get("/nodes/{node_id}/assets", response=AssetPage)
def list_assets(request: HttpRequest, node_id: Path[Id], filters: Query[AssetQuery]) -> object:
    """List what a place runs now."""
    user = asker(request)
    node = node_for(user, node_id, Permission.ESTATE_READ)
    rows = queries.assets(
        user,
        node.pk,
        kind=filters.kind or "",
        criticality=filters.criticality or "",
        text=filters.q or "",
    )
    return page_of(request, rows, _ASSETS, filters, _asset)


@router.get("/nodes/{node_id}/mandates", response=MandatePage)
def list_mandates(request: HttpRequest, node_id: Path[Id], filters: Query[PageQuery]) -> object:
    """List the mandates of a place and of what lies below, the one that ends last first."""
    user = asker(request)
    node = node_for(user, node_id, Permission.ESTATE_READ)
    return page_of(request, queries.mandates(user, node.pk), _MANDATES, filters, _mandate)


@router.get("/mandates/{mandate_id}", response=MandateOut)
def read_mandate(request: HttpRequest, mandate_id: Path[Id]) -> MandateOut:
    """Read a mandate: perimeter, window, signatory, end."""
    return _mandate(access.mandate_for(asker(request), mandate_id))


def _asset(asset: Asset) -> AssetOut:
    return AssetOut(
        id=asset.pk,
        node_id=asset.node_id,
        kind=AssetKind(asset.kind),
        name=asset.name,
        vendor=asset.vendor,
        model=asset.model,
        version=asset.version,
        criticality=Criticality(asset.criticality),
        service=asset.service,
        quantity=asset.quantity,
        products=asset.product_count,  # type: ignore[attr-defined]  # annotated by the query
        added_at=asset.added_at,
    )


def _mandate(mandate: Mandate) -> MandateOut:
    now, allowed = timezone.now(), permission_of(mandate)
    lines = mandate.perimeter.all()
    plain = ("signatory", "contact", "signed_on", "valid_from", "valid_to", "days", "from_hour",
             "to_hour", "revoked_at")  # fmt: skip
    return MandateOut(
        id=mandate.pk,
        node=ref_of(mandate.node),
        standing=Standing(standing(allowed, now)),
        open_now=is_open(allowed, now),
        perimeter=[PerimeterOut(kind=PerimeterKind(row.kind), value=row.value) for row in lines],
        **{name: getattr(mandate, name) for name in plain},
    )
