"""Files of the territory compared with what is known, for who imports them."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from hygie.api.asking import asker
from hygie.api.fields import Id
from hygie.api.paging import Column, Page, PageQuery, page_of
from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import visible_nodes
from hygie.domain.territory.models import Change, ChangeKind, HoldReason, Review, ReviewState
from hygie.domain.territory.queries import counts_of
from hygie.vocabulary.enums import NodeKind

router = Router(tags=["reviews"])

_NEWEST = (Column("pk", descending=True),)
_IN_ORDER = (Column("pk"),)


class ReviewQuery(PageQuery):
    """What a list of reviews is narrowed to."""

    state: ReviewState | None = Field(None, description="Where it stands.")


class ReviewOut(Schema):
    """A file read and compared, waiting to be applied or dropped."""

    id: int
    kind: str
    file_name: str
    sha256: str
    as_of: dt.date
    state: ReviewState
    created_at: dt.datetime
    created_by: str
    settled_at: dt.datetime | None
    settled_by: str
    lines_read: int
    problem_count: int
    hold_reason: HoldReason | None = Field(description="Why somebody must read it first.")


class ReviewPage(Page[ReviewOut]):
    """Reviews."""


class ReviewDetail(ReviewOut):
    """A review with its numbers."""

    counts: dict[str, dict[str, int]] = Field(description="Changes by kind, then by level.")
    problems: list[Any] = Field(description="Lines that could not be read.")


class ReviewChangeQuery(PageQuery):
    """What a list of changes is narrowed to."""

    kind: ChangeKind | None = Field(None, description="Kind of change.")


class ReviewChangeOut(Schema):
    """One difference: what a place is, what the file makes it."""

    kind: ChangeKind
    node_kind: NodeKind
    code: str
    name: str
    before: dict[str, Any]
    after: dict[str, Any]
    line: int | None


class ReviewChangePage(Page[ReviewChangeOut]):
    """Changes."""


@router.get("/reviews", response=ReviewPage)
def list_reviews(request: HttpRequest, filters: Query[ReviewQuery]) -> object:
    """List the reviews, newest first."""
    rows = _reviews(request)
    if filters.state is not None:
        rows = rows.filter(state=filters.state)
    return page_of(request, rows, _NEWEST, filters, _review)


@router.get("/reviews/{review_id}", response=ReviewDetail)
def read_review(request: HttpRequest, review_id: Path[Id]) -> ReviewDetail:
    """Read a review: how many changes of which kind, and what could not be read."""
    found = _review_for(request, review_id)
    return ReviewDetail(
        **_review(found).model_dump(), counts=counts_of(found), problems=found.problems
    )


@router.get("/reviews/{review_id}/changes", response=ReviewChangePage)
def list_changes(
    request: HttpRequest, review_id: Path[Id], filters: Query[ReviewChangeQuery]
) -> object:
    """List the changes of a review, in the order of the file."""
    rows = Change.objects.filter(review=_review_for(request, review_id))
    if filters.kind is not None:
        rows = rows.filter(kind=filters.kind)
    return page_of(request, rows, _IN_ORDER, filters, _change)


def _reviews(request: HttpRequest) -> QuerySet[Review]:
    """Return the reviews, for who imports the nation's territory; there are none for others."""
    imports = visible_nodes(asker(request), Permission.TERRITORY_IMPORT)
    if not imports.filter(kind=NodeKind.NATION).exists():
        raise Http404
    return Review.objects.all()


def _review_for(request: HttpRequest, review_id: int) -> Review:
    found = _reviews(request).filter(pk=review_id).first()
    if found is None:
        raise Http404
    return found


def _review(review: Review) -> ReviewOut:
    values = {name: getattr(review, name) for name in ReviewOut.model_fields if name != "id"}
    held = HoldReason(review.hold_reason) if review.hold_reason else None
    return ReviewOut(id=review.pk, **(values | {"hold_reason": held}))


def _change(change: Change) -> ReviewChangeOut:
    return ReviewChangeOut(**{name: getattr(change, name) for name in ReviewChangeOut.model_fields})
