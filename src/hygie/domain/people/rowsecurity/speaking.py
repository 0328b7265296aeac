"""Tell PostgreSQL, in each transaction and for it alone, in whose scope it is asked.

``set_config(…, true)`` ends with the transaction: nothing is left on a connection that serves
somebody else next. Outside a transaction a statement is one of its own, so the scope goes in the
same message as the statement: no round trip more, and nothing counted as a query.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import transaction
from django.db.backends.signals import connection_created

from hygie.domain.people.rowsecurity.scope import current
from hygie.domain.people.rowsecurity.sealing import sealed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.db.backends.base.base import BaseDatabaseWrapper

SETTING: Final = "hygie.scope"
_TOLD: Final = "_hygie_told"
"""Attribute of a connection: what the transaction under way was told last."""

_JOINS: Final = re.compile(
    r"\s*(?:\(\s*)*(?:SELECT|INSERT|UPDATE|DELETE|WITH|VALUES|EXPLAIN)\b", re.IGNORECASE
)
"""What may share its transaction with ``SELECT set_config``; VACUUM, for one, may not."""


def connect() -> None:
    """Have every connection to PostgreSQL told, from its first statement."""
    connection_created.connect(_follow, dispatch_uid="hygie.rowsecurity")


def _follow(connection: BaseDatabaseWrapper, **_: object) -> None:
    setattr(connection, _TOLD, None)
    if connection.vendor == "postgresql" and tell not in connection.execute_wrappers:
        connection.execute_wrappers.append(tell)


def tell(
    execute: Callable[..., Any],
    sql: Any,  # noqa: ANN401 - Django's signature: text, or a statement of the schema editor
    params: Any,  # noqa: ANN401 - Django's signature
    many: bool,  # noqa: FBT001 - Django's signature
    context: Mapping[str, Any],
) -> Any:  # noqa: ANN401 - whatever the statement returns
    """Run one statement in the scope of whoever asks now (a wrapper of ``execute``)."""
    connection, cursor = context["connection"], context["cursor"].cursor
    session = connection.connection
    status = session.info.transaction_status.name
    if status == "INERROR":  # nothing but the way back out of it
        setattr(connection, _TOLD, None)
        return execute(sql, params, many, context)
    wanted = sealed(current(), pid=session.info.backend_pid, secret=settings.SECRET_KEY)
    command = f"SELECT set_config('{SETTING}', '{wanted}', true)"
    joins = not many and isinstance(sql, str) and _JOINS.match(sql) and _sends_text(cursor)
    if status == "IDLE" and session.autocommit:
        if joins:
            return _together(execute, command, sql, params, context)
        if not many and not getattr(cursor, "name", ""):
            return execute(sql, params, many, context)
        with transaction.atomic(using=connection.alias):
            return tell(execute, sql, params, many, context)
    if status == "IDLE":
        setattr(connection, _TOLD, None)
    return _inside(execute, sql, params, many, context, command=command, joins=bool(joins))


def _inside(
    execute: Callable[..., Any],
    sql: Any,  # noqa: ANN401 - as ``tell``
    params: Any,  # noqa: ANN401 - as ``tell``
    many: bool,  # noqa: FBT001 - as ``tell``
    context: Mapping[str, Any],
    *,
    command: str,
    joins: bool,
) -> Any:  # noqa: ANN401 - as ``tell``
    """Run a statement of a transaction, which is told when it was not, or told otherwise."""
    connection = context["connection"]
    fresh, result = getattr(connection, _TOLD, None) != command, None
    setattr(connection, _TOLD, None)
    if fresh and joins:
        result = _together(execute, command, sql, params, context)
    else:
        if fresh:
            connection.connection.execute(command)
        result = execute(sql, params, many, context)
    # A savepoint that is rolled back takes with it what was told since.
    if not str(sql).startswith("ROLLBACK"):
        setattr(connection, _TOLD, command)
    return result


def _together(
    execute: Callable[..., Any],
    command: str,
    sql: str,
    params: Any,  # noqa: ANN401 - as ``tell``
    context: Mapping[str, Any],
) -> Any:  # noqa: ANN401 - as ``tell``
    """Send both in one message, and leave the cursor at the answer to ``sql``."""
    result = execute(f"{command};{sql}", params, False, context)  # noqa: FBT003 - Django's signature
    context["cursor"].cursor.nextset()
    return result


def _sends_text(cursor: Any) -> bool:  # noqa: ANN401 - a cursor of psycopg
    """Tell whether a cursor writes parameters into the text, and is not one of the server."""
    import psycopg  # noqa: PLC0415 - PostgreSQL only

    return isinstance(cursor, psycopg.ClientCursor)
