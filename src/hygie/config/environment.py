"""The environment, read once: where state lives, which database, which secrets.

Every variable Hygie knows is a field here; ``hygie doctor`` and the reference page list them.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from hygie.vocabulary.errors import UsageError
from hygie.vocabulary.home import default_home

if TYPE_CHECKING:
    from collections.abc import Mapping

SQLITE_OPTIONS = {
    # IMMEDIATE: a read that becomes a write would fail at once under DEFERRED.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
        "PRAGMA busy_timeout=20000;PRAGMA temp_store=MEMORY;PRAGMA cache_size=-20000;"
    ),
}


@dataclass(frozen=True, slots=True)
class Environment:
    """What the process was told.

    Attributes:
        home: HYGIE_HOME, folder of the state (database, corpus, lab, secrets).
        database_url: DATABASE_URL, empty for SQLite in ``home``.
        secret_key: HYGIE_SECRET_KEY, else the one kept in ``home/secret-key``.
        demo: HYGIE_DEMO=1, one-click demonstration accounts.
        debug: HYGIE_DEBUG=1, never in production.
        allowed_hosts: HYGIE_ALLOWED_HOSTS, names separated by commas.
        https: HYGIE_HTTPS=1, cookies only over TLS and HSTS.
        email_url: HYGIE_EMAIL_URL, ``smtp://user:password@host:port``, empty: kept in files.
        contact: HYGIE_CONTACT, address that probes show to those they question.
        operator: HYGIE_OPERATOR, who runs this platform, shown in the header and legal page.
        fetches: HYGIE_FETCH=1, rounds fetch the official sources before they match.
    """

    home: Path
    database_url: str
    secret_key: str
    demo: bool
    debug: bool
    allowed_hosts: tuple[str, ...]
    https: bool
    email_url: str
    contact: str
    operator: str
    fetches: bool = False


def read_environment(variables: Mapping[str, str] = os.environ) -> Environment:
    """Return the environment; creates ``home``, its ``static`` folder and its secret key."""
    home = Path(variables["HYGIE_HOME"]) if variables.get("HYGIE_HOME") else default_home()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / "static").mkdir(exist_ok=True)
    hosts = variables.get("HYGIE_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
    return Environment(
        home=home,
        database_url=variables.get("DATABASE_URL", ""),
        secret_key=variables.get("HYGIE_SECRET_KEY") or _kept_secret(home / "secret-key"),
        demo=variables.get("HYGIE_DEMO") == "1",
        debug=variables.get("HYGIE_DEBUG") == "1",
        allowed_hosts=tuple(host.strip() for host in hosts.split(",") if host.strip()),
        https=variables.get("HYGIE_HTTPS") == "1",
        email_url=variables.get("HYGIE_EMAIL_URL", ""),
        contact=variables.get("HYGIE_CONTACT", "securite@hygie.example"),
        operator=variables.get("HYGIE_OPERATOR", ""),
        fetches=variables.get("HYGIE_FETCH") == "1",
    )


def database_settings(environment: Environment) -> dict[str, Any]:
    """Return Django's settings of the one database.

    Raises:
        UsageError: if DATABASE_URL is neither PostgreSQL nor SQLite.
    """
    url = environment.database_url
    if not url:
        return _sqlite(environment.home / "hygie.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in ("postgres", "postgresql"):
        raise UsageError(
            f"DATABASE_URL : « {parts.scheme} » inconnu ; "
            "postgresql://utilisateur@hote:5432/base ou rien pour SQLite"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": SQLITE_OPTIONS,
    }


def _kept_secret(path: Path) -> str:
    """Read the secret key of this home, made once, readable by its owner only."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret)
    return secret
