"""The second line of scope: policies in PostgreSQL, and a role that they bind."""

from __future__ import annotations

from typing import Final

from django.db import Error, connection

from hygie.domain.people.rowsecurity.state import (
    Standing,
    is_current,
    is_heard,
    standing,
    unguarded,
)
from hygie.jobs.checks.check import Check, Status

_POLICIES: Final = ("rowsecurity.policies", "Cloisonnement dans la base")
_ROLE: Final = ("rowsecurity.role", "Compte de la base")
_REPAIR: Final = "Réparez d’abord la base."
_MIGRATE: Final = "Lancez hygie migrate avec le compte propriétaire (docs/operation.md)."
_ADMIT: Final = (
    "Lancez hygie database role hygie_app avec le compte propriétaire, "
    "puis mettez hygie_app dans DATABASE_URL (docs/operation.md)."
)


def check_policies() -> Check:
    """Make sure that every table expected is guarded, as this version does it."""
    name, title = _POLICIES
    if connection.vendor != "postgresql":
        return Check(name, title, Status.GOOD, "sans objet sur SQLite : visible_to seul")
    try:
        bare = unguarded(connection)
        ours = not bare and is_current(connection) and is_heard(connection)
    except Error:
        return Check(name, title, Status.UNKNOWN, "la base ne le dit pas", _REPAIR)
    return judge_policies(bare, is_ours=ours)


def judge_policies(bare: list[str], *, is_ours: bool) -> Check:
    """Return what tables without their policies mean; ``is_ours``: of this version and key."""
    name, title = _POLICIES
    if bare:
        said = f"{len(bare)} tables sans leurs règles ({bare[0]}…)"
        return Check(name, title, Status.BROKEN, said, _MIGRATE)
    if not is_ours:
        said = "règles d’une autre version, ou d’une autre clé secrète"
        return Check(name, title, Status.BROKEN, said, _MIGRATE)
    return Check(name, title, Status.GOOD, "chaque table sensible a ses règles")


def check_role() -> Check:
    """Make sure that the role of the site neither passes over the policies nor can lift them."""
    name, title = _ROLE
    if connection.vendor != "postgresql":
        return Check(name, title, Status.GOOD, "sans objet sur SQLite")
    try:
        return judge_role(standing(connection))
    except Error:
        return Check(name, title, Status.UNKNOWN, "la base ne le dit pas", _REPAIR)


def judge_role(ours: Standing) -> Check:
    """Return what the standing of a role means."""
    name, title = _ROLE
    if ours.is_above:
        said = f"{ours.name} passe au-dessus des règles (superutilisateur ou BYPASSRLS)"
        return Check(name, title, Status.WARNING, said, _ADMIT)
    if ours.is_owner:
        said = f"{ours.name} possède les tables : il peut retirer les règles"
        return Check(name, title, Status.WARNING, said, _ADMIT)
    return Check(name, title, Status.GOOD, f"{ours.name}, lié par les règles")
