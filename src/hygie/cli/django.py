"""Start Django in the command line, when a command needs the database."""

from __future__ import annotations

import getpass
import os
from typing import Final

from hygie.vocabulary.errors import HygieError

_SETTINGS: Final = "hygie.config.settings"


class NotMigratedError(HygieError):
    """The database has not the tables that this version expects."""


def setup() -> None:
    """Load the settings and the applications, once; the operator asks for the platform itself."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", _SETTINGS)
    import django
    from django.apps import apps

    from hygie.domain.people.rowsecurity.scope import SYSTEM, process_speaks

    process_speaks(SYSTEM)
    if not apps.ready:
        django.setup()


def start_django() -> None:
    """Load Django and make sure that the database is up to date.

    Raises:
        NotMigratedError: if a migration is missing.
        HygieError: if the database does not answer.
    """
    setup()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import OperationalError

    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise HygieError(
            f"la base ne répond pas ({reason}) : vérifiez DATABASE_URL et HYGIE_HOME"
        ) from error
    if missing:
        raise NotMigratedError("la base n’est pas prête : lancez hygie migrate")


def operator() -> str:
    """Return the name under which the journal keeps what is done from this terminal."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container whose user has no name
        name = str(os.getuid())
    return f"{name} (ligne de commande)"
