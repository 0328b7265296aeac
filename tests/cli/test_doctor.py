from __future__ import annotations

import json
from pathlib import Path

from tests.cli.running import hygie


def test_a_home_open_to_others_fails_with_its_remedy(tmp_path: Path) -> None:
    assert hygie("migrate", home=tmp_path).returncode == 0
    tmp_path.chmod(0o755)

    seen = hygie("doctor", home=tmp_path)
    checked = hygie("doctor", "--check", "--format", "json", home=tmp_path)

    assert seen.returncode == 0, seen.stderr
    assert "chmod 0700" in seen.stdout.replace("\n", " ")
    assert checked.returncode == 1
    document = json.loads(checked.stdout)
    assert not document["healthy"]
    by_name = {check["name"]: check for check in document["checks"]}
    assert by_name["permissions.home"]["status"] == "broken"
    assert by_name["database.migrations"] == {
        "name": "database.migrations", "status": "good", "detail": "à jour", "remedy": "",
    }  # fmt: skip
    assert checked.stderr == ""


def test_a_database_never_prepared_is_examined_all_the_same(tmp_path: Path) -> None:
    done = hygie("doctor", "--check", home=tmp_path)

    assert done.returncode == 1, done.stderr
    assert "hygie migrate" in " ".join(done.stdout.split())
    assert "Traceback" not in done.stderr


def test_an_unknown_format_is_bad_use(tmp_path: Path) -> None:
    assert hygie("doctor", "--format", "xml", home=tmp_path).returncode == 2
