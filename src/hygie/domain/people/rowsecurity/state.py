"""What PostgreSQL says of its own policies: are they all there, ours, and binding for us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.domain.people.rowsecurity.installing import digest
from hygie.domain.people.rowsecurity.policies import GUARDED
from hygie.domain.people.rowsecurity.scope import SYSTEM, speaking

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

_VERBS: Final = 4
"""Policies of a guarded table: select, insert, update, delete."""

_GUARDED: Final = """
SELECT tables.relname FROM pg_class tables
WHERE tables.relnamespace = current_schema()::regnamespace AND tables.relname = ANY (%s)
AND tables.relrowsecurity AND tables.relforcerowsecurity
AND (SELECT count(*) FROM pg_policy one WHERE one.polrelid = tables.oid) = %s
AND NOT EXISTS (SELECT 1 FROM pg_policy one
    WHERE one.polrelid = tables.oid AND one.polname NOT LIKE 'hygie\\_%%')
"""

_STANDING: Final = """
SELECT current_user, rolsuper OR rolbypassrls, EXISTS (
    SELECT 1 FROM pg_class tables WHERE tables.relnamespace = current_schema()::regnamespace
    AND tables.relname = ANY (%s) AND pg_has_role(current_user, tables.relowner, 'USAGE'))
FROM pg_roles WHERE rolname = current_user
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """The role as which we are connected.

    Attributes:
        name: its name.
        is_above: superuser or BYPASSRLS: no policy binds it.
        is_owner: it may change or remove the policies.
    """

    name: str
    is_above: bool
    is_owner: bool


def standing(connection: BaseDatabaseWrapper) -> Standing:
    """Return how our role stands to the policies."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [sorted(GUARDED)])
        return Standing(*cursor.fetchone())


def unguarded(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the tables whose policies are not there, not forced, or not ours alone."""
    with connection.cursor() as cursor:
        cursor.execute(_GUARDED, [sorted(GUARDED), _VERBS])
        return sorted(GUARDED.keys() - {name for [name] in cursor.fetchall()})


def is_current(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether policies, table of roles and key are those of this version and site."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('hygie_scope.version') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT digest FROM hygie_scope.version")
        return bool(cursor.fetchall() == [(digest(),)])


def is_heard(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether the database believes what this process tells it."""
    with speaking(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT hygie_scope.system()")
        return bool(cursor.fetchone()[0])
