"""Put the functions and policies into PostgreSQL after each ``migrate``, and look at what is there.

Not a migration: the policies follow the tables of all applications and the table of roles, which
change without one. Installing twice changes nothing.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import connections, transaction
from django.db.models.signals import post_migrate, pre_migrate

from hygie.domain.people.roles import GRANTED
from hygie.domain.people.rowsecurity.functions import SCHEMA, TABLES, definitions
from hygie.domain.people.rowsecurity.policies import GUARDED
from hygie.domain.people.rowsecurity.scope import SYSTEM, current, process_speaks
from hygie.domain.people.rowsecurity.sealing import pads_of
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.apps import AppConfig
    from django.db.backends.base.base import BaseDatabaseWrapper

    from hygie.domain.people.rowsecurity.scope import Scope

_POLICY: Final = "hygie_{verb}"
_ROLE: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_LOCK: Final = 0x48594752  # "HYGR"


_before: list[Scope] = []


def connect() -> None:
    """Have migrations run for the platform itself, and the policies follow them."""
    pre_migrate.connect(before_migrate, dispatch_uid="hygie.rowsecurity")
    post_migrate.connect(after_migrate, dispatch_uid="hygie.rowsecurity")


def before_migrate(**_: object) -> None:
    """Let migrations see every row: one that moves data must not find an empty table."""
    if not _before:
        _before.append(current())
        process_speaks(SYSTEM)


def after_migrate(app_config: AppConfig, using: str, **_: object) -> None:
    """Install once the last of our applications has its tables (``post_migrate``)."""
    if app_config.label != _last_label():
        return
    if _before:
        process_speaks(_before.pop())
    if connections[using].vendor == "postgresql" and not _is_done(connections[using]):
        install(connections[using])


def _is_done(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether all is there already, and we are not who gives rights again."""
    from hygie.domain.people.rowsecurity import state  # noqa: PLC0415 - it reads what we install

    done = state.is_current(connection) and not state.unguarded(connection)
    return done and not state.standing(connection).is_owner


def install(connection: BaseDatabaseWrapper) -> None:
    """Make functions, policies and key what this version says; needs the owner of the tables."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT quote_ident(current_schema())")
        [tables] = cursor.fetchone()
        cursor.execute(TABLES)
        cursor.execute(definitions(tables, time_zone=settings.TIME_ZONE))
        present = set(connection.introspection.table_names(cursor))
        for table in sorted(present & GUARDED.keys()):
            for statement in _statements(table):
                cursor.execute(statement)
        _write_down(cursor, present)
        for role in applications(connection):
            _grant(cursor, role, tables)


def applications(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the roles as which Hygie connects, of those that this server has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM hygie_scope.application JOIN pg_roles ON rolname = name ORDER BY 1"
        )
        return [name for [name] in cursor.fetchall()]


def admit(connection: BaseDatabaseWrapper, role: str) -> bool:
    """Let ``role`` work on the tables within the policies; True when it had to be created.

    It gets neither ownership nor BYPASSRLS, and no password: the operator sets one.

    Raises:
        UsageError: if the name is no plain identifier, or the role is above the policies.
    """
    if not _ROLE.fullmatch(role):
        raise UsageError("nom de rôle : minuscules, chiffres et _ seulement, par exemple hygie_app")
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls, rolname = current_user FROM pg_roles"
            " WHERE rolname = %s",
            [role],
        )
        found = cursor.fetchone()
        if found and any(found):
            raise UsageError(
                f"{role} passe au-dessus des règles (propriétaire, superutilisateur, BYPASSRLS) ; "
                "choisissez un autre nom, par exemple hygie_app"
            )
        if not found:
            cursor.execute(f'CREATE ROLE "{role}" LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB')
            # Compiling a page's query takes longer than running it.
            cursor.execute(f'ALTER ROLE "{role}" SET jit = off')
        cursor.execute(
            "INSERT INTO hygie_scope.application VALUES (%s) ON CONFLICT DO NOTHING", [role]
        )
        cursor.execute("SELECT quote_ident(current_schema())")
        _grant(cursor, role, cursor.fetchone()[0])
    return not found


def digest() -> str:
    """Return what identifies this version's policies, functions, roles and key."""
    said = [TABLES, definitions("?", time_zone=settings.TIME_ZONE), repr(sorted(_granted()))]
    said += [statement for table in sorted(GUARDED) for statement in _statements(table)]
    said.append(pads_of(settings.SECRET_KEY).inner.hex())
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _last_label() -> str:
    """Return the application of ours that Django migrates last."""
    from django.apps import apps  # noqa: PLC0415 - the registry fills first

    return [config.label for config in apps.get_app_configs() if config.models_module][-1]


def _statements(table: str) -> Iterator[str]:
    policy = GUARDED[table]
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
    for verb, clause in (
        ("select", f"USING ({policy.reads})"),
        ("insert", f"WITH CHECK ({policy.adds})"),
        ("update", f"USING ({policy.writes}) WITH CHECK ({policy.writes})"),
        ("delete", f"USING ({policy.writes})"),
    ):
        name = _POLICY.format(verb=verb)
        yield f"DROP POLICY IF EXISTS {name} ON {table}"
        yield f"CREATE POLICY {name} ON {table} FOR {verb.upper()} {clause}"


def _granted() -> Iterator[tuple[str, str]]:
    for role, permissions in GRANTED.items():
        for permission in permissions:
            yield role.value, permission.value


def _write_down(cursor: object, present: set[str]) -> None:
    """Write roles, key and version; a version that lacks a table is not this one."""
    run = cursor.execute  # type: ignore[attr-defined]
    run("DELETE FROM hygie_scope.granted")
    for role, permission in _granted():
        run("INSERT INTO hygie_scope.granted VALUES (%s, %s)", [role, permission])
    run("DELETE FROM hygie_scope.seal_key")
    run("INSERT INTO hygie_scope.seal_key VALUES (%s, %s)", list(pads_of(settings.SECRET_KEY)))
    run("DELETE FROM hygie_scope.version")
    whole = present >= GUARDED.keys()
    run("INSERT INTO hygie_scope.version VALUES (%s)", [digest() if whole else ""])


def _grant(cursor: object, role: str, tables: str) -> None:
    """Let a role read and write rows, now and in the tables that later migrations make."""
    rights = "SELECT, INSERT, UPDATE, DELETE"
    for statement in (
        f"GRANT USAGE ON SCHEMA {tables} TO {role}",
        f"GRANT {rights} ON ALL TABLES IN SCHEMA {tables} TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {tables} TO {role}",
        f"GRANT SELECT ON {SCHEMA}.version TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {tables} GRANT {rights} ON TABLES TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {tables} GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    ):
        cursor.execute(statement)  # type: ignore[attr-defined]
