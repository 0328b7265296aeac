"""`hygie journal`: whole or broken, in one line and an exit code."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from hygie.cli.django import NotMigratedError, operator, start_django
from hygie.cli.journal import JournalBrokenError
from hygie.cli.main import main
from hygie.domain.journal.actions import Act, record_many
from hygie.domain.journal.models import Head

pytestmark = pytest.mark.django_db

Capture = pytest.CaptureFixture[str]

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


def hygie(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    code = left.value.code
    return code if isinstance(code, int) else 0


@pytest.fixture
def written() -> None:
    acts = [Act("finding.taken", "finding", str(n), detail={"n": n}) for n in (1, 2, 3)]
    record_many(acts, actor="camille@essai.example", now=NOW)


@pytest.mark.usefixtures("written")
def test_a_whole_journal_says_so_and_gives_its_fingerprint(capsys: Capture) -> None:
    assert hygie("journal", "verify") == 0

    output = capsys.readouterr().out
    assert output.startswith("Journal entier : 3 lignes.")
    assert Head.objects.get().hash in output


@pytest.mark.usefixtures("written")
def test_a_whole_journal_in_json(capsys: Capture) -> None:
    assert hygie("journal", "verify", "--format", "json") == 0

    captured = capsys.readouterr()
    head = Head.objects.get().hash
    assert json.loads(captured.out) == {
        "whole": True,
        "lines": 3,
        "head_hash": head,
        "flaws": [],
    }
    assert captured.err == ""


@pytest.mark.usefixtures("written")
def test_a_broken_journal_names_its_first_flaw(capsys: Capture) -> None:
    Head.objects.update(sequence=4)

    assert hygie("journal", "verify") == 3

    assert "la ligne 4 a été retirée" in capsys.readouterr().err


@pytest.mark.usefixtures("written")
def test_a_broken_journal_in_json_is_an_error_too(capsys: Capture) -> None:
    Head.objects.update(hash="0" * 64)

    assert hygie("journal", "verify", "--format", "json") == 3

    captured = capsys.readouterr()
    assert json.loads(captured.out)["flaws"] == [{"sequence": 3, "kind": "head"}]
    assert captured.err == ""


@pytest.mark.usefixtures("written")
def test_the_last_lines_come_oldest_first(capsys: Capture) -> None:
    assert hygie("journal", "list", "--last", "2", "--format", "json") == 0

    rows = json.loads(capsys.readouterr().out)
    assert [row["sequence"] for row in rows] == [2, 3]
    assert rows[0]["actor"] == "camille@essai.example"
    assert rows[0]["at"] == "2026-06-01T12:00:00+00:00"


@pytest.mark.usefixtures("written")
def test_the_table_dates_each_line_with_its_zone(capsys: Capture) -> None:
    assert hygie("journal", "list") == 0

    output = capsys.readouterr().out
    assert "CEST" in output
    assert "finding 3" in output


def test_an_unknown_format_is_bad_use() -> None:
    assert hygie("journal", "verify", "--format", "xml") == 2
    assert issubclass(JournalBrokenError, Exception)


def test_a_database_without_its_tables_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "django.db.migrations.executor.MigrationExecutor.migration_plan",
        lambda *_: [("migration", False)],
    )

    with pytest.raises(NotMigratedError, match="lancez hygie migrate"):
        start_django()


def test_what_is_done_here_is_signed_with_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert operator().endswith(" (ligne de commande)")

    def nobody() -> str:
        raise OSError

    monkeypatch.setattr("getpass.getuser", nobody)
    assert operator().endswith(" (ligne de commande)")
