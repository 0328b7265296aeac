"""Establishments by their FINESS number, with what the last round measured."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import Field

from hygie.api.asking import asker
from hygie.api.fields import Finess, Id, Search
from hygie.api.paging import Column, Page, PageQuery, page_of
from hygie.api.places import NodeOut, node_out
from hygie.domain.findings.queries import summary
from hygie.domain.observatory.queries import ACT, ATTEND, OVERDUE, TRACK, current
from hygie.domain.people.access import may, node_for
from hygie.domain.people.models import User
from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import visible_nodes
from hygie.domain.surveillance.models import GradeGiven
from hygie.domain.territory import queries
from hygie.domain.territory.models import Node
from hygie.vocabulary.enums import NodeKind

router = Router(tags=["establishments"])

_BY_NAME = (Column("name"), Column("pk"))


class EstablishmentQuery(PageQuery):
    """What a list of establishments is narrowed to."""

    q: Search | None = Field(None, description="Words of the name, the town or the FINESS.")
    under: Id | None = Field(None, description="A place: what lies below it.")


class EstablishmentOut(NodeOut):
    """An establishment; ``grade`` is null before the first round, or when you may not read it."""

    grade: str | None = Field(description="Letter from A to F, of the last round.")


class EstablishmentPage(Page[EstablishmentOut]):
    """Establishments."""


class SummaryOut(Schema):
    """Findings of an establishment, by where they stand."""

    act: int
    attend: int
    track: int
    overdue: int
    accepted: int
    verified: int


class MeasuredOut(Schema):
    """Counts of the last round."""

    act: float
    attend: float
    track: float
    overdue: float


class EstablishmentDetail(EstablishmentOut):
    """An establishment; a part that you may not read is null."""

    findings: SummaryOut | None = Field(description="As of now.")
    measured: MeasuredOut | None = Field(description="As of the last round.")


@router.get("/establishments", response=EstablishmentPage)
def list_establishments(request: HttpRequest, filters: Query[EstablishmentQuery]) -> object:
    """List the open establishments of your territory by name."""
    user, today = asker(request), timezone.localdate()
    rows = _graded(user).filter(queries.open_on(today))
    if filters.under is not None:
        above = node_for(user, filters.under)
        rows = rows.filter(pk__in=queries.descendants(above, on=today).order_by().values("pk"))
    if filters.q is not None:
        rows = queries.search(filters.q, nodes=rows)
    return page_of(request, rows, _BY_NAME, filters, _told)


@router.get("/establishments/{finess}", response=EstablishmentDetail)
def read_establishment(request: HttpRequest, finess: Path[Finess]) -> EstablishmentDetail:
    """Read an establishment by its FINESS number."""
    user = asker(request)
    node = _graded(user).filter(code=finess).first()
    if node is None:
        raise Http404
    found = None
    if may(user, Permission.FINDING_READ, node.pk):
        counts = summary(user, node.pk, now=timezone.now())
        found = SummaryOut(**{name: getattr(counts, name) for name in SummaryOut.model_fields})
    measured = current(user, [node.pk]).get(node.pk)
    return EstablishmentDetail(
        **_told(node).model_dump(),
        findings=found,
        measured=_measured(measured) if measured else None,
    )


def _graded(user: User) -> QuerySet[Any]:
    given = GradeGiven.objects.visible_to(user).filter(node_id=OuterRef("pk"))
    letter = Subquery(given.order_by("-at", "-pk").values("letter")[:1])
    nodes = visible_nodes(user, Permission.TERRITORY_READ).filter(kind=NodeKind.ET)
    return nodes.annotate(letter=letter)


def _told(node: Node) -> EstablishmentOut:
    letter: str | None = node.letter  # type: ignore[attr-defined]  # annotated by _graded
    return EstablishmentOut(**node_out(node).model_dump(), grade=letter or None)


def _measured(values: Any) -> MeasuredOut:  # noqa: ANN401 - a mapping of names to numbers
    names = {"act": ACT, "attend": ATTEND, "track": TRACK, "overdue": OVERDUE}
    return MeasuredOut(**{field: values.get(name, 0.0) for field, name in names.items()})
