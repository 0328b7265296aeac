"""Rows written by the database itself, in bulk: what a model's default fills is filled here too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import NOT_PROVIDED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Field, Model


def insert_select(
    model: type[Model], columns: Mapping[str, str], source: str, values: Mapping[str, Any]
) -> None:
    """Write one row of ``model`` for each row of ``source``.

    Args:
        model: whose columns; those not named take the default of their field.
        columns: name of a column -> SQL over ``source``, with ``%(name)s`` for a value.
        source: what follows FROM; may start with its own WITH, up to the word FROM.
        values: the values named.
    """
    before, _, after = source.rpartition("FROM ")
    told = {**dict(_defaults(model, set(columns))), **columns}
    text = (
        f"{before}INSERT INTO {model._meta.db_table} ({', '.join(told)})"  # noqa: S608, SLF001 - names of our own models
        f" SELECT {', '.join(told.values())} FROM {after}"
    )
    used = {name: value for name, value in values.items() if f"%({name})s" in text}
    with connection.cursor() as cursor:
        cursor.execute(text, used)


def _defaults(model: type[Model], named: set[str]) -> list[tuple[str, str]]:
    fields = [field for field in model._meta.concrete_fields if field.column not in named]  # noqa: SLF001 - Django documents it
    return [(field.column, _default(field)) for field in fields if _has_default(field)]


def _has_default(field: Field[Any, Any]) -> bool:
    return not field.primary_key and not (field.null and field.default is NOT_PROVIDED)


def _default(field: Field[Any, Any]) -> str:
    value = field.get_default()
    if value in ([], {}):
        return f"'{value}'"
    if isinstance(value, bool):
        return str(value).upper()
    return str(value) if isinstance(value, (int, float)) else f"'{value or ''}'"
