from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.cli.running import hygie
from tests.jobs.databases import MIGRATE, postgresql

if TYPE_CHECKING:
    from pathlib import Path


def test_sqlite_has_no_accounts(tmp_path: Path) -> None:
    assert hygie("migrate", home=tmp_path).returncode == 0
    said = hygie("database", "role", home=tmp_path)

    assert said.returncode == 2
    assert "SQLite" in said.stderr


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_an_account_is_made_once_and_may_not_save_what_it_does_not_see(tmp_path: Path) -> None:
    name = f"hygie_test_{uuid.uuid4().hex[:12]}"
    with postgresql(tmp_path) as place:
        place.python(MIGRATE, timeout=500)
        first, again = (place.hygie("database", "role", name) for _ in range(2))
        above = place.hygie("database", "role", "root")
        try:
            plain = type(place)(tmp_path, place.url.replace("//root@", f"//{name}@"))
            saved = plain.hygie("backup", str(tmp_path / "a.zip"))
            whole = place.hygie("backup", str(tmp_path / "b.zip"))
            granted = plain.hygie("database", "role", "hygie_autre")
        finally:
            with psycopg.connect(place.url, autocommit=True) as database:
                database.execute(f"DROP OWNED BY {name}")  # type: ignore[arg-type]
                database.execute(f"DROP ROLE {name}")  # type: ignore[arg-type]

    assert (first.returncode, again.returncode, above.returncode) == (0, 0, 2), first.stderr
    assert "créé" in first.stdout
    assert "à jour" in again.stdout
    assert (saved.returncode, whole.returncode) == (2, 0), (saved.stderr, whole.stderr)
    assert "BYPASSRLS" in saved.stderr
    assert granted.returncode != 0
    assert "propriétaire" in granted.stderr
