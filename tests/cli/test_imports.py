"""`hygie import`: what an operator types, reads and gets."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from hygie.cli.imports import GROUPS_BESIDE
from hygie.cli.main import main
from hygie.cli.reviews import LEVELS
from hygie.domain.journal.models import Entry
from hygie.domain.territory.models import Node, Review
from hygie.vocabulary.finess import finess_key

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db

Capture = pytest.CaptureFixture[str]

COLUMNS = ("finess_et", "finess_ej", "raison_sociale", "region", "departement", "lits_mco")
GROUP_COLUMNS = ("ght_code", "region", "nom")
MEMBER_COLUMNS = ("ght_code", "finess_ej", "nom", "role")


def number(rank: int) -> str:
    """Return an invented FINESS number: department 99 does not exist."""
    stem = f"99{rank:06}"
    return f"{stem}{finess_key(stem)}"


ENTITY = number(1)


def table(columns: tuple[str, ...], *rows: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([columns, *rows])
    return text.getvalue()


def sites(count: int, *, name: str = "Site") -> str:
    rows = [(number(100 + n), ENTITY, f"{name} {n}", "84", "01", "10") for n in range(count)]
    return table(COLUMNS, *rows)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "etablissements.csv.gz"
    path.write_bytes(gzip.compress(sites(20).encode()))
    return path


@pytest.fixture
def groups(tmp_path: Path) -> tuple[Path, Path]:
    first, second = tmp_path / "ght.csv", tmp_path / "ght_membres.csv"
    first.write_text(table(GROUP_COLUMNS, ("G1", "84", "Val-d’Hygie")))
    second.write_text(table(MEMBER_COLUMNS, ("G1", ENTITY, "CH d’Hygie", "support_presume")))
    return first, second


def hygie(*arguments: object) -> int:
    """Run the command line and return its exit code."""
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    code = left.value.code
    return code if isinstance(code, int) else 0


def test_a_clean_first_load_is_applied_at_once(file: Path, capsys: Capture) -> None:
    assert hygie("import", "finess", file) == 0

    assert Node.objects.filter(kind="et").count() == 20
    last = capsys.readouterr().out.splitlines()[-3:]
    assert last[0] == "22 changements, 20 lignes lues, 0 laissées de côté."
    assert "Appliqué" in last[1]
    assert "Ensuite : hygie round" in last[2]


@pytest.mark.usefixtures("groups")
def test_the_groups_beside_the_file_come_along_and_it_says_so(file: Path, capsys: Capture) -> None:
    assert hygie("import", "finess", file) == 0

    assert Node.objects.get(kind="ght").name == "GHT Val-d’Hygie"
    assert Node.objects.get(kind="ej").name == "CH d’Hygie"
    assert "GHT lus à côté : ght.csv et ght_membres.csv" in capsys.readouterr().err


@pytest.mark.usefixtures("groups")
def test_the_groups_beside_the_file_can_be_left_alone(file: Path) -> None:
    assert hygie("import", "finess", file, "--without-ght") == 0

    assert not Node.objects.filter(kind="ght").exists()


def test_groups_are_imported_alone(file: Path, groups: tuple[Path, Path]) -> None:
    hygie("import", "finess", file, "--without-ght")

    assert hygie("import", "ght", *groups, "--yes") == 0

    assert Node.objects.filter(kind="ght").count() == 1


def test_a_dry_run_leaves_the_database_as_it_is(file: Path, capsys: Capture) -> None:
    assert hygie("import", "finess", file, "--dry-run") == 0

    assert "Essai à blanc : rien n’est écrit." in capsys.readouterr().out
    assert_untouched()


def test_json_says_it_all_and_stderr_nothing(file: Path, capsys: Capture) -> None:
    assert hygie("import", "finess", file, "--format", "json", "--as-of", "2025-01-01") == 0

    captured = capsys.readouterr()
    answer = json.loads(captured.out)
    assert captured.err == ""
    assert answer["state"] == "applied"
    assert answer["as_of"] == "2025-01-01"
    assert answer["counts"] == {"opened": {"ars": 1, "ej": 1, "et": 20}}
    assert len(answer["changes"]) == 22


def test_json_of_a_dry_run_has_the_same_keys(file: Path, capsys: Capture) -> None:
    hygie("import", "finess", file, "--format", "json", "--dry-run")
    dry = json.loads(capsys.readouterr().out)
    hygie("import", "finess", file, "--format", "json")
    real = json.loads(capsys.readouterr().out)

    assert dry.keys() == real.keys()
    assert (dry["state"], dry["review"]) == ("dry_run", None)
    assert [line | {"line": None} for line in dry["changes"]] == [
        line | {"line": None} for line in real["changes"]
    ]


def test_away_from_a_terminal_a_difference_waits_and_says_how_to_go_on(
    file: Path, tmp_path: Path, capsys: Capture
) -> None:
    hygie("import", "finess", file)
    renamed = tmp_path / "renamed.csv"
    renamed.write_text(sites(20, name="Autre"))

    assert hygie("import", "finess", renamed) == 0

    review = Review.objects.get(state="proposed")
    output = capsys.readouterr().out
    assert f"Ensuite : hygie import review {review.pk} --apply (ou --drop)" in output
    assert "Autre 0 (avant : Site 0)" in output
    assert Node.objects.get(code=number(100)).name == "Site 0"

    assert hygie("import", "review") == 0
    assert f"{review.pk}  renamed.csv" in capsys.readouterr().out
    assert hygie("import", "review", review.pk) == 0
    assert "Autre 19 (avant : Site 19)" in capsys.readouterr().out
    assert hygie("import", "review", review.pk, "--apply") == 0
    assert Node.objects.get(code=number(100)).name == "Autre 0"
    assert hygie("import", "review", review.pk, "--drop") == 2
    assert "est close" in capsys.readouterr().err


def test_a_proposal_can_be_dropped(file: Path, tmp_path: Path, capsys: Capture) -> None:
    hygie("import", "finess", file)
    renamed = tmp_path / "renamed.csv"
    renamed.write_text(sites(20, name="Autre"))
    hygie("import", "finess", renamed)
    capsys.readouterr()

    assert hygie("import", "review", Review.objects.get(state="proposed").pk, "--drop") == 0

    assert "Abandonné" in capsys.readouterr().out
    hygie("import", "review")
    assert "Rien n’attend de relecture." in capsys.readouterr().out


@pytest.mark.parametrize(("answer", "name"), [("oui", "Autre 0"), ("", "Site 0")])
def test_on_a_terminal_it_asks(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, name: str
) -> None:
    hygie("import", "finess", file)
    renamed = tmp_path / "renamed.csv"
    renamed.write_text(sites(20, name="Autre"))
    monkeypatch.setattr("sys.stdin", Terminal(f"{answer}\n"))
    monkeypatch.setattr("sys.stdout", Terminal())

    assert hygie("import", "finess", renamed) == 0

    assert Node.objects.get(code=number(100)).name == name


class Terminal(io.StringIO):
    """A terminal as far as anybody asks."""

    def isatty(self) -> bool:
        return True


def test_yes_applies_but_never_a_file_that_closes_a_tenth(
    file: Path, tmp_path: Path, capsys: Capture
) -> None:
    hygie("import", "finess", file)
    half = tmp_path / "half.csv"
    half.write_text(sites(10))

    assert hygie("import", "finess", half, "--yes") == 0

    assert "ferme plus d’un dixième" in capsys.readouterr().out
    assert not Node.objects.filter(closed_on__isnull=False).exists()

    more = tmp_path / "more.csv"
    more.write_text(sites(21))
    assert hygie("import", "finess", more, "--yes") == 0
    assert Node.objects.filter(kind="et").count() == 21


def test_unreadable_lines_are_named_and_keep_the_rest_from_going_in_unread(
    tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "sites.csv"
    path.write_text(sites(3) + f"990100100,{ENTITY},Clé fausse,84,01,\n")

    assert hygie("import", "finess", path) == 0

    output = capsys.readouterr().out
    assert "ligne 5 : " in output
    assert "1 laissées de côté" in output
    assert Review.objects.get().state == "proposed"


def truncated() -> bytes:
    return gzip.compress(sites(500).encode())[:-30]


def zipped() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("etablissements.csv", b"0" * 10_000_000)
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(truncated(), id="truncated gzip"),
        pytest.param(b"finess;etalab;1;2026-01-01\n\x81\x8d\x00", id="binary"),
        pytest.param(sites(3).encode("utf-16"), id="wrong encoding"),
        pytest.param(
            sites(3, name="Hôpital").encode() + sites(3, name="Été").encode("cp1252"),
            id="two encodings",
        ),
        pytest.param(
            gzip.compress(b"finess_et,finess_ej\n" + b"a" * 20_000_000), id="gzip bomb, one line"
        ),
        pytest.param(zipped(), id="ZIP bomb"),
        pytest.param(
            b"finess;etalab;1;2026-01-01\nstructureet;990100109;990000101\n", id="column count"
        ),
        pytest.param(table(("finess_et", "nom"), ("a", "b")).encode(), id="columns missing"),
        pytest.param(b'{"version": 99, "structures": []}', id="unknown version"),
        pytest.param(b'{"pmej": [{"a": ' + b"[" * 5000, id="deep JSON"),
        pytest.param(b"", id="empty"),
    ],
)
def test_a_bad_file_is_one_line_and_an_untouched_database(
    content: bytes, tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "etablissements.csv.gz"
    path.write_bytes(content)

    assert hygie("import", "finess", path) == 3

    assert_one_line(capsys)
    assert_untouched()


def test_two_gigabytes_of_one_line_are_one_line(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "sites.csv"
    with path.open("wb") as sparse:
        sparse.write(b"finess_et,finess_ej,raison_sociale,region,departement\n9")
        sparse.truncate(2 << 30)

    assert hygie("import", "finess", path) == 3

    assert_one_line(capsys)
    assert_untouched()


def test_a_bad_file_of_groups_beside_a_good_one_refuses_both(
    file: Path, groups: tuple[Path, Path], capsys: Capture
) -> None:
    groups[1].write_bytes(b"\x00\x01\x02")

    assert hygie("import", "finess", file, "--format", "json") == 3

    assert_one_line(capsys)
    assert_untouched()


@pytest.mark.parametrize(
    "arguments",
    [
        ("finess", "x.csv", "--as-of", "demain"),
        ("finess", "x.csv", "--format", "yaml"),
        ("ght", "x.csv", "--format", "yaml"),
        ("review", "1", "--apply", "--drop"),
        ("review", "999"),
    ],
)
def test_bad_use_is_one_line(arguments: tuple[str, ...], capsys: Capture) -> None:
    assert hygie("import", *arguments) == 2

    assert_one_line(capsys)


def test_a_file_that_is_not_there_is_bad_input(tmp_path: Path, capsys: Capture) -> None:
    assert hygie("import", "ght", tmp_path / "absent.csv") == 3

    assert "introuvable" in capsys.readouterr().err


def test_every_level_has_its_word() -> None:
    assert list(LEVELS) == ["nation", "ars", "ght", "ej", "et"]
    assert GROUPS_BESIDE == ("ght.csv", "ght_membres.csv")


def assert_one_line(capsys: Capture) -> None:
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1, captured.err
    assert captured.err.startswith("Erreur : ")


def assert_untouched() -> None:
    assert not Review.objects.exists()
    assert not Node.objects.exists()
    assert not Entry.objects.exists()
