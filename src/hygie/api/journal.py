"""The journal in the caller's territory, to be read or followed by a SIEM."""

import datetime as dt
import json
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from hygie.api.asking import require
from hygie.api.fields import Name
from hygie.api.paging import Column, Page, PageQuery, page_of
from hygie.domain.journal.models import Entry
from hygie.domain.people.roles import Permission
from hygie.domain.people.traces import entries_for

router = Router(tags=["journal"])

_NARROWING = ("action", "subject_type", "subject_id", "actor")


class JournalQuery(PageQuery):
    """What a list of lines is narrowed to."""

    action: Name | None = Field(None, description="Such as finding.taken.")
    subject_type: Name | None = Field(None, description="Such as finding.")
    subject_id: Name | None = Field(None, description="Identifier of the object.")
    actor: Name | None = Field(None, description="Who did it.")
    order: Literal["newest", "oldest"] = Field(
        "newest", description="`oldest`, page after page, follows the journal."
    )


class EntryOut(Schema):
    """Who did what to which object; ``hash`` covers the line and the hash before."""

    sequence: int
    at: dt.datetime
    actor: str
    on_behalf_of: str
    action: str
    subject_type: str
    subject_id: str
    node_id: int | None
    detail: dict[str, Any]
    previous_hash: str
    hash: str


class EntryPage(Page[EntryOut]):
    """Lines."""


@router.get("/journal", response=EntryPage)
def list_entries(request: HttpRequest, filters: Query[JournalQuery]) -> object:
    """List the lines about your territory; those about no place are the nation's."""
    user = require(request, Permission.JOURNAL_READ)
    asked = {
        name: getattr(filters, name) for name in ("action", "subject_type", "subject_id", "actor")
    }
    rows = entries_for(user).filter(**{k: v for k, v in asked.items() if v is not None})
    order = (Column("sequence", descending=filters.order == "newest"),)
    return page_of(request, rows, order, filters, _entry)


def _entry(entry: Entry) -> EntryOut:
    values = {name: getattr(entry, name) for name in EntryOut.model_fields}
    return EntryOut(**(values | {"detail": json.loads(entry.detail)}))
