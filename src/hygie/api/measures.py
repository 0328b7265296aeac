"""Prepared measures of a place: the last ones, and one through time."""

import datetime as dt
from enum import StrEnum

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from hygie.api.asking import asker
from hygie.api.fields import Id
from hygie.api.paging import Column, Page, PageQuery, page_of
from hygie.domain.observatory.measures import KINDS, NAMES
from hygie.domain.observatory.models import Measure
from hygie.domain.people.access import node_for
from hygie.domain.people.roles import Permission

router = Router(tags=["measures"])

_NEWEST = (Column("at", descending=True), Column("pk", descending=True))

MeasureName = StrEnum("MeasureName", {name.replace(".", "_").upper(): name for name in NAMES})  # type: ignore[misc]  # the names are data


class MeasureOut(Schema):
    """A value for a place and all below it, as of a round."""

    name: str
    label: str
    unit: str
    value: float
    at: dt.datetime
    round_id: int


class MeasureList(Schema):
    """The last measures of a place."""

    items: list[MeasureOut] = Field(description="In a fixed order; empty before a round.")


class ReadingOut(Schema):
    """A value as of a round."""

    at: dt.datetime
    value: float
    round_id: int


class ReadingPage(Page[ReadingOut]):
    """Values through time."""


@router.get("/nodes/{node_id}/measures", response=MeasureList)
def list_measures(request: HttpRequest, node_id: Path[Id]) -> MeasureList:
    """List the measures of a place as of the last round."""
    user = asker(request)
    node = node_for(user, node_id, Permission.MEASURE_READ)
    rows = Measure.objects.visible_to(user).filter(node_id=node.pk, current=True).order_by()
    found = {row.name: row for row in rows}
    return MeasureList(
        items=[
            MeasureOut(
                name=kind.name,
                label=kind.label,
                unit=kind.unit,
                value=found[kind.name].value,
                at=found[kind.name].at,
                round_id=found[kind.name].round_id,
            )
            for kind in KINDS
            if kind.name in found
        ]
    )


@router.get("/nodes/{node_id}/measures/{name}", response=ReadingPage)
def list_readings(
    request: HttpRequest, node_id: Path[Id], name: Path[MeasureName], filters: Query[PageQuery]
) -> object:
    """List the values of one measure of a place, newest first."""
    user = asker(request)
    node = node_for(user, node_id, Permission.MEASURE_READ)
    rows = Measure.objects.visible_to(user).filter(node_id=node.pk, name=name)
    return page_of(request, rows, _NEWEST, filters, _reading)


def _reading(row: Measure) -> ReadingOut:
    return ReadingOut(at=row.at, value=row.value, round_id=row.round_id)
