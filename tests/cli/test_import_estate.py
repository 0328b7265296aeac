"""`hygie import sbom | estate`: what an operator types, reads and gets."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.domain.places import make_node, make_site
from tests.realdata import shared

from hygie.cli.estate_outcome import SHOWN
from hygie.cli.import_estate import GUESSED
from hygie.cli.main import main
from hygie.cli.sites import site_of
from hygie.domain.estate.models import Asset, Installed, Mapping, Source
from hygie.domain.journal.models import Entry
from hygie.domain.territory.models import Kind, Node
from hygie.vocabulary.errors import UsageError
from hygie.vocabulary.finess import FinessError

pytestmark = pytest.mark.django_db

Capture = pytest.CaptureFixture[str]

HERE, ELSEWHERE = "990000101", "990000093"
DEVICES = "Désignation;Fabricant;Modèle;Version;Criticité;Nombre;Couleur\n"
PUMP = "Pompe;Exemple SA;P1;2.4;vitale;3;bleu\n"
SCANNER = "Scanner;Exemple SA;S9;1.0;importante;1;gris\n"


@pytest.fixture(autouse=True)
def site() -> Node:
    node = make_site()
    Node.objects.filter(pk=node.pk).update(code=HERE)
    node.refresh_from_db()
    return node


def write(folder: Path, text: str | bytes, name: str = "parc.csv") -> str:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["import", *arguments, "--site", HERE])
    return int(ended.value.code or 0)


def bill(*names: str, subject: str = "Portail") -> str:
    return json.dumps(
        {
            "bomFormat": "CycloneDX",
            "specVersion": "1.5",
            "metadata": {"component": {"type": "application", "name": subject, "version": "3.1"}},
            "components": [{"type": "library", "name": name, "version": "1.0"} for name in names],
        }
    )


def nothing_was_written() -> bool:
    tables: tuple[Any, ...] = (Asset, Source, Installed, Mapping, Entry)
    return not any(model.objects.exists() for model in tables)


def test_an_inventory_is_read_shown_and_written(tmp_path: Path, capsys: Capture) -> None:
    assert run("estate", write(tmp_path, DEVICES + PUMP + SCANNER)) == 0

    said = capsys.readouterr().out
    assert "Colonnes non reprises : Couleur" in said
    assert "2 ajoutés, 0 modifiés, 0 retirés, 0 inchangés." in said
    assert f"Ensuite : hygie round --scope {HERE}" in said
    pump = Asset.objects.get(name="Pompe")
    assert (pump.vendor, pump.version, pump.quantity) == ("Exemple SA", "2.4", 3)
    assert Entry.objects.get().actor.endswith("(ligne de commande)")


def test_a_dry_run_shows_the_difference_and_writes_nothing(tmp_path: Path, capsys: Capture) -> None:
    assert run("estate", write(tmp_path, DEVICES + PUMP), "--dry-run") == 0

    assert "Rien n’est écrit." in capsys.readouterr().out
    assert nothing_was_written()


def test_the_next_file_shows_what_changed_and_went(tmp_path: Path, capsys: Capture) -> None:
    run("estate", write(tmp_path, DEVICES + PUMP + SCANNER))
    capsys.readouterr()

    run("estate", write(tmp_path, DEVICES + PUMP.replace("2.4", "2.5")))

    said = capsys.readouterr().out
    assert "version : 2.4 → 2.5" in said
    assert "0 ajoutés, 1 modifiés, 1 retirés, 0 inchangés." in said


def test_json_is_whole_silent_and_stable(tmp_path: Path, capsys: Capture) -> None:
    many = "".join(f"D{i};E;M{i};1;;1;x\n" for i in range(SHOWN + 5))

    assert run("estate", write(tmp_path, DEVICES + many), "--format", "json") == 0

    captured = capsys.readouterr()
    answer = json.loads(captured.out)
    assert captured.err == ""
    assert (answer["kind"], answer["site"], answer["applied"]) == ("devices", HERE, True)
    assert answer["columns"]["manufacturer"] == "Fabricant"
    assert len(answer["added"]) == SHOWN + 5


def test_rows_in_error_refuse_the_file_whole(tmp_path: Path, capsys: Capture) -> None:
    file = write(tmp_path, DEVICES + PUMP + ";E;M;;énorme;1;x\n")

    assert run("estate", file) == 3

    captured = capsys.readouterr()
    [line] = captured.err.strip().splitlines()
    assert "ligne 3, Criticité" in line
    assert "--skip-errors" in line
    assert "Quoi corriger" in captured.out
    assert nothing_was_written()


def test_the_good_rows_may_be_asked_for_and_the_others_are_counted(
    tmp_path: Path, capsys: Capture
) -> None:
    file = write(tmp_path, DEVICES + PUMP + ";E;M;;énorme;1;x\n")

    assert run("estate", file, "--skip-errors") == 0

    assert "laissées de côté : 1 en erreur" in capsys.readouterr().out
    assert Asset.objects.get().name == "Pompe"


def test_errors_in_json_are_listed_and_nothing_is_applied(tmp_path: Path, capsys: Capture) -> None:
    file = write(tmp_path, DEVICES + ";E;M;;énorme;1;x\n")

    assert run("estate", file, "--format", "json") == 3

    answer = json.loads(capsys.readouterr().out)
    assert answer["problems"][0]["line"] == 2
    assert answer["applied"] is False


def test_rows_of_other_establishments_are_left_aside(tmp_path: Path, capsys: Capture) -> None:
    text = f"Domaine;N° FINESS\nici.example;{HERE}\nla-bas.example;{ELSEWHERE}\n"

    assert run("estate", write(tmp_path, text)) == 0

    said = capsys.readouterr().out
    assert "1 d’autres établissements" in said
    assert f"Ensuite : hygie mandate sign --site {HERE}" in said
    assert Asset.objects.get().name == "ici.example"


def test_a_file_without_a_row_for_the_place_removes_nothing(tmp_path: Path) -> None:
    run("estate", write(tmp_path, "Domaine\nici.example\n"))

    assert run("estate", write(tmp_path, "Domaine\n")) == 3
    assert Asset.objects.get().removed_at is None


def test_columns_by_hand_are_kept_under_a_name_and_reused(tmp_path: Path, capsys: Capture) -> None:
    file = write(tmp_path, "Qui;Quoi\nExemple SA;P1\n")
    columns = ("--column", "manufacturer=Qui", "--column", "model=Quoi")

    assert run("estate", file, "--kind", "devices", *columns, "--save-mapping", "GMAO") == 0
    assert run("estate", file, "--mapping", "GMAO") == 0

    assert Mapping.objects.get().columns == {"manufacturer": "Qui", "model": "Quoi"}
    assert "0 ajoutés, 0 modifiés, 0 retirés, 1 inchangés." in capsys.readouterr().out


def test_each_sheet_of_a_workbook_replaces_only_itself(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("Bloc", "Urgences"):
        sheet = book.create_sheet(name)
        sheet.append(["Fabricant", "Modèle"])
        sheet.append(["Exemple SA", name])
    path = tmp_path / "parc.xlsx"
    book.save(path)

    for name in ("Bloc", "Urgences"):
        assert run("estate", str(path), "--sheet", name) == 0

    assert Asset.objects.filter(removed_at__isnull=True).count() == 2


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b" " * (300 << 20))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "options"),
    [
        pytest.param(b"PK\x03\x04" + b"\0" * 40, [], id="truncated workbook"),
        pytest.param(b'Domaine;Usage\n"ici.example;sans fin', [], id="truncated quotes"),
        pytest.param(b"\x1f\x8b\x08\0\0\0\0\0\0\x03abc", [], id="truncated gzip"),
        pytest.param("Domaine\nici.example\n".encode("utf-16"), [], id="wrong encoding"),
        pytest.param(b"Domaine\nici.exa\x81mple\n", [], id="no encoding"),
        pytest.param(b"", [], id="empty"),
        pytest.param(b"\0\1\2", [], id="binary"),
        pytest.param(b"Modele\nP1\n", ["--kind", "devices"], id="missing column"),
        pytest.param(b"Domaine\nx.example\n", ["--column", "name=Absente"], id="absent column"),
        pytest.param(b"Domaine;Domaine\na;b\n", [], id="twice the same column"),
    ],
)
def test_a_bad_file_is_one_line_exit_3_and_an_unchanged_database(
    tmp_path: Path, capsys: Capture, content: bytes, options: list[str]
) -> None:
    code = run("estate", write(tmp_path, content), *(options or ["--kind", "domains"]))

    [line] = capsys.readouterr().err.strip().splitlines()
    assert (code, nothing_was_written()) == (3, True)
    assert "parc.csv" in line


def test_a_bomb_is_one_line_exit_3_and_an_unchanged_database(
    tmp_path: Path, capsys: Capture
) -> None:
    assert run("estate", write(tmp_path, bomb(), "parc.xlsx")) == 3

    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert nothing_was_written()


@pytest.mark.parametrize(
    "options",
    [
        ["--kind", "planets"],
        ["--mapping", "absente"],
        ["--column", "name"],
        ["--column", "couleur=Couleur"],
        ["--save-mapping", "x" * 81],
        ["--format", "xml"],
    ],
)
def test_a_bad_option_is_one_line_and_exit_2(
    tmp_path: Path, capsys: Capture, options: list[str]
) -> None:
    assert run("estate", write(tmp_path, DEVICES + PUMP), *options) == 2

    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert nothing_was_written()


def test_the_guessed_kind_may_be_named(tmp_path: Path) -> None:
    assert run("estate", write(tmp_path, DEVICES + PUMP), "--kind", GUESSED) == 0


def test_an_sbom_makes_its_application_with_its_components(tmp_path: Path, capsys: Capture) -> None:
    file = write(tmp_path, bill("zlib", "openssl"), "portail.cdx.json")

    assert run("sbom", file, "--criticality", "vital") == 0

    asset = Asset.objects.get()
    assert (asset.name, asset.version, asset.criticality) == ("Portail", "3.1", "vital")
    assert "3 composants ajoutés, 0 retirés, 0 inchangés" in capsys.readouterr().out


def test_a_newer_sbom_shows_what_comes_and_goes(tmp_path: Path, capsys: Capture) -> None:
    run("sbom", write(tmp_path, bill("zlib", "openssl"), "p.json"))
    capsys.readouterr()

    assert run("sbom", write(tmp_path, bill("zlib", "curl"), "p.json"), "--format", "json") == 0

    captured = capsys.readouterr()
    [answer] = json.loads(captured.out)
    assert captured.err == ""
    assert [component["name"] for component in answer["added"]] == ["curl"]
    assert answer["removed"] == ["openssl 1.0"]
    assert (answer["same"], answer["new_asset"], answer["applied"]) == (2, False, True)


def test_an_sbom_is_tried_dry(tmp_path: Path) -> None:
    assert run("sbom", write(tmp_path, bill("zlib")), "--dry-run") == 0

    assert nothing_was_written()


def test_an_sbom_goes_to_the_asset_that_is_named(tmp_path: Path) -> None:
    run("estate", write(tmp_path, DEVICES + SCANNER))

    assert run("sbom", write(tmp_path, bill("zlib"), "s.json"), "--asset", "Scanner") == 0

    scanner = Asset.objects.get()
    names = {held.product.name for held in scanner.installed.all()}
    assert (scanner.kind, names) == ("device", {"S9", "Portail", "zlib"})


def test_the_inventory_is_kept_when_the_sbom_says_another_version(
    tmp_path: Path, capsys: Capture
) -> None:
    run("estate", write(tmp_path, "Application;Version;Éditeur\nPortail;3.0;E\n"))

    assert run("sbom", write(tmp_path, bill("zlib"), "p.json")) == 0

    assert "L’inventaire dit 3.0, le SBOM 3.1" in capsys.readouterr().out
    assert Asset.objects.get().version == "3.0"


def test_one_bad_sbom_of_two_leaves_the_database_unchanged(tmp_path: Path, capsys: Capture) -> None:
    good = write(tmp_path, bill("zlib"), "bon.json")
    bad = write(tmp_path, bill("zlib")[:-20], "coupe.json")

    assert run("sbom", good, bad) == 3

    [line] = capsys.readouterr().err.strip().splitlines()
    assert "coupe.json" in line
    assert nothing_was_written()


def test_two_sboms_of_one_application_are_refused(tmp_path: Path) -> None:
    files = [write(tmp_path, bill("zlib"), f"{n}.json") for n in "ab"]

    assert run("sbom", *files) == 2
    assert run("sbom", *files, "--asset", "Portail") == 2
    assert nothing_was_written()


@pytest.mark.parametrize("options", [["--criticality", "bof"], ["--format", "xml"]])
def test_a_bad_option_of_an_sbom_is_exit_2(tmp_path: Path, options: list[str]) -> None:
    assert run("sbom", write(tmp_path, bill("zlib")), *options) == 2


def test_a_site_is_an_establishment_that_exists() -> None:
    entity = make_node(Kind.EJ, "Entité")
    site = make_node(Kind.ET, "CH d’Essai", above=(entity,))

    assert site_of(f" {HERE[:5]} {HERE[5:]} ").code == HERE
    with pytest.raises(UsageError, match=site.code):
        site_of(entity.code)
    with pytest.raises(UsageError, match="aucun établissement"):
        site_of(ELSEWHERE)
    with pytest.raises(FinessError):
        site_of("990000102")


@pytest.mark.parametrize(
    "name", ["pacs-orthanc-debian12.cdx.json.gz", "ohif-viewer-4.12.51.spdx.json.gz"]
)
def test_a_real_sbom_is_imported(name: str, capsys: Capture) -> None:
    file = shared(f"sbom/{name}")

    assert run("sbom", str(file), "--asset", "Imagerie", "--format", "json") == 0

    [answer] = json.loads(capsys.readouterr().out)
    assert len(answer["added"]) == Installed.objects.count() > 50
