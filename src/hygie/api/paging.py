"""Pages of a list by key (keyset): the millionth row costs what the first one does.

A cursor holds the key of the last row given and what was asked; it is signed, so that it can
only come from us, and serves only the same question.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from django.core import signing
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from hygie.api.faults import invalid
from hygie.api.fields import Cursor, Limit

T = TypeVar("T")
R = TypeVar("R")

_SALT: Final = "hygie.api.cursor"
_NOT_THE_QUESTION: Final = ("cursor", "limit")


class PageQuery(Schema):
    """Which part of a list."""

    limit: Limit = Field(50, description="Items of the page, 200 at most.")
    cursor: Cursor | None = Field(
        None, description="`next` of the page before, with the same other parameters."
    )


class Page(Schema, Generic[T]):
    """A part of a list."""

    items: list[T]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an order; the last one of an order must tell every row from the others."""

    name: str
    descending: bool = False
    nulls_last: bool = False


def columns_of(names: Sequence[str], *, nulls_last: Sequence[str] = ()) -> tuple[Column, ...]:
    """Return an order written as Django writes it, ``-`` for descending."""
    return tuple(
        Column(name.lstrip("-"), name.startswith("-"), name.lstrip("-") in nulls_last)
        for name in names
    )


def page_of(
    request: HttpRequest,
    rows: QuerySet[Any, R],
    order: Sequence[Column],
    query: PageQuery,
    tell: Callable[[R], T],
) -> dict[str, Any]:
    """Return the page asked: ``items`` told one by one, and the cursor of the ``next``.

    Raises:
        ProblemError: if the cursor is not one of ours for this question.
    """
    if query.cursor is not None:
        rows = rows.filter(_after(order, _read(request, query.cursor, len(order))))
    found = list(rows.order_by(*map(_ordering, order))[: query.limit + 1])
    kept = found[: query.limit]
    more = len(found) > query.limit
    return {
        "items": [tell(row) for row in kept],
        "next": _write(request, kept[-1], order) if more else None,
    }


def _ordering(column: Column) -> Any:  # noqa: ANN401 - a Django ordering expression
    expression = F(column.name)
    if column.descending:
        return expression.desc()
    return expression.asc(nulls_last=True) if column.nulls_last else expression.asc()


def _after(order: Sequence[Column], values: Sequence[Any]) -> Q:
    """Return the condition of the rows that come after a key, whichever column decides."""
    condition, same = Q(pk__in=[]), Q()
    for column, value in zip(order, values, strict=True):
        condition |= same & _beyond(column, value)
        suffix, wanted = ("__isnull", True) if value is None else ("", value)
        same &= Q(**{f"{column.name}{suffix}": wanted})
    first, value = order[0], values[0]
    if value is None or first.nulls_last:
        return condition
    # Said again alone, so that an index on the first column is used.
    return Q(**{f"{first.name}__{'lte' if first.descending else 'gte'}": value}) & condition


def _beyond(column: Column, value: object) -> Q:
    if value is None:
        return Q(pk__in=[])
    after = Q(**{f"{column.name}__{'lt' if column.descending else 'gt'}": value})
    return after | Q(**{f"{column.name}__isnull": True}) if column.nulls_last else after


def _write(request: HttpRequest, row: object, order: Sequence[Column]) -> str:
    values = [_plain(_value(row, column.name)) for column in order]
    return signing.dumps([_question(request), values], salt=_SALT, compress=True)


def _read(request: HttpRequest, cursor: str, length: int) -> list[Any]:
    try:
        question, values = signing.loads(cursor, salt=_SALT)
    except signing.BadSignature as error:
        raise _refused() from error
    if question != _question(request) or len(values) != length:
        raise _refused()
    return [dt.datetime.fromisoformat(v["at"]) if isinstance(v, dict) else v for v in values]


def _refused() -> Exception:
    message = _("curseur inconnu ; reprenez à la première page avec les mêmes paramètres")
    return invalid("query.cursor", "cursor", message)


def _question(request: HttpRequest) -> str:
    asked = sorted(item for item in request.GET.items() if item[0] not in _NOT_THE_QUESTION)
    return hashlib.sha256(repr((request.path, asked)).encode()).hexdigest()[:16]


def _value(row: object, name: str) -> object:
    for part in name.split("__"):
        row = getattr(row, part)
    return row


def _plain(value: object) -> object:
    return {"at": value.isoformat()} if isinstance(value, dt.datetime) else value
